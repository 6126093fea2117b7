-- Figures of one publication that contradict each other, or are another row's or another measure's: expenditure,
-- income and net that do not add up, two measures' columns exchanged, one council's figures under another's name,
-- and a row that is another year's times one factor. One row is a check, publication, council or line outside limits.
with measures as {{ evaluated_once() }} (
    select
        release_of as publication, source, financial_year, cast(left(financial_year, 4) as integer) as starts,
        body_code, body_kind, council_code, body_name, line_code, line_name, measure, amount_gbp
    from {{ ref('fct_budget_line_edition') }}
    where is_serving and source in ('ro3', 'ro4', 'ro5', 'rsx') and amount_gbp is not null and body_kind != 'control'
),

parts as (
    select
        publication, financial_year, body_code, any_value(council_code) as council_code,
        any_value(body_name) as body_name, line_code, any_value(line_name) as line_name,
        sum(amount_gbp) filter (where measure = 'employees') + sum(amount_gbp) filter (where measure = 'running_expenses')
            as spent,
        sum(amount_gbp) filter (where measure = 'total_expenditure') as expenditure,
        sum(amount_gbp) filter (where measure = 'sales_fees_and_charges')
        + sum(amount_gbp) filter (where measure = 'other_income') as received,
        sum(amount_gbp) filter (where measure = 'total_income') as income,
        sum(amount_gbp) filter (where measure = 'net_current_expenditure') as net
    from measures
    group by publication, financial_year, body_code, line_code
),

-- Each figure is printed to the thousand, or was rounded to it before.
additions as (
    select
        'measures_do_not_add_up' as check_name, p.publication, p.financial_year,
        coalesce(p.council_code, p.body_code) as council_code, p.body_name as council_name,
        p.line_code || ' ' || a.item as item, p.line_name || ', ' || a.item_name as item_name,
        a.compared_with, cast(a.expected as decimal(18, 2)) as expected, cast(a.observed as decimal(18, 2)) as observed,
        cast(a.observed - a.expected as double) as factor
    from parts as p
    cross join lateral (
        select
            'net' as item, 'net current expenditure' as item_name, 'its expenditure less its income' as compared_with,
            p.expenditure - p.income as expected, p.net as observed
        union all
        select 'expenditure', 'total expenditure', 'its employees and running expenses', p.spent, p.expenditure
        union all
        select 'income', 'total income', 'its sales, fees, charges and other income', p.received, p.income
    ) as a
),

editions as (
    select
        n.publication, o.publication as other_publication
    from (select distinct publication, source, starts from measures) as n
    inner join (select distinct publication, source, starts from measures) as o
        on n.source = o.source and n.starts != o.starts
    qualify
        row_number() over (
            partition by n.publication order by o.starts > n.starts, abs(o.starts - n.starts), o.publication
        ) = 1
),

columns_ as (
    select publication, line_code, measure
    from measures
    where body_kind = 'council'
    group by publication, line_code, measure
    having sum(abs(amount_gbp)) > 5000000
),

measures_apart as {{ evaluated_once() }} (
    select
        n.publication, n.line_code, n.measure, o.measure as other_measure,
        any_value(e.other_publication) as other_publication, any_value(n.financial_year) as financial_year,
        any_value(n.line_name) as line_name,
        cast(sum(abs(n.amount_gbp - o.amount_gbp)) as double)
        / nullif(cast(sum(abs(n.amount_gbp) + abs(o.amount_gbp)) as double), 0) as distance
    from editions as e
    inner join measures as n on e.publication = n.publication and n.body_kind = 'council'
    inner join measures as o
        on e.other_publication = o.publication and n.body_code = o.body_code and n.line_code = o.line_code
    inner join columns_ as c
        on n.publication = c.publication and n.line_code = c.line_code and n.measure = c.measure
    group by n.publication, n.line_code, n.measure, o.measure
),

