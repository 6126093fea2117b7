-- The headline by perimeter: how much, how sure, which way the money leans, what moved and why. Adult social care
-- comes first and alone; public health and the wider council beside it, null where the return does not hold them.
-- A year whose publication prints adult social care as a total alone has no row: its money is shown as unclassified
-- in mart_prevention_spend, and a zero here would say that nothing was spent. A return that is not broken down has a
-- row without figures that says why.
with targets as (
    select
        t.council_code,
        l.valid_from_year,
        l.map_id,
        l.map_kind,
        l.definition_version,
        max(case when t.item = 'shift_target_share' then try_cast(t.value_text as decimal(18, 6)) end) as shift_target_share,
        max(case when t.item = 'shift_target_year' then t.value_text end) as shift_target_year
    from {{ ref('stg_service_map__targets') }} as t
    inner join (
        select distinct map_id, map_kind, council_code, valid_from_year, try_cast(definition_version as integer) as definition_version
        from {{ ref('stg_service_map__lines') }}
    ) as l
        on t.map_id = l.map_id and t.council_code = l.council_code
    group by t.council_code, l.valid_from_year, l.map_id, l.map_kind, l.definition_version
),

-- The target of the latest map that had begun, the council's own before a shared one, until the year it names.
declared as (
    select *
    from (
        select
            p.council_code, p.financial_year, t.shift_target_share, t.shift_target_year,
            row_number() over (
                partition by p.council_code, p.financial_year
                order by t.valid_from_year desc, case t.map_kind when 'council' then 1 else 2 end,
                    t.definition_version desc, t.map_id
            ) as place
        from (select distinct council_code, financial_year from {{ ref('int_perimeter_totals') }}) as p
        inner join targets as t
            on p.council_code = t.council_code and p.financial_year >= t.valid_from_year
            and p.financial_year <= coalesce(t.shift_target_year, '9999-00')
    ) as placed
    where place = 1
),

shown as (
    select
        p.*,
        t.adult_social_care_total_pence,
        t.adult_social_care_gross_total_pence,
        t.population_65_plus,
        t.population_18_plus,
        t.population_basis,
        t.real_terms_factor,
        t.deflator_release_id,
        t.deflator_index,
        t.sections_held,
        t.has_public_health,
        t.has_wider_council,
        o.population_group,
        t.is_broken_down,
        t.not_broken_down_reason
    from {{ ref('int_perimeter_totals') }} as p
    inner join {{ ref('int_council_year_totals') }} as t
        on p.council_code = t.council_code and p.financial_year = t.financial_year and p.statement = t.statement
    inner join {{ ref('outcomes') }} as o on p.outcome_code = o.outcome_code
    where p.rule_year = p.financial_year and not t.is_total_only
),

-- Nothing is known of the tiers of a return that is not broken down: every figure that rests on them is null.
figures as (
    select
        council_code, financial_year, statement, outcome_code, cost_view, perimeter, adult_social_care_total_pence,
        adult_social_care_gross_total_pence,
        population_65_plus, population_18_plus, population_basis, real_terms_factor, deflator_release_id, deflator_index,
        population_group, sections_held, is_broken_down, not_broken_down_reason, is_modelled, rule_set,
        case when has_public_health then public_health_pence end as public_health_pence,
        case when has_wider_council then wider_council_pence end as wider_council_pence,
        {% for column in ['central_pence', 'low_pence', 'high_pence', 'adult_social_care_pence', 'adult_social_care_low_pence',
            'adult_social_care_high_pence', 'home_care_pence', 'reactive_pence', 'reactive_low_pence', 'reactive_high_pence',
            'enabling_pence', 'outcome_budget_pence', 'gross_pence', 'adult_social_care_gross_pence', 'low_confidence_pence', 'modelled_pence', 'absolute_pence'] %}
        case when is_broken_down then {{ column }} end as {{ column }},
        {% endfor %}
        unclassified_pence
    from shown
)

