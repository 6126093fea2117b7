-- The units of each wave and the councils they speak for, coded or not: a council for itself, a board for the councils
-- that shared it or else for the one it is named after, a partnership for its members. One row is a unit × council.
with councils as (
    select w.document_type, w.wave, w.unit_kind, w.evidence_year, c.council_code, c.council_name
    from {{ codebook_list('coding_waves') }} as w
    inner join {{ ref('dim_council') }} as c
        on w.evidence_year between c.valid_from_year and coalesce(c.valid_to_year, '9999-00')
),

shared as (
    select council_code, board_code, board_name, valid_from_year, coalesce(valid_to_year, '9999-00') as valid_to_year
    from {{ codebook_list('board_bridge') }}
),

members as (
    select
        council_code, partnership_code, partnership_name,
        valid_from_year, coalesce(valid_to_year, '9999-00') as valid_to_year
    from {{ codebook_list('partnership_bridge') }}
)

select
    c.document_type, c.wave, c.unit_kind,
    case c.unit_kind
        when 'council' then c.council_code
        when 'board' then coalesce(b.board_code, 'hwb_' || c.council_code)
        else m.partnership_code
    end as unit_code,
    case c.unit_kind
        when 'council' then c.council_name
        when 'board' then coalesce(b.board_name, c.council_name || ': health and wellbeing board')
        else m.partnership_name
    end as unit_name,
    c.evidence_year,
    c.council_code
from councils as c
left join shared as b
    on
        c.unit_kind = 'board' and c.council_code = b.council_code
        and c.evidence_year between b.valid_from_year and b.valid_to_year
left join members as m
    on
        c.unit_kind = 'partnership' and c.council_code = m.council_code
        and c.evidence_year between m.valid_from_year and m.valid_to_year
where c.unit_kind != 'partnership' or m.partnership_code is not null
