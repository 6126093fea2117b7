-- Which councils a unit speaks for in the year its wave was made for: a council for itself, a board for the councils
-- that shared it or else for the one it is named after, a partnership for its members.
with units as (
    select distinct c.document_type, c.wave, c.unit_kind, c.unit_code, w.evidence_year
    from {{ ref('stg_codings__codings') }} as c
    inner join {{ ref('coding_waves') }} as w on c.document_type = w.document_type and c.wave = w.wave
),

shared as (
    select council_code, board_code as unit_code, valid_from_year, coalesce(valid_to_year, '9999-00') as valid_to_year
    from {{ ref('board_bridge') }}
),

members as (
    select
        council_code, partnership_code as unit_code, valid_from_year, coalesce(valid_to_year, '9999-00') as valid_to_year
    from {{ ref('partnership_bridge') }}
),

belonging as (
    select u.*, u.unit_code as council_code
    from units as u
    where u.unit_kind = 'council'
    union all
    select u.*, b.council_code
    from units as u
    inner join shared as b
        on u.unit_code = b.unit_code and u.evidence_year between b.valid_from_year and b.valid_to_year
    where u.unit_kind = 'board'
    union all
    select u.*, substr(u.unit_code, 5) as council_code
    from units as u
    where
        u.unit_kind = 'board'
        and starts_with(u.unit_code, 'hwb_')
        and not exists (
            select 1
            from shared as b
            where
                b.council_code = substr(u.unit_code, 5)
                and u.evidence_year between b.valid_from_year and b.valid_to_year
        )
    union all
    select u.*, m.council_code
    from units as u
    inner join members as m
        on u.unit_code = m.unit_code and u.evidence_year between m.valid_from_year and m.valid_to_year
    where u.unit_kind = 'partnership'
)

select b.document_type, b.wave, b.unit_kind, b.unit_code, b.evidence_year, b.council_code
from belonging as b
inner join {{ ref('dim_council') }} as c
    on
        b.council_code = c.council_code
        and b.evidence_year between c.valid_from_year and coalesce(c.valid_to_year, '9999-00')
