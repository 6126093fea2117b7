-- The last edition of each sheet, with the kind of answer that each question asks for.
with items as (
    select distinct document_type, item_code, answer_type from {{ codebook_list('coding_items') }}
)

select
    c.coding_kind,
    c.document_type,
    c.wave,
    c.series,
    c.unit_kind,
    c.unit_code,
    c.unit_name,
    c.item_code,
    i.answer_type,
    c.code,
    c.is_present,
    c.coder,
    c.is_adjudicated,
    c.quotation,
    c.page,
    c.is_sample,
    c.release_id,
    c.sheet,
    c.source_row,
    c.source_column
from {{ source('raw', 'codings') }} as c
inner join {{ source('raw', 'releases') }} as e on c.release_id = e.release_id and e.is_serving
inner join items as i on c.document_type = i.document_type and c.item_code = i.item_code
