-- Step two, the rules of every service for an outcome: each tier's weight and range. A map's services take
-- their tiers from that map; baseline services, and ledger services a map does not name, from the desk
-- baseline. What a service's rules leave is unclassified.
with rule_years as (
    select distinct rule_year from {{ ref('int_apportioned_lines') }}
),

-- A map names its tiers for one outcome. For an outcome that follows it they hold as well, but for what the map
-- puts out of scope: whom that money serves instead the map does not say, so there it is unclassified.
map_tiers as (
    select m.* {{ but_columns(['outcome_code', 'tier']) }}, m.outcome_code, m.tier
    from {{ ref('stg_service_map__tiers') }} as m
    union all
    select
        m.* {{ but_columns(['outcome_code', 'tier']) }}, o.outcome_code,
        case m.tier when 'out_of_scope' then 'unclassified' else m.tier end as tier
    from {{ ref('stg_service_map__tiers') }} as m
    inner join {{ ref('outcomes') }} as o on m.outcome_code = o.follows_outcome_code
    where not exists (
        select 1 from {{ ref('stg_service_map__tiers') }} as w
        where w.map_id = m.map_id and w.council_code = m.council_code and w.service_code = m.service_code
            and w.outcome_code = o.outcome_code
    )
),

given as (
    select
        'desk_baseline' as tier_rule_set,
        '*' as tier_council_code,
        b.rule_year,
        b.service_code,
        b.outcome_code,
        b.tier,
        b.rule_id as tier_rule_id,
        {{ share_weight('b.tier_share') }} as tier_weight,
        {{ share_ppm('b.tier_share') }} as central_ppm,
        {{ share_ppm('b.low_share') }} as low_ppm,
        {{ share_ppm('b.high_share') }} as high_ppm,
        b.confidence,
        b.is_home_care,
        true as is_modelled
    from {{ ref('int_baseline_tiers') }} as b

    union all

    select
        m.map_id,
        m.council_code,
        y.rule_year,
        m.service_code,
        m.outcome_code,
        m.tier,
        m.map_id || ':' || m.service_code || ':' || m.tier,
        {{ share_weight('m.tier_share') }},
        {{ share_ppm('m.tier_share') }},
        {{ share_ppm('m.low_share') }},
        {{ share_ppm('m.high_share') }},
        m.confidence,
        coalesce(m.is_home_care, false),
        false
    from map_tiers as m
    cross join rule_years as y
),

ranged as (
    select
        g.tier_rule_set,
        g.tier_council_code,
        g.rule_year,
        g.service_code,
        g.outcome_code,
        g.tier,
        g.tier_rule_id,
        g.tier_weight,
        greatest(0, least(g.central_ppm, coalesce(g.low_ppm, g.central_ppm - case
            when g.central_ppm in (0, 1000000) and g.confidence = 'high' then 0 else {{ share_ppm('c.range_points_share') }}
        end))) as low_ppm,
        least(1000000, greatest(g.central_ppm, coalesce(g.high_ppm, g.central_ppm + case
            when g.central_ppm in (0, 1000000) and g.confidence = 'high' then 0 else {{ share_ppm('c.range_points_share') }}
        end))) as high_ppm,
        g.confidence,
        g.is_home_care,
        g.is_modelled
    from given as g
    left join {{ ref('rule_confidence_ranges') }} as c on c.basis = 'tier' and g.confidence = c.confidence
),

remainders as (
    select
        tier_rule_set,
        tier_council_code,
        rule_year,
        service_code,
        outcome_code,
        'unclassified' as tier,
        'remainder' as tier_rule_id,
        cast(1000000000000 - sum(tier_weight) as {{ wide_int() }}) as tier_weight,
        cast(greatest(0, 1000000 - sum(high_ppm)) as bigint) as low_ppm,
        cast(greatest(0, 1000000 - sum(low_ppm)) as bigint) as high_ppm,
        'low' as confidence,
        false as is_home_care,
        max(case when is_modelled then 1 else 0 end) = 1 as is_modelled
    from ranged
    group by tier_rule_set, tier_council_code, rule_year, service_code, outcome_code
    having sum(tier_weight) < 1000000000000
),

rules_and_remainders as (
    select * from ranged
    union all
    select * from remainders
),

-- A service that is home care in part has two rows of one tier.
parted as (
    select
        *,
        case
            when tier <> 'unclassified' and is_home_care and bool_or(not is_home_care) over one_tier then 'home_care'
            else ''
        end as tier_part
    from rules_and_remainders
    window one_tier as (partition by tier_rule_set, tier_council_code, rule_year, service_code, outcome_code, tier)
)

-- A rule may name `unclassified` itself: the remainder then joins it.
select
    tier_rule_set,
    tier_council_code,
    rule_year,
    service_code,
    outcome_code,
    tier,
    tier_part,
    min(tier_rule_id) as tier_rule_id,
    cast(sum(tier_weight) as {{ wide_int() }}) as tier_weight,
    cast(least(sum(low_ppm), 1000000) as bigint) as low_ppm,
    cast(least(sum(high_ppm), 1000000) as bigint) as high_ppm,
    min(confidence) as confidence,
    max(case when is_home_care then 1 else 0 end) = 1 as is_home_care,
    max(case when is_modelled then 1 else 0 end) = 1 as is_modelled
from parted
group by tier_rule_set, tier_council_code, rule_year, service_code, outcome_code, tier, tier_part
