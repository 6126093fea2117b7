-- Tiers and perimeters of each line, with low and high: the splits of a line move together, its total stands.
-- One row a line, view, outcome and measure; the measure is a tier or a perimeter.
with measured as (
    select c.*, 'tier' as measure_kind, c.tier as measure
    from {{ ref('int_allocation_cells') }} as c
    union all
    select c.*, 'perimeter' as measure_kind, p.perimeter as measure
    from {{ ref('int_allocation_cells') }} as c
    inner join {{ ref('perimeters') }} as p
        on c.tier = p.tier and (p.takes_home_care or not c.is_home_care)
),

summed as (
    select
        line_key,
        council_code,
        financial_year,
        rule_year,
        is_restated,
        statement,
        department,
        line_code,
        amount_pence,
        outcome_code,
        cost_view,
        measure_kind,
        measure,
        cast(sum(tier_pence) as bigint) as central_pence,
        cast(sum(low_pence) as bigint) as low_pence,
        cast(sum(high_pence) as bigint) as high_pence,
        min(line_low_pence) as line_low_pence,
        min(line_high_pence) as line_high_pence,
        cast(sum(case when confidence = 'low' then abs(tier_pence) else 0 end) as bigint) as low_confidence_pence,
        cast(sum(case when is_modelled then abs(tier_pence) else 0 end) as bigint) as modelled_pence,
        cast(sum(case when is_home_care then tier_pence else 0 end) as bigint) as home_care_pence,
        cast(sum(abs(tier_pence)) as bigint) as absolute_pence,
        min(rule_set) as rule_set_first,
        max(rule_set) as rule_set_last,
        max(case when is_modelled then 1 else 0 end) as is_modelled
    from measured
    group by
        line_key, council_code, financial_year, rule_year, is_restated, statement, department, line_code, amount_pence,
        outcome_code, cost_view, measure_kind, measure
)

select
    line_key,
    council_code,
    financial_year,
    rule_year,
    is_restated,
    statement,
    department,
    line_code,
    amount_pence,
    outcome_code,
    cost_view,
    measure_kind,
    measure,
    central_pence,
    cast({{ set_low('amount_pence', 'low_pence', 'high_pence', 'line_low_pence', 'line_high_pence') }} as bigint) as low_pence,
    cast({{ set_high('amount_pence', 'low_pence', 'high_pence', 'line_low_pence', 'line_high_pence') }} as bigint) as high_pence,
    low_confidence_pence,
    modelled_pence,
    home_care_pence,
    absolute_pence,
    rule_set_first,
    rule_set_last,
    is_modelled = 1 as is_modelled
from summed
