-- The headline by perimeter, as people quote it: worked out in int_prevention_headlines, which comparisons and the
-- say-do models read as well, so that no model reads a mart to make another; with the central interval beside it.
select
    h.*,
    {{ central_interval_columns() }},
    d.care_home_driver_year,
    d.care_home_driver_age_years
from {{ ref('int_prevention_headlines') }} as h
left join {{ ref('int_central_intervals') }} as i
    on i.area_kind = 'council' and h.council_code = i.area_code and h.financial_year = i.financial_year
    and h.statement = i.statement and h.outcome_code = i.outcome_code and h.cost_view = i.cost_view
    and h.perimeter = i.perimeter
left join {{ ref('int_care_home_drivers') }} as d
    on h.council_code = d.council_code and h.financial_year = d.financial_year and h.statement = d.statement
