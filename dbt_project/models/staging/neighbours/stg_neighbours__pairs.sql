-- Statistical neighbours from the list in use. A ranked list orders every other council: the nearest fifteen are
-- neighbours, as many as the older lists without ranks hold.
{% set neighbours = 15 %}
select n.council_code, n.neighbour_code, n.neighbour_rank, n.release_id
from {{ source('raw', 'nearest_neighbours') }} as n
inner join {{ source('raw', 'releases') }} as e on n.release_id = e.release_id and e.is_serving
where n.neighbour_rank is null or n.neighbour_rank <= {{ neighbours }}
qualify dense_rank() over (order by n.release_id desc) = 1
