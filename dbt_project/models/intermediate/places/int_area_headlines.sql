-- The headline of England and of each area: sums over the councils of a panel, rates formed from sums. Adult social
-- care first; amount_gbp only where all councils in the sum hold the same budgets. Movement is that of the matched
-- panel alone: in the others who answered differs from year to year. Across a change of the form there is none.
with members as (
    select a.area_kind, a.area_code, a.area_name, p.panel, a.council_code, a.financial_year, p.statement
    from {{ ref('int_area_members') }} as a
    inner join {{ ref('int_panel_members') }} as p
        on a.council_code = p.council_code and a.financial_year = p.financial_year
),

standing as (
    select area_kind, area_code, financial_year, cast(count(*) as integer) as councils_standing
    from {{ ref('int_area_members') }}
    group by area_kind, area_code, financial_year
),

summed as (
    select
        m.area_kind,
        m.area_code,
        m.area_name,
        h.financial_year,
        h.statement,
        h.outcome_code,
        h.cost_view,
        h.perimeter,
        h.per_head_population,
        m.panel,
        cast(count(*) as integer) as councils,
        min(h.sections_held) = max(h.sections_held) as is_same_sections,
        min(h.sections_held) as sections_first,
        count(*) = count(h.public_health_gbp) as has_public_health,
        count(*) = count(h.wider_council_gbp) as has_wider_council,
        {% for column in ['amount_gbp', 'amount_low_gbp', 'amount_high_gbp', 'adult_social_care_gbp',
            'adult_social_care_low_gbp', 'adult_social_care_high_gbp', 'public_health_gbp', 'wider_council_gbp', 'home_care_gbp',
            'reactive_gbp', 'reactive_low_gbp', 'reactive_high_gbp', 'enabling_gbp', 'unclassified_gbp', 'outcome_budget_gbp',
            'adult_social_care_total_gbp'] %}
        cast(sum(h.{{ column }}) as decimal(18, 2)) as {{ column }},
        {% endfor %}
        {% for column in ['gross_gbp', 'adult_social_care_gross_gbp', 'adult_social_care_gross_total_gbp'] %}
        case when count(*) = count(h.{{ column }}) then cast(sum(h.{{ column }}) as decimal(18, 2)) end as {{ column }},
        {% endfor %}
        cast(sum(case when h.adult_social_care_total_gbp is not null then h.adult_social_care_gbp end) as decimal(18, 2))
            as shared_gbp,
        cast(sum(case when h.adult_social_care_total_gbp is not null then h.adult_social_care_low_gbp end) as decimal(18, 2))
            as shared_low_gbp,
        cast(sum(case when h.adult_social_care_total_gbp is not null then h.adult_social_care_high_gbp end) as decimal(18, 2))
            as shared_high_gbp,
        cast(sum(h.population_65_plus) as bigint) as population_65_plus,
        cast(sum(h.population_18_plus) as bigint) as population_18_plus,
        sum(case when h.population_65_plus is not null then h.amount_gbp end) as peopled_gbp,
        sum(case when h.population_65_plus is not null then h.adult_social_care_gbp end) as peopled_adult_social_care_gbp,
        sum(h.amount_gbp * h.low_confidence_share) as low_confidence_gbp,
        sum(h.amount_gbp * h.modelled_share) as modelled_gbp,
        sum(case when h.low_confidence_share is not null then h.amount_gbp end) as graded_gbp,
        max(case when h.is_modelled then 1 else 0 end) = 1 as is_modelled,
        max(case when h.is_form_changed then 1 else 0 end) = 1 as is_form_changed
    from members as m
    inner join {{ ref('int_prevention_headlines') }} as h
        on m.council_code = h.council_code and m.financial_year = h.financial_year and m.statement = h.statement
    where h.is_broken_down
    group by
        m.area_kind, m.area_code, m.area_name, h.financial_year, h.statement, h.outcome_code, h.cost_view, h.perimeter,
        h.per_head_population, m.panel
),

moved as (
    select
        *,
        panel = 'matched' and not is_form_changed and lag(financial_year) over series is not null as is_compared,
        lag(financial_year) over series as previous_financial_year,
        lag(adult_social_care_gbp) over series as previous_gbp
    from summed
    window series as (
        partition by area_kind, area_code, statement, outcome_code, cost_view, perimeter, panel order by financial_year
    )
)

