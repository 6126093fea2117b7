-- What shares and rates are taken of: each council-year's published total of adult social care, its money in
-- scope, its population and its price factor.
with totals as (
    select
        council_code,
        financial_year,
        statement,
        -- Where a later total is served, shares are still taken of the one to which the apportioned lines add up.
        {{ to_pence('max(coalesce(superseded_gbp, amount_gbp))') }} as adult_social_care_total_pence
    from {{ ref('fct_budget_line') }}
    where
        body_kind = 'council' and line_code = '360' and section = 'adult_social_care'
        and measure = 'net_current_expenditure' and amount_gbp is not null
    group by council_code, financial_year, statement
),

scope as (
    select council_code, financial_year, statement, cast(sum(amount_pence) as bigint) as in_scope_pence
    from {{ ref('int_apportioned_lines') }}
    where not is_restated
    group by council_code, financial_year, statement
)

select
    s.council_code,
    s.financial_year,
    s.statement,
    s.in_scope_pence,
    t.adult_social_care_total_pence,
    p.population_65_plus,
    p.population_18_plus,
    p.population_basis,
    y.deflator_index,
    y.real_terms_factor,
    y.is_deflator_forecast,
    y.deflator_release_id
from scope as s
left join totals as t
    on s.council_code = t.council_code and s.financial_year = t.financial_year and s.statement = t.statement
left join {{ ref('core_council_population') }} as p
    on s.council_code = p.council_code and s.financial_year = p.financial_year
left join {{ ref('dim_financial_year') }} as y on s.financial_year = y.financial_year
