-- How a service's shares of tiers err: what each perimeter takes of the service, and by how much the error of each
-- tier rule moves that, for one pound of the service. One row a list of tiers, perimeter and tier rule; a service
-- whose tiers are certain has one row without an error.
with whole as (
    select tier_list_key, sum(cast(weight as double)) as list_weight
    from {{ ref('int_tier_shares') }}
    group by tier_list_key
),

placed as (
    select
        t.tier_list_key as list_key,
        t.outcome_code,
        t.tier,
        t.is_home_care,
        t.tier_rule_id,
        t.tier_rule_id = 'remainder' as is_rest,
        t.tier_rule_set,
        t.tier_council_code,
        cast(t.weight as double) / w.list_weight as central,
        least(t.low_ppm / 1000000.0, cast(t.weight as double) / w.list_weight) as low,
        greatest(t.high_ppm / 1000000.0, cast(t.weight as double) / w.list_weight) as high
    from {{ ref('int_tier_shares') }} as t
    inner join whole as w on t.tier_list_key = w.tier_list_key
),

erring as (
    select
        *,
        case when is_rest then 0 else {{ error_mean('low', 'central', 'high') }} end as error_mean,
        case when is_rest then 0 else {{ error_variance('low', 'central', 'high') }} end as error_variance,
        case when is_rest then 0 else {{ error_skew_root('low', 'central', 'high') }} end as error_skew_root,
        max(case when is_rest then 1 else 0 end) over (partition by list_key) = 1 as has_rest
    from placed
),

giving as (
    select *, {{ giving('error_variance', 'central', 'list_key') }} as giving_share
    from erring
),

widened as (
    select *, case when has_rest then 1 else {{ widening('error_variance', 'giving_share', 'list_key') }} end as widening
    from giving
),

inside as (
    select
        e.*,
        n.perimeter,
        case when p.tier is not null and (p.takes_home_care or not e.is_home_care) then 1.0 else 0.0 end as is_inside
    from widened as e
    cross join (select distinct perimeter from {{ ref('perimeters') }}) as n
    left join {{ ref('perimeters') }} as p on n.perimeter = p.perimeter and e.tier = p.tier
),

-- What one part has more, the rest of the service gives up; where there is no rest, the parts
-- that err, in proportion.
taken as (
    select
        list_key,
        perimeter,
        sum(central * is_inside) as taken_share,
        case when max(case when has_rest then 1 else 0 end) = 1
            then max(case when is_rest then is_inside end) else sum(giving_share * is_inside) end as given_up_share
    from inside
    group by list_key, perimeter
)

select
    i.list_key,
    i.tier_council_code,
    i.outcome_code,
    i.perimeter,
    t.taken_share,
    case when i.error_variance > 0 then i.tier_rule_id end as error_key,
    cast(d.correlation_share as double) as correlation_share,
    (i.is_inside - t.given_up_share) * i.error_mean as mean_effect,
    (i.is_inside - t.given_up_share) * i.widening * sqrt(i.error_variance) as error_effect,
    (i.is_inside - t.given_up_share) * i.widening * i.error_skew_root as skew_effect
from inside as i
inner join taken as t on i.list_key = t.list_key and i.perimeter = t.perimeter
inner join {{ ref('rule_distributions') }} as d
    on d.step = 'service_to_tier'
    and d.rule_kind = case when i.tier_rule_set in ('desk_baseline', 'none') then 'desk_share' else 'own_rules' end
