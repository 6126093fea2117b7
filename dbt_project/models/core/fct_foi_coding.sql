select
    c.unit_kind,
    c.unit_code,
    c.unit_name,
    c.wave,
    c.series,
    c.item_code as question_code,
    c.code,
    b.code_label,
    c.coder,
    c.is_adjudicated,
    c.quotation,
    c.page,
    c.is_sample,
    c.release_id,
    c.sheet,
    c.source_row,
    c.source_column
from {{ ref('core_codings_placed') }} as c
left join {{ ref('core_codebook') }} as b
    on
        c.document_type = b.document_type and c.wave = b.wave and c.item_code = b.item_code and c.code = b.code
where c.coding_kind = 'foi' and c.is_present
