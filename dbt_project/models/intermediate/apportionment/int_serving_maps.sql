-- Which service maps hold for a council, statement and year of rules: of the maps of one kind the one that begins
-- last, whole, and of those the highest definition version.
with targets as (
    select distinct council_code, statement, rule_year from {{ ref('int_apportioned_lines') }}
),

map_lines as (
    select
        *,
        coalesce(try_cast(definition_version as decimal(18, 6)), 0) as version_number,
        case map_kind when 'council' then 2 else 3 end as precedence
    from {{ ref('stg_service_map__lines') }}
)

select council_code, statement, rule_year, map_id, precedence
from (
    select
        t.council_code,
        t.statement,
        t.rule_year,
        m.map_id,
        m.precedence,
        row_number() over (
            partition by t.council_code, t.statement, t.rule_year, m.precedence
            order by max(m.valid_from_year) desc, max(m.version_number) desc, m.map_id desc
        ) as place
    from targets as t
    inner join map_lines as m
        on t.council_code = m.council_code
        and m.statement in (t.statement, 'both')
        and t.rule_year >= m.valid_from_year
        and t.rule_year <= coalesce(m.valid_to_year, '9999-00')
    group by t.council_code, t.statement, t.rule_year, m.map_id, m.precedence
) as placed
where place = 1
