-- How much each council spends by tier, how sure we are, and whose rules say so. Every tier of every
-- council-year has a row; nothing spent is zero, not a gap.
with sums as (
    select *
    from {{ ref('int_measure_totals') }}
    where measure_kind = 'tier' and rule_year = financial_year
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
    and g.outcome_code = s.outcome_code and g.cost_view = s.cost_view and g.tier = s.measure
