-- What shares and rates are taken of: each council-year's published total of adult social care, its money in
-- scope, its population and its price factor; which budgets the return holds, and whether it says what they are for.
with totals as (
    select
        council_code,
        financial_year,
        statement,
        -- Where a later total is served, shares are still taken of the one to which the apportioned lines add up.
        {{ to_pence("max(case when measure = 'net_current_expenditure' then coalesce(superseded_gbp, amount_gbp) end)") }}
            as adult_social_care_total_pence,
        {{ to_pence("max(case when measure = 'total_expenditure' then coalesce(superseded_gbp, amount_gbp) end)") }}
            as adult_social_care_gross_total_pence
    from {{ ref('fct_budget_line') }}
    where
        body_kind = 'council' and line_code = '360' and section = 'adult_social_care'
        and measure in ('net_current_expenditure', 'total_expenditure') and amount_gbp is not null
    group by council_code, financial_year, statement
),

scope as (
    select council_code, financial_year, statement, cast(sum(amount_pence) as bigint) as in_scope_pence
    from {{ ref('int_apportioned_lines') }}
    where not is_restated
    group by council_code, financial_year, statement
),

-- A budget is held where the return prints lines of it: a total alone says nothing about prevention.
held as (
    select
        council_code,
        financial_year,
        statement,
        max(case when department = 'public_health' then 1 else 0 end) = 1 as has_public_health,
        max(case when department = 'wider_council' then 1 else 0 end) = 1 as has_wider_council,
        count(*) = count(gross_pence) as has_gross
    from {{ ref('int_candidate_lines') }}
    where scope = 'in_scope'
    group by council_code, financial_year, statement
)

select
    s.council_code,
    s.financial_year,
    s.statement,
    s.in_scope_pence,
    'adult_social_care' || case when h.has_public_health then ', public_health' else '' end
        || case when h.has_wider_council then ', wider_council' else '' end as sections_held,
    coalesce(h.has_public_health, false) as has_public_health,
    coalesce(h.has_wider_council, false) as has_wider_council,
    coalesce(b.is_total_only, false) as is_total_only,
    coalesce(b.is_broken_down, true) as is_broken_down,
    b.not_broken_down_reason,
    t.adult_social_care_total_pence,
    t.adult_social_care_gross_total_pence,
    coalesce(h.has_gross, false) as has_gross,
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
left join held as h
    on s.council_code = h.council_code and s.financial_year = h.financial_year and s.statement = h.statement
left join {{ ref('int_return_breakdowns') }} as b
    on s.council_code = b.council_code and s.financial_year = b.financial_year and s.statement = b.statement
left join {{ ref('core_council_population') }} as p
    on s.council_code = p.council_code and s.financial_year = p.financial_year
left join {{ ref('dim_financial_year') }} as y on s.financial_year = y.financial_year
