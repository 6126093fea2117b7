-- The same answer for each region, class of council, combined area and partnership.
select *
from {{ ref('int_area_headlines') }}
where area_kind <> 'england'
