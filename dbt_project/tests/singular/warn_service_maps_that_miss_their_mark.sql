{{ config(severity="warn", meta={"dagster": {"ref": {"name": "stg_service_map__lines"}}}) }}
-- Submitted maps whose money goes nowhere: a council or line that no budget of the map's years has, or a map
-- that two files carry.
select m.map_id, m.council_code, m.line_code, 'no budget line of the map''s years' as problem
from {{ ref('stg_service_map__lines') }} as m
left join {{ ref('int_apportioned_lines') }} as l
    on
        m.council_code = l.council_code
        and m.line_code = l.line_code
        and m.statement in (l.statement, 'both')
        and l.rule_year >= m.valid_from_year
        and l.rule_year <= coalesce(m.valid_to_year, '9999-00')
where l.line_code is null
union all
select map_id, council_code, null, 'carried by ' || files || ' files; taken from ' || release_id
from {{ ref('stg_service_map__editions') }}
where files > 1
