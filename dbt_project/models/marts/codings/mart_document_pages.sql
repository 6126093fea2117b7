-- The text behind the codes by page, names, e-mail addresses and telephone numbers masked before anything was kept.
select
    d.document_type,
    d.wave,
    d.unit_code,
    d.page,
    d.page_text,
    d.masked_names,
    d.masked_emails,
    d.masked_telephones,
    e.file,
    e.sha256,
    d.is_sample,
    d.release_id
from {{ source('raw', 'document_pages') }} as d
inner join {{ source('raw', 'releases') }} as e on d.release_id = e.release_id and e.is_serving
