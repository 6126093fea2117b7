-- Figures that fit better in another row or column than in their own, and rows that are another year's again. One row
-- is a check, publication, council or line, and what it was exchanged with; limits are in plausibility_checks.
-- Amounts are compared by their logarithms, in floating point: nothing is computed from them but a distance.
with money as {{ evaluated_once() }} (
    select
        publication, financial_year, other_publication, body_code, council_code, council_name, line_code, line_name,
        source_column, form, starts, is_standing, cast(amount_gbp as double) as amount, cast(other_amount_gbp as double) as other_amount
    from {{ ref('audit_council_money') }}
),

logs as {{ evaluated_once() }} (
    select publication, body_code, line_code, ln(abs(amount)) as size
    from money
    where abs(amount) >= 200000
),

-- A council's row against its own row of the nearest other year.
own as {{ evaluated_once() }} (
    select
        publication, financial_year, other_publication, body_code, council_code, council_name,
        median(abs(ln(cast(abs(amount) as double) / abs(other_amount)))) as distance,
        avg(cast(amount = other_amount as integer)) as same_share, count(*) as figures
    from money
    where abs(amount) >= 200000 and abs(other_amount) >= 200000
    group by publication, financial_year, other_publication, body_code, council_code, council_name
    having count(*) >= 7
),

repeated as (
    select
        'row_repeated_from_another_year' as check_name, publication, financial_year, council_code, council_name,
        '' as item, 'its whole row' as item_name, other_publication as compared_with, same_share as factor
    from own
),

suspects as {{ evaluated_once() }} (
    select * from own where distance > 0.1
),

bodies as (
    select publication, body_code, any_value(council_name) as council_name from money group by publication, body_code
),

rows_ as {{ evaluated_once() }} (
    select s.publication, s.other_publication, s.body_code, l.line_code, l.size
    from suspects as s
    inner join logs as l on s.publication = l.publication and s.body_code = l.body_code
),

earlier as {{ evaluated_once() }} (
    select o.publication, l.body_code, l.line_code, l.size
    from (select distinct publication, other_publication from suspects) as o
    inner join logs as l on o.other_publication = l.publication
),

-- Whose earlier row it may be: one that is as much in all. So most pairs are never compared line by line.
whole_rows as {{ evaluated_once() }} (
    select publication, body_code, ln(sum(exp(size))) as size from logs group by publication, body_code
),

alike as {{ evaluated_once() }} (
    select s.publication, s.other_publication, s.body_code, o.body_code as other_body
    from suspects as s
    inner join whole_rows as n on s.publication = n.publication and s.body_code = n.body_code
    inner join whole_rows as o on s.other_publication = o.publication and s.body_code != o.body_code
    where abs(n.size - o.size) < 0.4
),

crossed as {{ evaluated_once() }} (
    select p.publication, p.body_code, p.other_body, median(abs(n.size - o.size)) as distance
    from alike as p
    inner join rows_ as n on p.publication = n.publication and p.body_code = n.body_code
    inner join earlier as o
        on p.publication = o.publication and p.other_body = o.body_code and n.line_code = o.line_code
    group by p.publication, p.body_code, p.other_body
),

exchanged as (
    select
        'rows_exchanged' as check_name, s.publication, s.financial_year, s.council_code, s.council_name,
        t.council_name as item, 'the row of ' || t.council_name as item_name,
        s.other_publication as compared_with,
        (a.distance + b.distance) / (s.distance + t.distance) as factor
    from crossed as a
    inner join crossed as b
        on a.publication = b.publication and a.body_code = b.other_body and a.other_body = b.body_code
    inner join suspects as s on a.publication = s.publication and a.body_code = s.body_code
    inner join suspects as t on a.publication = t.publication and a.other_body = t.body_code
),

-- One row that fits another council's earlier row, whatever became of that council: rows shifted down a list. Only
-- forms of many lines say so much; a summary of ten lines fits a stranger by chance.
strangers as (
    select
        'row_of_another_council' as check_name, s.publication, s.financial_year, s.council_code, s.council_name,
        c.item as item, 'nearest to the row of ' || c.item as item_name, s.other_publication as compared_with,
        c.distance / s.distance as factor
    from suspects as s
    inner join (
        select
            x.publication, x.body_code, min(x.distance) as distance, min_by(b.council_name, x.distance) as item
        from crossed as x
        inner join bodies as b on x.publication = b.publication and x.other_body = b.body_code
        group by x.publication, x.body_code
    ) as c on s.publication = c.publication and s.body_code = c.body_code
    where s.figures >= 20
),