select
    s.area_kind,
    s.area_code,
    s.area_name,
    s.financial_year,
    s.statement,
    s.outcome_code,
    s.cost_view,
    s.perimeter,
    s.panel,
    s.councils,
    t.councils_standing,
    case
        when s.is_same_sections then s.sections_first
        else 'adult_social_care' || case when s.has_public_health then ', public_health' else '' end
            || case when s.has_wider_council then ', wider_council' else '' end
    end as sections_held,
    s.adult_social_care_gbp,
    s.adult_social_care_low_gbp,
    s.adult_social_care_high_gbp,
    s.adult_social_care_total_gbp,
    case when s.is_same_sections then s.gross_gbp end as gross_gbp,
    case when s.is_same_sections then cast(s.gross_gbp - s.amount_gbp as decimal(18, 2)) end as income_gbp,
    s.adult_social_care_gross_gbp,
    cast(s.adult_social_care_gross_gbp - s.adult_social_care_gbp as decimal(18, 2)) as adult_social_care_income_gbp,
    s.adult_social_care_gross_total_gbp,
    {{ ratio('s.shared_gbp', 's.adult_social_care_total_gbp') }} as share_of_adult_social_care_share,
    {{ ratio('s.shared_low_gbp', 's.adult_social_care_total_gbp') }} as share_of_adult_social_care_low_share,
    {{ ratio('s.shared_high_gbp', 's.adult_social_care_total_gbp') }} as share_of_adult_social_care_high_share,
    case when s.has_public_health then s.public_health_gbp end as public_health_gbp,
    case when s.has_wider_council then s.wider_council_gbp end as wider_council_gbp,
    case when s.is_same_sections then s.amount_gbp end as amount_gbp,
    case when s.is_same_sections then s.amount_low_gbp end as amount_low_gbp,
    case when s.is_same_sections then s.amount_high_gbp end as amount_high_gbp,
    s.home_care_gbp,
    s.reactive_gbp,
    s.reactive_low_gbp,
    s.reactive_high_gbp,
    s.enabling_gbp,
    s.unclassified_gbp,
    s.outcome_budget_gbp,
    case
        when s.is_same_sections and s.amount_gbp >= 0 and s.reactive_gbp >= 0
            then {{ ratio('s.amount_gbp', 's.amount_gbp + s.reactive_gbp') }}
    end as preventative_share,
    case
        when s.adult_social_care_gbp >= 0 and s.reactive_gbp >= 0
            then {{ ratio('s.adult_social_care_gbp', 's.adult_social_care_gbp + s.reactive_gbp') }}
    end as adult_social_care_preventative_share,
    s.population_65_plus,
    s.population_18_plus,
    case when s.per_head_population = '65_plus' then {{ ratio('s.peopled_adult_social_care_gbp', 's.population_65_plus', 2) }} end
        as adult_social_care_per_head_65_plus_gbp,
    case when s.is_same_sections and s.per_head_population = '65_plus' then {{ ratio('s.peopled_gbp', 's.population_65_plus', 2) }} end
        as per_head_65_plus_gbp,
    s.per_head_population,
    {{ ratio('s.peopled_adult_social_care_gbp', population_of('s', 'per_head_population'), 2) }} as adult_social_care_per_head_gbp,
    case when s.is_same_sections then {{ ratio('s.peopled_gbp', population_of('s', 'per_head_population'), 2) }} end as per_head_gbp,
    cast(round(cast(s.adult_social_care_gbp as decimal(24, 2)) * cast(y.real_terms_factor as decimal(12, 8)), 2) as decimal(18, 2))
        as adult_social_care_real_gbp,
    case
        when s.is_same_sections
            then cast(round(cast(s.amount_gbp as decimal(24, 2)) * cast(y.real_terms_factor as decimal(12, 8)), 2) as decimal(18, 2))
    end as amount_real_gbp,
    y.price_year,
    {{ ratio('s.low_confidence_gbp', 's.graded_gbp') }} as low_confidence_share,
    {{ ratio('s.modelled_gbp', 's.graded_gbp') }} as modelled_share,
    s.is_modelled,
    case when s.is_compared then s.previous_financial_year end as previous_financial_year,
    case when s.is_compared then cast(s.adult_social_care_gbp - s.previous_gbp as decimal(18, 2)) end
        as adult_social_care_movement_gbp,
    case when s.is_compared then {{ ratio('s.adult_social_care_gbp - s.previous_gbp', 's.previous_gbp') }} end
        as adult_social_care_movement_share
from moved as s
inner join standing as t on s.area_kind = t.area_kind and s.area_code = t.area_code and s.financial_year = t.financial_year
left join {{ ref('dim_financial_year') }} as y on s.financial_year = y.financial_year
