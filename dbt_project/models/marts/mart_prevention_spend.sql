-- How much each council spends by tier, how sure we are, and whose rules say so. Every tier of every
-- council-year has a row; nothing spent is zero, not a gap.
with sums as (
    select
        council_code,
        financial_year,
        statement,
        outcome_code,
        cost_view,
        measure as tier,
        cast(sum(central_pence) as bigint) as central_pence,
        cast(sum(low_pence) as bigint) as low_pence,
        cast(sum(high_pence) as bigint) as high_pence,
        cast(sum(case when department = 'adult_social_care' then central_pence else 0 end) as bigint) as adult_social_care_pence,
        cast(sum(case when department = 'public_health' then central_pence else 0 end) as bigint) as public_health_pence,
        cast(sum(case when department = 'wider_council' then central_pence else 0 end) as bigint) as wider_council_pence,
        cast(sum(home_care_pence) as bigint) as home_care_pence,
        cast(sum(low_confidence_pence) as bigint) as low_confidence_pence,
        cast(sum(modelled_pence) as bigint) as modelled_pence,
        cast(sum(absolute_pence) as bigint) as absolute_pence,
        min(rule_set_first) as rule_set_first,
        max(rule_set_last) as rule_set_last,
        max(case when is_modelled then 1 else 0 end) = 1 as is_modelled
    from {{ ref('int_allocation_bounds') }}
    where measure_kind = 'tier' and not is_restated
    group by council_code, financial_year, statement, outcome_code, cost_view, measure
),

grid as (
    select
        t.council_code, t.financial_year, t.statement, o.outcome_code, v.cost_view, d.tier,
        t.adult_social_care_total_pence, t.population_65_plus, t.population_18_plus, t.real_terms_factor,
        t.deflator_release_id
    from {{ ref('int_council_year_totals') }} as t
    cross join {{ ref('outcomes') }} as o
    cross join (select 'direct' as cost_view union all select 'full_cost' as cost_view) as v
    cross join {{ ref('tiers') }} as d
)

select
    g.council_code,
    g.financial_year,
    g.statement,
    g.outcome_code,
    g.cost_view,
    g.tier,
    {{ to_gbp('coalesce(s.central_pence, 0)') }} as amount_gbp,
    {{ to_gbp('coalesce(s.low_pence, 0)') }} as amount_low_gbp,
    {{ to_gbp('coalesce(s.high_pence, 0)') }} as amount_high_gbp,
    {{ to_gbp('coalesce(s.adult_social_care_pence, 0)') }} as adult_social_care_gbp,
    {{ to_gbp('coalesce(s.public_health_pence, 0)') }} as public_health_gbp,
    {{ to_gbp('coalesce(s.wider_council_pence, 0)') }} as wider_council_gbp,
    {{ to_gbp('coalesce(s.home_care_pence, 0)') }} as home_care_gbp,
    {{ ratio('coalesce(s.adult_social_care_pence, 0)', 'g.adult_social_care_total_pence') }} as share_of_adult_social_care_share,
    {{ per_head('coalesce(s.central_pence, 0)', 'g.population_65_plus') }} as per_head_65_plus_gbp,
    {{ per_head('coalesce(s.central_pence, 0)', 'g.population_18_plus') }} as per_head_18_plus_gbp,
    {{ real_gbp('coalesce(s.central_pence, 0)', 'g.real_terms_factor') }} as amount_real_gbp,
    g.deflator_release_id,
    {{ ratio('s.low_confidence_pence', 's.absolute_pence') }} as low_confidence_share,
    {{ ratio('s.modelled_pence', 's.absolute_pence') }} as modelled_share,
    coalesce(s.is_modelled, false) as is_modelled,
    case when s.rule_set_first is null then 'none' when s.rule_set_first = s.rule_set_last then s.rule_set_first else 'mixed' end
        as rule_set
from grid as g
left join sums as s
    on g.council_code = s.council_code and g.financial_year = s.financial_year and g.statement = s.statement
    and g.outcome_code = s.outcome_code and g.cost_view = s.cost_view and g.tier = s.tier