-- A line's column against its own column, and against each column near it, of the nearest other year.
columns_ as {{ evaluated_once() }} (
    select
        publication, line_code, any_value(line_name) as line_name, min(source_column) as source_column,
        any_value(financial_year) as financial_year, any_value(other_publication) as other_publication,
        sum(abs(amount)) as total, greatest(sum(abs(other_amount)), 1) as other_total
    from money
    group by publication, line_code
    having sum(abs(amount)) > 10000000
),

near as {{ evaluated_once() }} (
    select a.publication, a.other_publication, a.line_code, b.line_code as other_line
    from columns_ as a
    inner join columns_ as b on a.publication = b.publication
    inner join columns_ as c on a.other_publication = c.publication and b.line_code = c.line_code
    where
        abs(a.source_column - b.source_column) <= 8
        -- Columns further apart, where their totals too fit each other's earlier totals better than their own.
        or abs(ln(cast(a.total as double) / b.other_total)) + abs(ln(cast(b.total as double) / a.other_total))
        < abs(ln(cast(a.total as double) / a.other_total)) + abs(ln(cast(b.total as double) / b.other_total))
),

cells as {{ evaluated_once() }} (
    select p.publication, p.other_publication, p.line_code, p.other_line, n.body_code, n.amount
    from near as p
    inner join money as n on p.publication = n.publication and p.line_code = n.line_code
),

apart as {{ evaluated_once() }} (
    select
        n.publication, n.line_code, n.other_line,
        cast(sum(abs(n.amount - o.amount)) as double) / nullif(sum(abs(n.amount) + abs(o.amount)), 0) as distance
    from cells as n
    inner join money as o
        on n.other_publication = o.publication and n.other_line = o.line_code and n.body_code = o.body_code
    group by n.publication, n.line_code, n.other_line
),

lines_exchanged as (
    select
        'lines_exchanged' as check_name, a.publication, i.financial_year, '' as council_code, '' as council_name,
        a.line_code || ' and ' || a.other_line as item, i.line_name || ' and ' || j.line_name as item_name,
        i.other_publication as compared_with, (a.distance + b.distance) / nullif(x.distance + y.distance, 0) as factor
    from apart as a
    inner join apart as b on a.publication = b.publication and a.line_code = b.other_line and a.other_line = b.line_code
    inner join apart as x on a.publication = x.publication and a.line_code = x.line_code and x.line_code = x.other_line
    inner join apart as y on b.publication = y.publication and b.line_code = y.line_code and y.line_code = y.other_line
    inner join columns_ as i on a.publication = i.publication and a.line_code = i.line_code
    inner join columns_ as j on a.publication = j.publication and a.other_line = j.line_code
    where a.line_code < a.other_line
),

-- Of three publications of a form in a row, the middle one is nearer to the first than the last is; where years are
-- missing between them that need not be so.
in_a_row as (
    select
        form, publication, financial_year,
        lag(publication) over (partition by form order by starts) as earlier,
        lead(publication) over (partition by form order by starts) as later,
        lead(starts) over (partition by form order by starts) - lag(starts) over (partition by form order by starts) as years_spanned
    from (select distinct form, publication, financial_year, starts from money where is_standing)
),

years_apart as {{ evaluated_once() }} (
    select p.publication, p.other, median(abs(a.size - b.size)) as distance
    from (
        select earlier as publication, publication as other from in_a_row
        union
        select earlier, later from in_a_row
    ) as p
    inner join logs as a on p.publication = a.publication
    inner join logs as b on p.other = b.publication and a.body_code = b.body_code and a.line_code = b.line_code
    group by p.publication, p.other
),

years_exchanged as (
    select
        'years_exchanged' as check_name, i.publication, i.financial_year, '' as council_code, '' as council_name,
        i.later as item, 'all lines, with ' || i.later as item_name, i.earlier as compared_with,
        n.distance / nullif(f.distance, 0) as factor
    from in_a_row as i
    inner join years_apart as n on i.earlier = n.publication and i.publication = n.other
    inner join years_apart as f on i.earlier = f.publication and i.later = f.other
    where i.years_spanned <= 4
),

findings as (
    select * from repeated
    union all
    select * from exchanged
    union all
    select * from strangers
    union all
    select * from lines_exchanged
    union all
    select * from years_exchanged
)

select
    t.check_name, t.publication, t.financial_year, t.council_code, t.council_name, t.item, t.item_name,
    t.compared_with, cast(null as decimal(18, 2)) as expected, cast(null as decimal(18, 2)) as observed, t.factor
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
