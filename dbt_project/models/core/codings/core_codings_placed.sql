-- Codings whose unit is not in doubt. A coder who sent the same unit on two sheets is read from the later release id.
select c.* exclude (given_code, given_name, set_aside_reason)
from {{ ref('core_codings_compared') }} as c
where c.set_aside_reason is null
qualify
    row_number() over (
        partition by
            c.document_type, c.wave, c.series, c.unit_code, c.coder, c.item_code,
            case when c.answer_type = 'themes' then c.code else '' end
        order by c.release_id desc, c.source_row, c.source_column
    ) = 1
