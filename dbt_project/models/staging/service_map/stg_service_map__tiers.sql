-- Step two of submitted maps, serving editions only.
select
    m.map_id,
    m.council_code,
    m.service_code,
    m.outcome_code,
    m.tier,
    m.tier_share,
    m.low_share,
    m.high_share,
    m.is_home_care,
    m.confidence,
    m.evidence,
    m.release_id,
    m.source_row
from {{ source('raw', 'service_map_tiers') }} as m
inner join {{ source('raw', 'releases') }} as e on m.release_id = e.release_id and e.is_serving
