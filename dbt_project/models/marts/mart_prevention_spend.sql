-- How much each council spends by tier, how sure we are, and whose rules say so. Every tier of every
-- council-year has a row; nothing spent is zero, not a gap. A return that is not broken down has no tiers: all of it
-- is shown as unclassified and the others are null. Where only adult social care is printed as a total, what the return
-- says of public health and the wider council keeps its tiers.
with sums as (
    select *
    from {{ ref('int_measure_totals') }}
    where measure_kind = 'tier' and rule_year = financial_year
),

grid as (
    select
        t.council_code, t.financial_year, t.statement, o.outcome_code, v.cost_view, d.tier, o.population_group,
        t.adult_social_care_total_pence, t.population_65_plus, t.population_18_plus, t.real_terms_factor,
        t.deflator_release_id, t.sections_held, t.has_public_health, t.has_wider_council, t.is_broken_down,
        t.not_broken_down_reason, t.has_gross
    from {{ ref('int_council_year_totals') }} as t
    cross join {{ ref('outcomes') }} as o
    cross join (select 'direct' as cost_view union all select 'full_cost' as cost_view) as v
    cross join {{ ref('tiers') }} as d
),

-- Nothing spent is zero where the return says what its money is for; where it does not, nobody knows.
filled as (
    select
        g.*,
        {% for column in ['central_pence', 'low_pence', 'high_pence', 'adult_social_care_pence', 'home_care_pence'] %}
        case when g.is_broken_down then coalesce(s.{{ column }}, 0) else s.{{ column }} end as {{ column }},
        {% endfor %}
        {% for budget in ['public_health', 'wider_council'] %}
        case
            when g.is_broken_down and g.has_{{ budget }} then coalesce(s.{{ budget }}_pence, 0)
            else nullif(s.{{ budget }}_pence, 0)
        end as {{ budget }}_pence,
        {% endfor %}
        case when s.central_pence is null and g.is_broken_down and g.has_gross then 0 else s.gross_pence end as gross_pence,
        s.low_confidence_pence,
        s.modelled_pence,
        s.absolute_pence,
        coalesce(s.is_modelled, false) as is_modelled,
        case when s.rule_set_first is null then 'none' when s.rule_set_first = s.rule_set_last then s.rule_set_first else 'mixed' end
            as rule_set
    from grid as g
    left join sums as s
        on g.council_code = s.council_code and g.financial_year = s.financial_year and g.statement = s.statement
        and g.outcome_code = s.outcome_code and g.cost_view = s.cost_view and g.tier = s.measure
)

select
    f.council_code,
    f.financial_year,
    f.statement,
    f.outcome_code,
    f.cost_view,
    f.tier,
    f.sections_held,
    f.is_broken_down,
    f.not_broken_down_reason,
    {{ to_gbp('f.central_pence') }} as amount_gbp,
    {{ to_gbp('f.low_pence') }} as amount_low_gbp,
    {{ to_gbp('f.high_pence') }} as amount_high_gbp,
    {{ to_gbp('f.gross_pence') }} as gross_gbp,
    {{ to_gbp('f.gross_pence - f.central_pence') }} as income_gbp,
    {{ to_gbp('f.adult_social_care_pence') }} as adult_social_care_gbp,
    {{ to_gbp('f.public_health_pence') }} as public_health_gbp,
    {{ to_gbp('f.wider_council_pence') }} as wider_council_gbp,
    {{ to_gbp('f.home_care_pence') }} as home_care_gbp,
    {{ ratio('f.adult_social_care_pence', 'f.adult_social_care_total_pence') }} as share_of_adult_social_care_share,
    case when f.population_group = '65_plus' then {{ per_head('f.central_pence', 'f.population_65_plus') }} end as per_head_65_plus_gbp,
    {{ per_head('f.central_pence', 'f.population_18_plus') }} as per_head_18_plus_gbp,
    f.population_group as per_head_population,
    {{ per_head('f.central_pence', population_of('f')) }} as per_head_gbp,
    {{ real_gbp('f.central_pence', 'f.real_terms_factor') }} as amount_real_gbp,
    f.deflator_release_id,
    {{ ratio('f.low_confidence_pence', 'f.absolute_pence') }} as low_confidence_share,
    {{ ratio('f.modelled_pence', 'f.absolute_pence') }} as modelled_share,
    f.is_modelled,
    f.rule_set,
    d.care_home_driver_year,
    d.care_home_driver_age_years
from filled as f
left join {{ ref('int_care_home_drivers') }} as d
    on f.council_code = d.council_code and f.financial_year = d.financial_year and f.statement = d.statement
