-- The newest deflator release alone: releases have different base years and must not be mixed.
with serving as (
    select d.*
    from {{ source('raw', 'deflators') }} as d
    inner join {{ source('raw', 'releases') }} as e on d.release_id = e.release_id and e.is_serving
)

select
    financial_year,
    cast(deflator_index as decimal(18, 6)) as deflator_index,
    cast(growth_percent as decimal(10, 4)) as growth_percent,
    is_forecast,
    base_year,
    release_id
from serving
where release_id = (select max(release_id) from serving)
