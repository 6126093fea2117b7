select
    c.cassr_code,
    c.council_code,
    c.council_name,
    c.council_type,
    c.region,
    c.release_id
from {{ source('raw', 'cassr_codes') }} as c
inner join {{ source('raw', 'releases') }} as e on c.release_id = e.release_id and e.is_serving
qualify row_number() over (partition by c.council_code order by c.release_id) = 1
