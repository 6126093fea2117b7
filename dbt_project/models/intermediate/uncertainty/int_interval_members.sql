-- Councils of each figure that has an interval: every council by itself, and each area and panel.
select 'council' as area_kind, council_code as area_code, panel, council_code, financial_year, statement
from {{ ref('int_panel_members') }}
where panel = 'all'
union all
select a.area_kind, a.area_code, p.panel, a.council_code, a.financial_year, p.statement
from {{ ref('int_area_members') }} as a
inner join {{ ref('int_panel_members') }} as p
    on a.council_code = p.council_code and a.financial_year = p.financial_year
