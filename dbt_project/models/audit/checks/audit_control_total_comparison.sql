-- Every total a publication prints beside the sum of the authorities it is the total of, in the serving edition:
-- every line and measure, England and each class. Only figures count: a blank or a marker is not compared.
with cells as (
    select release_id, release_of, source, financial_year, statement, is_verified, body_code, body_class, body_kind,
        line_code, measure, amount_gbp, flag
    from {{ ref('fct_budget_line_edition') }}
    where is_serving and marker is distinct from 'not_money'
),

releases as (
    select distinct release_id, release_of, source, financial_year, statement, is_verified from cells
),

authorities as (
    select c.*, g.group_code
    from cells as c
    left join {{ ref('outturn_class_groups') }} as g
        on c.body_class = g.body_class and (g.ecode_prefix is null or left(c.body_code, length(g.ecode_prefix)) = g.ecode_prefix)
    where c.body_kind != 'control'
),

by_class as (
    select
        release_id,
        body_class,
        group_code,
        line_code,
        measure,
        cast(sum(amount_gbp) as decimal(18, 2)) as observed,
        count(amount_gbp) as compared,
        count(*) filter (where flag = 'no_return') as not_returned
    from authorities
    group by release_id, body_class, group_code, line_code, measure
),

-- Totals of a class are under its letters in budgets and summaries, under its code in the other forms and again in later
-- budgets.
sums as (
    select release_id, body_class as group_code, line_code, measure,
        cast(sum(observed) as decimal(18, 2)) as observed, sum(compared) as compared, sum(not_returned) as not_returned
    from by_class
    group by release_id, body_class, line_code, measure
    union all
    select release_id, group_code, line_code, measure,
        cast(sum(observed) as decimal(18, 2)) as observed, sum(compared) as compared, sum(not_returned) as not_returned
    from by_class
    where group_code is not null
    group by release_id, group_code, line_code, measure
    union all
    select
        release_id,
        'Eng' as group_code,
        line_code,
        measure,
        cast(sum(observed) as decimal(18, 2)) as observed,
        sum(compared) as compared,
        sum(not_returned) as not_returned
    from by_class
    group by release_id, line_code, measure
),

totals as (
    select release_id, body_code as group_code, line_code, measure, amount_gbp as expected
    from cells
    where body_kind = 'control'
)

select
    r.release_of,
    r.source,
    r.financial_year,
    r.statement,
    r.is_verified,
    t.group_code,
    t.line_code,
    t.measure,
    t.expected,
    s.observed,
    cast(s.observed - t.expected as decimal(18, 2)) as difference,
    cast(greatest(s.compared * p.per_body_gbp, 1) as decimal(18, 2)) as tolerance,
    cast(s.compared as integer) as compared,
    cast(s.not_returned as integer) as not_returned
from totals as t
inner join releases as r on t.release_id = r.release_id
inner join {{ ref('reconciliation_rounding') }} as p on r.source = p.source
inner join sums as s
    on
        t.release_id = s.release_id
        and t.group_code = s.group_code
        and t.line_code = s.line_code
        and t.measure = s.measure
where t.expected is not null and s.observed is not null
