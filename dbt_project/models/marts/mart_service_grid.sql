-- The grid of services: department by tier, with the money and how performance is measured.
with latest_measures as (
    select council_code, service_code, max(performance_measure) as performance_measure
    from {{ ref('stg_service_map__lines') }}
    where performance_measure is not null
    group by council_code, service_code
),

sums as (
    select
        council_code,
        financial_year,
        statement,
        outcome_code,
        cost_view,
        service_code,
        tier,
        sum(amount_gbp) as amount_gbp,
        sum(amount_low_gbp) as amount_low_gbp,
        sum(amount_high_gbp) as amount_high_gbp,
        max(case when is_modelled then 1 else 0 end) = 1 as is_modelled,
        max(case when is_home_care then 1 else 0 end) = 1 as is_home_care,
        max(case confidence when 'low' then 3 when 'medium' then 2 else 1 end) as confidence_rank,
        count(distinct line_code) as lines,
        case when min(rule_set) = max(rule_set) then min(rule_set) else 'mixed' end as rule_set
    from {{ ref('fct_allocation') }}
    group by council_code, financial_year, statement, outcome_code, cost_view, service_code, tier
)

select
    s.council_code,
    s.financial_year,
    s.statement,
    s.outcome_code,
    s.cost_view,
    coalesce(d.department, 'unclassified') as department,
    s.tier,
    s.service_code,
    coalesce(d.service_name, s.service_code) as service_name,
    cast(s.amount_gbp as decimal(18, 2)) as amount_gbp,
    cast(s.amount_low_gbp as decimal(18, 2)) as amount_low_gbp,
    cast(s.amount_high_gbp as decimal(18, 2)) as amount_high_gbp,
    coalesce(m.performance_measure, d.performance_measure) as performance_measure,
    s.is_home_care,
    case s.confidence_rank when 3 then 'low' when 2 then 'medium' else 'high' end as confidence,
    s.is_modelled,
    s.rule_set,
    cast(s.lines as integer) as lines
from sums as s
left join {{ ref('dim_service') }} as d on s.service_code = d.service_code
left join latest_measures as m on s.council_code = m.council_code and s.service_code = m.service_code
