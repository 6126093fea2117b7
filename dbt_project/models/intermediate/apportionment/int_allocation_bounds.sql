-- Tiers and perimeters of each line, with low and high: the splits of a line move together, its total stays.
-- One row a line, view, outcome and measure; the measure is a tier or a perimeter.
with measures as (
    select 'tier' as measure_kind, tier as measure, tier, true as takes_home_care from {{ ref('tiers') }}
    union all
    select 'perimeter' as measure_kind, perimeter as measure, tier, takes_home_care from {{ ref('perimeters') }}
),

-- Services drop out first: half the rows.
by_tier as (
    select
        line_key,
        outcome_code,
        cost_view,
        tier,
        is_home_care,
        cast(sum(tier_pence) as bigint) as central_pence,
        cast(sum(tier_gross_pence) as bigint) as gross_pence,
        cast(sum(low_pence) as bigint) as low_pence,
        cast(sum(high_pence) as bigint) as high_pence,
        min(line_low_pence) as line_low_pence,
        min(line_high_pence) as line_high_pence,
        cast(sum(case when confidence = 'low' then abs(tier_pence) else 0 end) as bigint) as low_confidence_pence,
        cast(sum(case when is_modelled then abs(tier_pence) else 0 end) as bigint) as modelled_pence,
        cast(sum(case when is_home_care then tier_pence else 0 end) as bigint) as home_care_pence,
        cast(sum(abs(tier_pence)) as bigint) as absolute_pence,
        min(rule_key) as rule_key,
        max(case when is_modelled then 1 else 0 end) as is_modelled
    from {{ ref('int_allocation_cells') }}
    group by line_key, outcome_code, cost_view, tier, is_home_care
),

summed as (
    select
        c.line_key,
        c.outcome_code,
        c.cost_view,
        m.measure_kind,
        m.measure,
        sum(c.central_pence) as central_pence,
        sum(c.gross_pence) as gross_pence,
        sum(c.low_pence) as low_pence,
        sum(c.high_pence) as high_pence,
        min(c.line_low_pence) as line_low_pence,
        min(c.line_high_pence) as line_high_pence,
        sum(c.low_confidence_pence) as low_confidence_pence,
        sum(c.modelled_pence) as modelled_pence,
        sum(c.home_care_pence) as home_care_pence,
        sum(c.absolute_pence) as absolute_pence,
        min(c.rule_key) as rule_key,
        max(c.is_modelled) as is_modelled
    from by_tier as c
    inner join measures as m on c.tier = m.tier and (m.takes_home_care or not c.is_home_care)
    group by c.line_key, c.outcome_code, c.cost_view, m.measure_kind, m.measure
)

select
    s.line_key,
    s.outcome_code,
    s.cost_view,
    s.measure_kind,
    s.measure,
    s.rule_key,
    cast(s.central_pence as bigint) as central_pence,
    case when l.gross_pence is not null then cast(s.gross_pence as bigint) end as gross_pence,
    cast({{ set_low('l.amount_pence', 's.low_pence', 's.high_pence', 's.line_low_pence', 's.line_high_pence') }} as bigint) as low_pence,
    cast({{ set_high('l.amount_pence', 's.low_pence', 's.high_pence', 's.line_low_pence', 's.line_high_pence') }} as bigint) as high_pence,
    cast(s.low_confidence_pence as bigint) as low_confidence_pence,
    cast(s.modelled_pence as bigint) as modelled_pence,
    cast(s.home_care_pence as bigint) as home_care_pence,
    cast(s.absolute_pence as bigint) as absolute_pence,
    s.is_modelled = 1 as is_modelled
from summed as s
inner join {{ ref('int_apportioned_lines') }} as l on s.line_key = l.line_key
