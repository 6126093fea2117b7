-- Rows of coding sheets that count for nothing because their unit is in doubt, with the reason and what to do.
select
    c.document_type,
    c.wave,
    c.series,
    c.coder,
    c.given_code,
    c.given_name,
    c.release_id,
    c.sheet,
    c.source_row,
    count(*) as cells,
    c.set_aside_reason as reason,
    'Compare code and name on row ' || c.source_row || ' with the template, correct the sheet and send it again' as remedy
from {{ ref('core_codings_compared') }} as c
where c.set_aside_reason is not null
group by
    c.document_type, c.wave, c.series, c.coder, c.given_code, c.given_name, c.release_id, c.sheet, c.source_row,
    c.set_aside_reason
