-- Declared shift targets and the step-five answers, serving editions only.
select
    m.map_id,
    m.council_code,
    m.item,
    m.value_text,
    m.release_id
from {{ source('raw', 'service_map_targets') }} as m
inner join {{ source('raw', 'releases') }} as e on m.release_id = e.release_id and e.is_serving
