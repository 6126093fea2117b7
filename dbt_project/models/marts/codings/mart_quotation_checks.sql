-- Every quotation whose document is held: is it there, on its page? What does not is not shown with its code.
select distinct
    q.document_type,
    q.wave,
    q.unit_code,
    c.unit_name,
    q.item_code,
    c.coder,
    c.quotation,
    c.page,
    q.status,
    q.found_page,
    q.nearest,
    q.nearest_page,
    q.release_id,
    q.source_row
from {{ source('raw', 'quotation_checks') }} as q
inner join {{ ref('core_codings_compared') }} as c
    on
        q.release_id = c.release_id and q.source_row = c.source_row and q.document_type = c.document_type
        and q.wave = c.wave and q.unit_code = c.given_code and q.item_code = c.item_code
where c.quotation is not null
