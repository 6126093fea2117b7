with councils as (
    select document_type, wave, unit_code, {{ joined('council_code', ', ') }} as council_codes
    from {{ ref('core_coding_units') }}
    group by document_type, wave, unit_code
)

select
    c.unit_kind,
    c.unit_code,
    c.unit_name,
    u.council_codes,
    c.document_type,
    c.wave,
    c.series,
    c.item_code as field_code,
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
left join councils as u on c.document_type = u.document_type and c.wave = u.wave and c.unit_code = u.unit_code
where c.coding_kind = 'strategy' and c.is_present
