-- Whether a unit carries a code: yes, no, or unknown because it was not read, left blank, or read differently by two
-- coders of whom one saw the code. One row is a unit × series × code in use.
with codes as (
    select
        document_type, wave, item_code, item_answer_type, code,
        case when item_answer_type = 'themes' then code else '' end as theme
    from {{ ref('core_codebook') }}
),

-- A theme is joined by its code, an answer by its item alone.
agreed as (
    select *, case when answer_type = 'themes' then code else '' end as theme from {{ ref('int_codings_agreed') }}
),

statuses as (
    select document_type, wave, series, unit_code, item_code, not is_present as is_unanswered
    from {{ ref('int_codings_agreed') }}
    where code = 'answered' and basis != 'undecided'
)

select
    r.document_type,
    r.wave,
    r.series,
    r.is_latest_series,
    r.unit_code,
    r.is_coded,
    c.item_code,
    c.code,
    a.basis,
    case when a.basis = 'undecided' and a.answer_type != 'themes' then {{ elements_in(parts_of('a.readings', '|')) }} end
        as readings_count,
    case
        when not r.is_coded then 'unknown'
        when c.item_answer_type = 'themes'
            then case
                when a.basis = 'undecided' then 'unknown'
                when a.is_present then 'yes'
                when a.basis is not null then 'no'
                when r.is_silent or s.is_unanswered then 'no'
                else 'unknown'
            end
        when a.basis = 'undecided'
            then case when array_contains({{ parts_of('a.readings', '|') }}, c.code) then 'unknown' else 'no' end
        when a.code = c.code then 'yes'
        when a.basis is not null then 'no'
        when r.is_silent then 'no'
        else 'unknown'
    end as state
from {{ ref('int_coding_reach') }} as r
inner join codes as c on r.document_type = c.document_type and r.wave = c.wave
left join agreed as a
    on
        r.document_type = a.document_type and r.wave = a.wave and r.series = a.series and r.unit_code = a.unit_code
        and c.item_code = a.item_code and c.theme = a.theme
left join statuses as s
    on
        r.document_type = s.document_type and r.wave = s.wave and r.series = s.series and r.unit_code = s.unit_code
        and c.item_code = s.item_code and c.code != 'answered'
