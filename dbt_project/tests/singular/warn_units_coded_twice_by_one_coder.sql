{{ config(severity='warn', meta={"dagster": {"ref": {"name": "stg_codings__codings"}}}) }}
-- depends_on: {{ ref('stg_codings__codings') }}
-- One coder, one unit, two sheets: only the sheet with the later release id is read, so the other codes are named here.
select c.document_type, c.wave, c.series, c.coder, c.unit_code, c.item_code, count(distinct c.release_id) as sheets
from {{ source('raw', 'codings') }} as c
inner join {{ source('raw', 'releases') }} as e on c.release_id = e.release_id and e.is_serving
group by c.document_type, c.wave, c.series, c.coder, c.unit_code, c.item_code
having count(distinct c.release_id) > 1
