-- Every rule that can give money, with its reason: what fct_allocation names by rule_id and tier_rule_id.
with baseline_lines as (
    select
        rule_id,
        definition_version,
        'line_to_service' as step,
        'desk_baseline' as rule_set,
        line_code,
        service_code,
        cast(null as string) as outcome_code,
        cast(null as string) as tier,
        basis,
        driver_kind,
        driver_key,
        cast(case when driver_kind = 'share' then driver_value end as decimal(18, 6)) as rule_share,
        cast(low_share as decimal(18, 6)) as low_share,
        cast(high_share as decimal(18, 6)) as high_share,
        confidence,
        valid_from_year,
        valid_to_year,
        reason,
        source,
        assessor_role,
        cast(assessed_on as string) as assessed_on
    from {{ ref('desk_baseline_lines') }}
),

baseline_tiers as (
    {% for seed in ['desk_baseline_tiers', 'desk_baseline_tiers_adults'] %}
    select
        rule_id, definition_version, 'service_to_tier', 'desk_baseline', cast(null as string), service_code, outcome_code, tier,
        cast(null as string), 'share', cast(null as string), cast(tier_share as decimal(18, 6)), cast(low_share as decimal(18, 6)),
        cast(high_share as decimal(18, 6)), confidence, valid_from_year, valid_to_year, reason, source, assessor_role,
        cast(assessed_on as string)
    from {{ ref(seed) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

-- A shared map repeats a rule for each of its councils: one row stands for all, its wordings side by side.
map_lines as (
    select
        map_id || ':' || line_code || ':' || service_code, definition_version, 'line_to_service', map_id, line_code, service_code,
        cast(null as string), cast(null as string), min(basis), min(driver_kind), cast(null as string),
        case when min(driver_kind) = 'share' and min(driver_value) = max(driver_value)
            then cast(min(driver_value) as decimal(18, 6)) end,
        cast(min(low_share) as decimal(18, 6)), cast(max(high_share) as decimal(18, 6)), min(confidence),
        min(valid_from_year), max(valid_to_year), {{ joined('evidence', '; ', distinct=true) }}, map_id,
        {{ joined('assessor_role', '; ', distinct=true) }}, max(assessed_on)
    from {{ ref('stg_service_map__lines') }}
    group by map_id, line_code, service_code, definition_version
),

map_versions as (
    select map_id, max(definition_version) as definition_version, min(valid_from_year) as valid_from_year,
        max(valid_to_year) as valid_to_year
    from {{ ref('stg_service_map__lines') }}
    group by map_id
),

map_tiers as (
    select
        t.map_id || ':' || t.service_code || ':' || t.tier, min(v.definition_version), 'service_to_tier', t.map_id,
        cast(null as string), t.service_code, t.outcome_code, t.tier, cast(null as string), 'share', cast(null as string),
        case when min(t.tier_share) = max(t.tier_share) then cast(min(t.tier_share) as decimal(18, 6)) end,
        cast(min(t.low_share) as decimal(18, 6)), cast(max(t.high_share) as decimal(18, 6)), min(t.confidence),
        min(v.valid_from_year), max(v.valid_to_year), {{ joined('t.evidence', '; ', distinct=true) }}, t.map_id,
        cast(null as string), cast(null as string)
    from {{ ref('stg_service_map__tiers') }} as t
    left join map_versions as v on t.map_id = v.map_id
    group by t.map_id, t.service_code, t.outcome_code, t.tier
)

select * from baseline_lines
union all
select * from baseline_tiers
union all
select * from map_lines
union all
select * from map_tiers
