-- Overall deprivation of each council on the boundaries of the index, and its tenth of all councils: 1 is the
-- most deprived.
with scores as (
    select d.council_code, d.council_name, d.value as imd_average_score, d.release_id
    from {{ source('raw', 'deprivation_cells') }} as d
    inner join {{ source('raw', 'releases') }} as e on d.release_id = e.release_id and e.is_serving
    where d.domain = 'imd' and d.measure = 'average_score'
    qualify dense_rank() over (order by d.release_id desc) = 1
)

select
    council_code,
    council_name,
    cast(imd_average_score as decimal(18, 3)) as imd_average_score,
    cast(ntile(10) over (order by imd_average_score desc, council_code) as integer) as deprivation_decile,
    release_id
from scores
