-- What a council's own row tells against it: two of its lines exchanged, figures that are whole millions, and a row in a
-- year in which the council was not. One row is a check, publication, council and line outside limits.
with money as (
    select *, cast(amount_gbp as double) as amount, cast(other_amount_gbp as double) as other_amount
    from {{ ref('audit_council_money') }}
    where body_code is not null
),

-- Lines that moved far, one up and one down; exchanged, they did not move. Distances are of logarithms.
moved as {{ evaluated_once() }} (
    select *
    from money
    where
        not is_total and section = 'adult_social_care' and amount >= 2000000 and other_amount >= 2000000
        and abs(ln(cast(amount as double) / other_amount)) > 0.6
),

lines_exchanged as (
    select
        'council_lines_exchanged' as check_name, a.publication, a.financial_year, a.council_code, a.council_name,
        a.line_code || ' and ' || b.line_code as item, a.line_name || ' and ' || b.line_name as item_name,
        a.other_publication as compared_with,
        (abs(ln(cast(a.amount as double) / b.other_amount)) + abs(ln(cast(b.amount as double) / a.other_amount)))
        / (abs(ln(cast(a.amount as double) / a.other_amount)) + abs(ln(cast(b.amount as double) / b.other_amount))) as factor
    from moved as a
    inner join moved as b on a.publication = b.publication and a.body_code = b.body_code and a.line_code < b.line_code
    where (a.amount > a.other_amount) != (b.amount > b.other_amount)
),

rounded as (
    select
        'row_of_whole_millions' as check_name, publication, any_value(financial_year) as financial_year,
        any_value(council_code) as council_code, any_value(council_name) as council_name, '' as item,
        'its whole row' as item_name, 'whole millions of pounds' as compared_with,
        avg(cast(amount_gbp % 1000000 = 0 as integer)) as factor
    from money
    where abs(amount_gbp) >= 500000
    group by publication, body_code
    having count(*) >= 10
),

-- A council that had ended before the year: its successors hold its money, and beside them it is counted twice.
ended as (
    select
        'council_of_another_year' as check_name, f.release_of as publication, f.financial_year,
        max(r.council_code) as council_code, any_value(r.council_name) as council_name, 'row' as item,
        'its row' as item_name, 'the councils of the year' as compared_with, 1.0 as factor
    from {{ ref('fct_budget_line_edition') }} as f
    inner join {{ ref('stg_register__authorities') }} as r on f.body_code = r.ecode
    where
        f.is_serving and f.body_kind != 'control' and f.amount_gbp is not null
        and left(r.council_code, 3) in ('E06', 'E07', 'E08', 'E09', 'E10')
    group by f.release_of, f.financial_year, f.body_code
    having
        max(coalesce(r.ended_on, date '9999-01-01'))
        < make_date(cast(left(f.financial_year, 4) as integer), 4, 1)
),

findings as (
    select * from lines_exchanged
    union all
    select * from rounded
    union all
    select * from ended
)

select
    t.check_name, t.publication, t.financial_year, t.council_code, t.council_name, t.item, t.item_name,
    t.compared_with, cast(null as decimal(18, 2)) as expected, cast(null as decimal(18, 2)) as observed, t.factor
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
