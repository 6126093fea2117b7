-- The same answer for each region, class of council, combined area and partnership.
select
    h.*,
    {{ central_interval_columns() }}
from {{ ref('int_area_headlines') }} as h
left join {{ ref('int_central_intervals') }} as i
    on h.area_kind = i.area_kind and h.area_code = i.area_code and h.panel = i.panel
    and h.financial_year = i.financial_year and h.statement = i.statement and h.outcome_code = i.outcome_code
    and h.cost_view = i.cost_view and h.perimeter = i.perimeter
where h.area_kind <> 'england'
