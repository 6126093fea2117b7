-- Step two, the rules of every service for an outcome: each tier's weight and range. A map's services take
-- their tiers from that map; baseline services, and ledger services a map does not name, from the desk
-- baseline. What a service's rules leave is unclassified.
with rule_years as (
    select distinct rule_year from {{ ref('int_apportioned_lines') }}
),

baseline as (
    select *
    from (
        select
            y.rule_year,
            b.*,
            dense_rank() over (
                partition by y.rule_year, b.service_code, b.outcome_code
                order by cast(b.definition_version as decimal(18, 6)) desc
            ) as place
        from {{ ref('desk_baseline_tiers') }} as b
        cross join rule_years as y
        where y.rule_year >= b.valid_from_year and y.rule_year <= coalesce(b.valid_to_year, '9999-00')
    ) as placed
    where place = 1
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
        s.is_home_care,
        true as is_modelled
    from baseline as b
    inner join {{ ref('services') }} as s on b.service_code = s.service_code

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
    from {{ ref('stg_service_map__tiers') }} as m
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

together as (
    select * from ranged
    union all
    select * from remainders
)

-- A rule may name `unclassified` itself: the remainder then joins it.
select
    tier_rule_set,
    tier_council_code,
    rule_year,
    service_code,
    outcome_code,
    tier,
    min(tier_rule_id) as tier_rule_id,
    cast(sum(tier_weight) as {{ wide_int() }}) as tier_weight,
    cast(least(sum(low_ppm), 1000000) as bigint) as low_ppm,
    cast(least(sum(high_ppm), 1000000) as bigint) as high_ppm,
    min(confidence) as confidence,
    max(case when is_home_care then 1 else 0 end) = 1 as is_home_care,
    max(case when is_modelled then 1 else 0 end) = 1 as is_modelled
from together
group by tier_rule_set, tier_council_code, rule_year, service_code, outcome_code, tier
