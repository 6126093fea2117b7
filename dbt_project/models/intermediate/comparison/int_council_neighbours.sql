-- Neighbours of a council on any code of its area: a list drawn up on one year's codes serves another's.
select distinct own.same_area_code as council_code, theirs.same_area_code as neighbour_code
from {{ ref('stg_neighbours__pairs') }} as n
inner join {{ ref('int_comparison_codes') }} as own on n.council_code = own.code
inner join {{ ref('int_comparison_codes') }} as theirs on n.neighbour_code = theirs.code
where own.same_area_code != theirs.same_area_code
