-- Every cell on which coders differ, with each coder's reading and the words it rests on, and what was decided. The
-- last reading of each unit counts, as everywhere.
with agreed as (
    select *
    from {{ ref('int_codings_agreed') }}
    where is_latest_series and contains(readings, '|')
),

readings as (
    select
        *,
        case when answer_type = 'themes' then code else '' end as theme,
        case when answer_type = 'themes' then case when is_present then 'yes' else 'no' end else code end as reading
    from {{ ref('core_codings_placed') }}
    where not is_adjudicated
)

select
    a.document_type,
    a.wave,
    r.series,
    a.unit_kind,
    a.unit_code,
    a.unit_name,
    a.item_code,
    i.item_label,
    r.theme as code,
    coalesce(t.code_label, '') as code_label,
    case when r.theme = '' then a.item_code else a.item_code || ':' || r.theme end as sheet_column,
    r.coder,
    r.reading,
    case when r.theme = '' then coalesce(b.code_label, r.reading) else r.reading end as reading_label,
    r.quotation,
    r.page,
    a.basis = 'adjudicated' as is_decided,
    case
        when a.basis != 'adjudicated' then null
        when r.theme = '' then a.code
        when a.is_present then 'yes'
        else 'no'
    end as decision,
    a.is_sample,
    r.release_id,
    r.sheet,
    r.source_row,
    r.source_column
from agreed as a
inner join readings as r
    on
        a.document_type = r.document_type and a.wave = r.wave and a.unit_code = r.unit_code
        and a.item_code = r.item_code and cast(r.series as integer) = a.read_in_series
        and (a.answer_type != 'themes' or a.code = r.code)
inner join {{ codebook_list('coding_items') }} as i on a.document_type = i.document_type and a.item_code = i.item_code
left join {{ ref('core_codebook') }} as t
    on a.document_type = t.document_type and a.wave = t.wave and a.item_code = t.item_code and r.theme = t.code
left join {{ ref('core_codebook') }} as b
    on a.document_type = b.document_type and a.wave = b.wave and a.item_code = b.item_code and r.reading = b.code
