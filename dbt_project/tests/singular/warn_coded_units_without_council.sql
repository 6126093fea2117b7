{{ config(severity='warn', meta={"dagster": {"ref": {"name": "core_coding_units"}}}) }}
-- Coded units that speak for no council: a code mistyped, a council that was not there in the year of the wave, or a
-- partnership whose members nobody has put into partnership_bridge. They count in national tables and in no council.
select distinct c.unit_kind, c.unit_code, c.unit_name, c.document_type, c.wave
from {{ ref('core_codings_placed') }} as c
left join {{ ref('core_coding_units') }} as u
    on c.document_type = u.document_type and c.wave = u.wave and c.unit_code = u.unit_code
where u.unit_code is null
