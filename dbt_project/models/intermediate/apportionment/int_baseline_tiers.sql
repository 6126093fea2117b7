-- The desk baseline's tiers of every service, for each outcome and year of rules. An outcome that follows another
-- declares only the services it sees differently: the others keep the tiers they have for the outcome it follows.
with rule_years as (
    select distinct rule_year from {{ ref('int_apportioned_lines') }}
),

declared as (
    select
        definition_version, rule_id, service_code, outcome_code, tier, tier_share, low_share, high_share, confidence,
        cast(null as boolean) as is_home_care, valid_from_year, valid_to_year
    from {{ ref('desk_baseline_tiers') }}
    union all
    select
        definition_version, rule_id, service_code, outcome_code, tier, tier_share, low_share, high_share, confidence,
        is_home_care, valid_from_year, valid_to_year
    from {{ ref('desk_baseline_tiers_adults') }}
),

serving as (
    select *
    from (
        select
            y.rule_year,
            b.*,
            dense_rank() over (
                partition by y.rule_year, b.service_code, b.outcome_code
                order by cast(b.definition_version as decimal(18, 6)) desc
            ) as place
        from declared as b
        cross join rule_years as y
        where y.rule_year >= b.valid_from_year and y.rule_year <= coalesce(b.valid_to_year, '9999-00')
    ) as placed
    where place = 1
),

for_each_outcome as (
    select s.*, s.outcome_code as for_outcome_code from serving as s
    union all
    select s.*, o.outcome_code
    from serving as s
    inner join {{ ref('outcomes') }} as o on s.outcome_code = o.follows_outcome_code
    where not exists (
        select 1 from serving as w
        where w.rule_year = s.rule_year and w.service_code = s.service_code and w.outcome_code = o.outcome_code
    )
)

select
    f.rule_year,
    f.service_code,
    f.for_outcome_code as outcome_code,
    f.tier,
    f.rule_id,
    f.tier_share,
    f.low_share,
    f.high_share,
    f.confidence,
    coalesce(f.is_home_care, s.is_home_care) as is_home_care
from for_each_outcome as f
inner join {{ ref('services') }} as s on f.service_code = s.service_code