select
    p.council_code,
    p.financial_year,
    p.statement,
    p.outcome_code,
    p.cost_view,
    p.perimeter,
    p.sections_held,
    p.is_broken_down,
    p.not_broken_down_reason,
    {{ to_gbp('p.central_pence') }} as amount_gbp,
    {{ to_gbp('p.low_pence') }} as amount_low_gbp,
    {{ to_gbp('p.high_pence') }} as amount_high_gbp,
    {{ to_gbp('p.adult_social_care_pence') }} as adult_social_care_gbp,
    {{ to_gbp('p.adult_social_care_low_pence') }} as adult_social_care_low_gbp,
    {{ to_gbp('p.adult_social_care_high_pence') }} as adult_social_care_high_gbp,
    {{ to_gbp('p.public_health_pence') }} as public_health_gbp,
    {{ to_gbp('p.wider_council_pence') }} as wider_council_gbp,
    {{ to_gbp('p.home_care_pence') }} as home_care_gbp,
    {{ to_gbp('p.reactive_pence') }} as reactive_gbp,
    {{ to_gbp('p.reactive_low_pence') }} as reactive_low_gbp,
    {{ to_gbp('p.reactive_high_pence') }} as reactive_high_gbp,
    {{ to_gbp('p.enabling_pence') }} as enabling_gbp,
    {{ to_gbp('p.unclassified_pence') }} as unclassified_gbp,
    {{ to_gbp('p.outcome_budget_pence') }} as outcome_budget_gbp,
    {{ to_gbp('p.adult_social_care_total_pence') }} as adult_social_care_total_gbp,
    {{ to_gbp('p.gross_pence') }} as gross_gbp,
    {{ to_gbp('p.gross_pence - p.central_pence') }} as income_gbp,
    {{ to_gbp('p.adult_social_care_gross_pence') }} as adult_social_care_gross_gbp,
    {{ to_gbp('p.adult_social_care_gross_pence - p.adult_social_care_pence') }} as adult_social_care_income_gbp,
    {{ to_gbp('p.adult_social_care_gross_total_pence') }} as adult_social_care_gross_total_gbp,
    -- A balance needs two amounts of spending: income above cost on one side leaves nothing to weigh.
    case
        when p.central_pence >= 0 and p.reactive_pence >= 0
            then {{ ratio('p.central_pence', 'p.central_pence + p.reactive_pence') }}
    end as preventative_share,
    case
        when p.adult_social_care_pence >= 0 and p.reactive_pence >= 0
            then {{ ratio('p.adult_social_care_pence', 'p.adult_social_care_pence + p.reactive_pence') }}
    end as adult_social_care_preventative_share,
    {{ ratio('p.adult_social_care_pence', 'p.adult_social_care_total_pence') }} as share_of_adult_social_care_share,
    {{ ratio('p.adult_social_care_low_pence', 'p.adult_social_care_total_pence') }} as share_of_adult_social_care_low_share,
    {{ ratio('p.adult_social_care_high_pence', 'p.adult_social_care_total_pence') }} as share_of_adult_social_care_high_share,
    case when p.population_group = '65_plus' then {{ per_head('p.central_pence', 'p.population_65_plus') }} end as per_head_65_plus_gbp,
    {{ per_head('p.central_pence', 'p.population_18_plus') }} as per_head_18_plus_gbp,
    case when p.population_group = '65_plus' then {{ per_head('p.adult_social_care_pence', 'p.population_65_plus') }} end
        as adult_social_care_per_head_65_plus_gbp,
    p.population_group as per_head_population,
    {{ per_head('p.central_pence', population_of('p')) }} as per_head_gbp,
    {{ per_head('p.adult_social_care_pence', population_of('p')) }} as adult_social_care_per_head_gbp,
    cast(p.population_65_plus as bigint) as population_65_plus,
    cast(p.population_18_plus as bigint) as population_18_plus,
    p.population_basis,
    {{ real_gbp('p.central_pence', 'p.real_terms_factor') }} as amount_real_gbp,
    {{ real_gbp('p.adult_social_care_pence', 'p.real_terms_factor') }} as adult_social_care_real_gbp,
    p.deflator_release_id,
    {{ ratio('p.low_confidence_pence', 'p.absolute_pence') }} as low_confidence_share,
    {{ ratio('p.modelled_pence', 'p.absolute_pence') }} as modelled_share,
    p.is_modelled,
    p.rule_set,
    y.previous_financial_year,
    y.line_layout <> y.previous_line_layout as is_form_changed,
    {{ to_gbp('m.movement_pence') }} as movement_gbp,
    {{ to_gbp('m.real_shift_pence') }} as movement_real_shift_gbp,
    {{ to_gbp('m.mix_pence') }} as movement_mix_gbp,
    {{ to_gbp('m.growth_pence') }} as movement_growth_gbp,
    {{ to_gbp('m.definition_pence') }} as movement_definition_gbp,
    case when not m.is_form_changed then
        cast(round(cast(m.common_last_pence as double) / 100
            * (cast(p.deflator_index as double) / nullif(cast(b.deflator_index as double), 0) - 1), 2) as decimal(18, 2))
    end as movement_growth_price_gbp,
    {{ to_gbp('a.movement_pence') }} as adult_social_care_movement_gbp,
    {{ to_gbp('a.real_shift_pence') }} as adult_social_care_movement_real_shift_gbp,
    {{ to_gbp('a.mix_pence') }} as adult_social_care_movement_mix_gbp,
    {{ to_gbp('a.growth_pence') }} as adult_social_care_movement_growth_gbp,
    {{ to_gbp('a.definition_pence') }} as adult_social_care_movement_definition_gbp,
    d.shift_target_share,
    d.shift_target_year,
    case when not m.is_form_changed then {{ ratio('m.real_shift_pence', 'm.last_budget_pence') }} end as achieved_shift_share,
    case when not m.is_form_changed then
        cast(round(cast(m.real_shift_pence as double)
            / nullif(cast(m.last_budget_pence as double) * cast(d.shift_target_share as double), 0), 6) as decimal(18, 6))
    end as shift_target_progress_share
from figures as p
left join {{ ref('int_year_pairs') }} as y
    on p.council_code = y.council_code and p.financial_year = y.financial_year and p.statement = y.statement
left join {{ ref('int_prevention_movements') }} as m
    on p.council_code = m.council_code and p.financial_year = m.financial_year and p.statement = m.statement
    and p.outcome_code = m.outcome_code and p.cost_view = m.cost_view and p.perimeter = m.perimeter
    and m.section_set = 'all_held'
left join {{ ref('int_prevention_movements') }} as a
    on p.council_code = a.council_code and p.financial_year = a.financial_year and p.statement = a.statement
    and p.outcome_code = a.outcome_code and p.cost_view = a.cost_view and p.perimeter = a.perimeter
    and a.section_set = 'adult_social_care'
left join {{ ref('dim_financial_year') }} as b on y.previous_financial_year = b.financial_year
left join declared as d on p.council_code = d.council_code and p.financial_year = d.financial_year
