select n.council_code, n.neighbour_code, n.release_id
from {{ source('raw', 'nearest_neighbours') }} as n
inner join {{ source('raw', 'releases') }} as e on n.release_id = e.release_id and e.is_serving
qualify dense_rank() over (order by n.release_id desc) = 1
