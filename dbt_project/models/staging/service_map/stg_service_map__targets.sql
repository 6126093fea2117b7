-- Declared shift targets and the step-five answers, from the file each map is taken from.
select
    m.map_id,
    m.council_code,
    m.item,
    m.value_text,
    m.release_id
from {{ source('raw', 'service_map_targets') }} as m
inner join {{ ref('stg_service_map__editions') }} as e
    on m.map_id = e.map_id and m.council_code = e.council_code and m.release_id = e.release_id
