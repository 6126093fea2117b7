-- Step two, every service's list of tiers for each outcome: its rules, or all of it unclassified where no rule
-- names the service. What a tier's share rests on is kept here; later steps carry tier_rule_key.
with services as (
    select distinct tier_rule_set, tier_council_code, tier_rule_year, service_code
    from {{ ref('int_line_shares') }}
),

listed as (
    select
        s.tier_rule_set,
        s.tier_council_code,
        s.tier_rule_year,
        s.service_code,
        o.outcome_code,
        coalesce(r.tier, 'unclassified') as tier,
        coalesce(r.tier_part, '') as tier_part,
        coalesce(r.tier_rule_id, 'remainder') as tier_rule_id,
        coalesce(r.tier_weight, 1) as weight,
        coalesce(r.low_ppm, 1000000) as low_ppm,
        coalesce(r.high_ppm, 1000000) as high_ppm,
        coalesce(r.confidence, 'low') as confidence,
        coalesce(r.is_home_care, false) as is_home_care,
        coalesce(r.is_modelled, false) as is_modelled
    from services as s
    cross join {{ ref('outcomes') }} as o
    left join {{ ref('int_service_rules') }} as r
        on s.tier_rule_set = r.tier_rule_set
        and s.tier_council_code = r.tier_council_code
        and s.tier_rule_year = r.rule_year
        and s.service_code = r.service_code
        and o.outcome_code = r.outcome_code
)

-- A map more moves no key of the desk baseline: maps are numbered by themselves, and before it.
select
    row_number() over (
        partition by l.tier_council_code = '*'
        order by l.tier_rule_id, l.tier_rule_set, l.tier_council_code, l.tier_rule_year, l.service_code, l.outcome_code, l.tier,
            l.tier_part
    ) + case when l.tier_council_code = '*' then 1000000000 else 0 end as tier_rule_key,
    dense_rank() over (
        partition by l.tier_council_code = '*'
        order by l.tier_rule_set, l.tier_council_code, l.tier_rule_year, l.service_code, l.outcome_code
    ) + case when l.tier_council_code = '*' then 1000000000 else 0 end as tier_list_key,
    row_number() over (
        partition by l.tier_rule_set, l.tier_council_code, l.tier_rule_year, l.service_code, l.outcome_code
        order by v.tier_order, l.tier_part
    ) as place,
    l.*
from listed as l
left join {{ ref('tiers') }} as v on l.tier = v.tier