measures_exchanged as (
    select
        'measures_exchanged' as check_name, a.publication, a.financial_year, '' as council_code, '' as council_name,
        a.line_code || ' ' || a.measure || ' and ' || a.other_measure as item,
        a.line_name || ', ' || replace(a.measure, '_', ' ') || ' and ' || replace(a.other_measure, '_', ' ')
            as item_name,
        a.other_publication as compared_with,
        (a.distance + b.distance) / nullif(x.distance + y.distance, 0) as factor
    from measures_apart as a
    inner join measures_apart as b
        on
            a.publication = b.publication and a.line_code = b.line_code
            and a.measure = b.other_measure and a.other_measure = b.measure
    inner join measures_apart as x
        on
            a.publication = x.publication and a.line_code = x.line_code
            and a.measure = x.measure and x.measure = x.other_measure
    inner join measures_apart as y
        on
            b.publication = y.publication and b.line_code = y.line_code
            and b.measure = y.measure and y.measure = y.other_measure
    where a.measure < a.other_measure
),

money as {{ evaluated_once() }} (
    select
        publication, financial_year, body_code, council_code, council_name, other_publication, line_code,
        cast(amount_gbp as double) as amount, cast(other_amount_gbp as double) as other_amount
    from {{ ref('audit_council_money') }}
    where abs(amount_gbp) >= 200000
),

held as (
    select publication, body_code, count(*) as figures from money group by publication, body_code
),

alike as (
    select
        'rows_alike' as check_name, a.publication, any_value(a.financial_year) as financial_year,
        any_value(a.council_code) as council_code, any_value(a.council_name) as council_name,
        any_value(b.council_name) as item, 'the same figures as ' || any_value(b.council_name) as item_name,
        'the row of ' || any_value(b.council_name) as compared_with,
        count(*) / any_value(least(h.figures, i.figures)) as factor
    from money as a
    inner join money as b
        on
            a.publication = b.publication and a.line_code = b.line_code and a.amount = b.amount
            and a.body_code < b.body_code
    inner join held as h on a.publication = h.publication and a.body_code = h.body_code
    inner join held as i on b.publication = i.publication and b.body_code = i.body_code
    group by a.publication, a.body_code, b.body_code
    having count(*) >= 4
),

moves as (
    select *, ln(cast(amount as double) / other_amount) as move
    from money
    where abs(amount) >= 1000000 and abs(other_amount) >= 1000000 and amount * other_amount > 0
),

usual as (
    select publication, body_code, median(move) as move
    from moves
    group by publication, body_code
    having count(*) >= 7
),

-- Most lines of a council moved by one and the same factor: last year's row, put up or down.
scaled as (
    select
        'row_scaled_from_another_year' as check_name, m.publication, any_value(m.financial_year) as financial_year,
        any_value(m.council_code) as council_code, any_value(m.council_name) as council_name, '' as item,
        'its whole row' as item_name, any_value(m.other_publication) as compared_with,
        avg(cast(abs(m.move - u.move) < 0.001 as integer)) as factor
    from moves as m
    inner join usual as u on m.publication = u.publication and m.body_code = u.body_code
    group by m.publication, m.body_code
),

-- Every form lists all councils of its year, those without a return too: one that is not there has been lost.
listed as (
    select distinct release_of as publication, financial_year, council_code
    from {{ ref('fct_budget_line_edition') }}
    where is_serving and body_kind = 'council'
),

expected_councils as (
    select l.publication, l.financial_year, c.council_code, c.council_name
    from (select distinct publication, financial_year from listed) as l
    inner join {{ ref('dim_council') }} as c
        on l.financial_year >= c.valid_from_year and l.financial_year <= coalesce(c.valid_to_year, '9999-00')
),

missing as (
    select
        'council_missing' as check_name, e.publication, e.financial_year, e.council_code, e.council_name,
        'row' as item, 'its row' as item_name, 'the councils of the year' as compared_with,
        cast(l.council_code is not null as integer) as factor
    from expected_councils as e
    left join listed as l on e.publication = l.publication and e.council_code = l.council_code
    -- A file of a few councils is another kind of file.
    qualify avg(cast(l.council_code is not null as integer)) over (partition by e.publication) >= 0.8
),

without_amounts as (
    select * from measures_exchanged
    union all
    select * from missing
    union all
    select * from alike
    union all
    select * from scaled
),

findings as (
    select * from additions
    union all
    select
        check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
        null, null, factor
    from without_amounts
)

select t.*
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
