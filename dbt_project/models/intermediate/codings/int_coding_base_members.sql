-- Whether a unit belongs to a base that percentages are taken of: yes, no or unknown. A unit that was read belongs to
-- the base of all who were, whichever code it gets in the end.
with bases as (
    select base_name, document_type, item_code, {{ one_row_each(parts_of("codes", "|")) }} as code
    from {{ codebook_list('coding_bases') }}
),

reached as (
    select
        b.base_name, s.document_type, s.wave, s.series, s.is_latest_series, s.unit_code,
        bool_or(s.state = 'yes') as is_member,
        bool_and(s.state = 'no') as is_none,
        bool_and(s.basis = 'undecided') as is_undecided
    from bases as b
    inner join {{ ref('int_coding_states') }} as s
        on b.document_type = s.document_type and b.item_code = s.item_code and b.code = s.code
    group by b.base_name, s.document_type, s.wave, s.series, s.is_latest_series, s.unit_code
),

-- An undecided answer whose readings are all codes of the base belongs to it all the same.
undecided as (
    select
        a.document_type, a.wave, a.series, a.unit_code, b.base_name,
        count(distinct b.code) = {{ elements_in(parts_of('any_value(a.readings)', '|')) }} as is_member
    from {{ ref('int_codings_agreed') }} as a
    inner join bases as b
        on
            a.document_type = b.document_type and a.item_code = b.item_code
            and array_contains({{ parts_of('a.readings', '|') }}, b.code)
    where a.basis = 'undecided' and a.code = ''
    group by a.document_type, a.wave, a.series, a.unit_code, b.base_name
)

select
    r.base_name,
    r.document_type,
    r.wave,
    r.series,
    r.is_latest_series,
    r.unit_code,
    case
        when r.is_member or coalesce(u.is_member, false) then 'yes'
        when r.is_none then 'no'
        else 'unknown'
    end as membership
from reached as r
left join undecided as u
    on
        r.is_undecided and r.base_name = u.base_name and r.document_type = u.document_type and r.wave = u.wave
        and r.series = u.series and r.unit_code = u.unit_code
