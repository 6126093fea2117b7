-- Step one of submitted maps, from the file each map is taken from; quantities and shares stay as given.
select
    m.map_id,
    m.map_kind,
    m.council_code,
    m.valid_from_year,
    m.valid_to_year,
    m.definition_version,
    m.statement,
    m.line_code,
    m.service_code,
    m.service_name,
    m.department,
    m.basis,
    m.driver_kind,
    m.driver_value,
    m.low_share,
    m.high_share,
    m.confidence,
    m.performance_measure,
    m.evidence,
    m.assessor_role,
    m.assessed_on,
    m.release_id,
    m.sheet,
    m.source_row
from {{ source('raw', 'service_map_lines') }} as m
inner join {{ ref('stg_service_map__editions') }} as e
    on m.map_id = e.map_id and m.council_code = e.council_code and m.release_id = e.release_id
