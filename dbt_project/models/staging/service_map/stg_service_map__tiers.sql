-- Step two of submitted maps, from the file each map is taken from. A service whose standard service is long-term
-- home care is home care unless the map says otherwise.
select
    m.map_id,
    m.council_code,
    m.service_code,
    m.outcome_code,
    m.tier,
    m.tier_share,
    m.low_share,
    m.high_share,
    coalesce(m.is_home_care, s.is_home_care, false) as is_home_care,
    m.confidence,
    m.evidence,
    m.release_id,
    m.source_row
from {{ source('raw', 'service_map_tiers') }} as m
inner join {{ ref('stg_service_map__editions') }} as e
    on m.map_id = e.map_id and m.council_code = e.council_code and m.release_id = e.release_id
left join {{ ref('services') }} as s on m.service_code = s.service_code
