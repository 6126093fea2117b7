-- Spending of England and of each area by tier: sums over the councils of a panel. Adult social care first; the whole
-- amount only where all councils in the sum hold the same budgets.
select
    a.area_kind,
    a.area_code,
    a.area_name,
    s.financial_year,
    s.statement,
    s.outcome_code,
    s.cost_view,
    s.tier,
    p.panel,
    cast(count(*) as integer) as councils,
    case when min(s.sections_held) = max(s.sections_held) then min(s.sections_held) else 'adult_social_care' end as sections_held,
    cast(sum(s.adult_social_care_gbp) as decimal(18, 2)) as adult_social_care_gbp,
    {% for column in ['amount_gbp', 'amount_low_gbp', 'amount_high_gbp'] %}
    case when min(s.sections_held) = max(s.sections_held) then cast(sum(s.{{ column }}) as decimal(18, 2)) end as {{ column }},
    {% endfor %}
    max(case when s.is_modelled then 1 else 0 end) = 1 as is_modelled
from {{ ref('int_area_members') }} as a
inner join {{ ref('int_panel_members') }} as p on a.council_code = p.council_code and a.financial_year = p.financial_year
inner join {{ ref('mart_prevention_spend') }} as s
    on p.council_code = s.council_code and p.financial_year = s.financial_year and p.statement = s.statement
group by
    a.area_kind, a.area_code, a.area_name, s.financial_year, s.statement, s.outcome_code, s.cost_view, s.tier, p.panel
