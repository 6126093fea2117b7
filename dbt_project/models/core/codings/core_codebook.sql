-- Both codebooks in one shape, a row for each wave a code is in use, with the code it is compared as.
with foi as (
    select
        'foi_response' as document_type,
        {{ one_row_each(parts_of("waves", "|")) }} as wave,
        question_code as item_code,
        code,
        code_order,
        label as code_label,
        answer_type
    from {{ codebook_list('foi_codebook') }}
),

strategy_documents as (
    select {{ one_row_each(parts_of("document_types", "|")) }} as document_type, waves, field_code, code, code_order, label, answer_type
    from {{ codebook_list('strategy_codebook') }}
),

strategy as (
    select
        document_type,
        {{ one_row_each(parts_of("waves", "|")) }} as wave,
        field_code as item_code,
        code,
        code_order,
        label as code_label,
        answer_type
    from strategy_documents
),

codes as (
    select * from foi
    union all
    select * from strategy
)

select
    c.document_type,
    c.wave,
    w.unit_kind,
    w.evidence_year,
    c.item_code,
    i.item_order,
    i.item_label,
    i.answer_type as item_answer_type,
    i.scale,
    coalesce(i.is_optional, false) as is_optional,
    c.code,
    c.code_order,
    c.code_label,
    c.answer_type,
    coalesce(x.comparable_code, c.code) as comparable_code,
    coalesce(x.comparable_label, c.code_label) as comparable_label,
    x.certainty as comparable_certainty
from codes as c
inner join {{ codebook_list('coding_waves') }} as w on c.document_type = w.document_type and c.wave = w.wave
inner join {{ codebook_list('coding_items') }} as i on c.document_type = i.document_type and c.item_code = i.item_code
left join {{ codebook_list('codebook_crosswalk') }} as x
    on c.document_type = x.document_type and c.item_code = x.item_code and c.wave = x.wave and c.code = x.code
