-- Which file a map is taken from. Corrections come under the same file name and replace each other; where two
-- files of different names carry the same map (council, first year, version), the later assessment counts,
-- and of one day the file whose name sorts last.
with files as (
    select
        m.map_id,
        m.council_code,
        m.release_id,
        max(m.assessed_on) as assessed_on
    from {{ source('raw', 'service_map_lines') }} as m
    inner join {{ source('raw', 'releases') }} as e on m.release_id = e.release_id and e.is_serving
    group by m.map_id, m.council_code, m.release_id
)

select
    map_id,
    council_code,
    release_id,
    assessed_on,
    count(*) over (partition by map_id, council_code) as files
from files
qualify row_number() over (partition by map_id, council_code order by assessed_on desc, release_id desc) = 1
