{{ config(meta={"dagster": {"ref": {"name": "mart_prevention_spend"}}}) }}
-- Outcomes differ in what money is for, never in how much there is: for each outcome and view the tiers of a line sum
-- to it, net and gross; and the tiers of a council-year in mart_prevention_spend sum to its lines, its perimeters in
-- mart_prevention_headline to what the tiers give. Fails too when an outcome was not compared.
with cells as (
    select
        line_key, outcome_code, cost_view,
        cast(sum(tier_pence) as bigint) as net_pence,
        cast(sum(tier_gross_pence) as bigint) as gross_pence
    from {{ ref('int_allocation_cells') }}
    group by line_key, outcome_code, cost_view
),

lines as (
    select
        l.line_key, l.council_code, l.financial_year, l.statement, l.is_restated, l.amount_pence, l.gross_pence, o.outcome_code,
        v.cost_view
    from {{ ref('int_apportioned_lines') }} as l
    cross join {{ ref('outcomes') }} as o
    cross join (select 'direct' as cost_view union all select 'full_cost') as v
    where not l.is_restated
),

council_years as (
    select
        council_code, financial_year, statement, outcome_code, cost_view, sum(amount_pence) as net_pence,
        case when count(*) = count(gross_pence) then sum(gross_pence) end as gross_pence
    from lines
    group by council_code, financial_year, statement, outcome_code, cost_view
),

spent as (
    select
        council_code, financial_year, statement, outcome_code, cost_view, sum(amount_gbp) as net_gbp,
        case when count(amount_gbp) = count(gross_gbp) then sum(gross_gbp) end as gross_gbp
    from {{ ref('mart_prevention_spend') }}
    group by council_code, financial_year, statement, outcome_code, cost_view
),

narrow as (
    select council_code, financial_year, statement, outcome_code, cost_view, sum(amount_gbp) as narrow_gbp
    from {{ ref('mart_prevention_spend') }}
    where tier in ('primary', 'secondary') and is_broken_down
    group by council_code, financial_year, statement, outcome_code, cost_view
)

select 'line' as what, l.council_code, l.financial_year, l.statement, l.outcome_code, l.cost_view,
    cast(l.amount_pence as string) as expected, cast(c.net_pence as string) as observed
from lines as l
left join cells as c on l.line_key = c.line_key and l.outcome_code = c.outcome_code and l.cost_view = c.cost_view
where
    l.amount_pence is distinct from c.net_pence
    or (l.gross_pence is not null and l.gross_pence is distinct from c.gross_pence)
union all
select 'council-year', y.council_code, y.financial_year, y.statement, y.outcome_code, y.cost_view,
    cast(y.net_pence as string), cast(s.net_gbp as string)
from council_years as y
left join spent as s
    on y.council_code = s.council_code and y.financial_year = s.financial_year and y.statement = s.statement
    and y.outcome_code = s.outcome_code and y.cost_view = s.cost_view
where
    y.net_pence is distinct from cast(s.net_gbp * 100 as bigint)
    or y.gross_pence is distinct from cast(s.gross_gbp * 100 as bigint)
union all
select 'narrow', h.council_code, h.financial_year, h.statement, h.outcome_code, h.cost_view,
    cast(n.narrow_gbp as string), cast(h.amount_gbp as string)
from {{ ref('mart_prevention_headline') }} as h
left join narrow as n
    on h.council_code = n.council_code and h.financial_year = n.financial_year and h.statement = n.statement
    and h.outcome_code = n.outcome_code and h.cost_view = n.cost_view
where h.perimeter = 'narrow' and h.amount_gbp is distinct from n.narrow_gbp
union all
select 'nothing was compared', '', '', '', o.outcome_code, '', 'at least one line', '0'
from {{ ref('outcomes') }} as o
where o.outcome_code not in (select outcome_code from cells) and {{ something_is_due('revenue_account') }}
