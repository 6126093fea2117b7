-- Codings whose unit is not in doubt. A coder who sent the same unit on two sheets is read from the later release id.
-- Words that are not in the document they are quoted from, on their page, are left out; the code stays.
select
    c.* {{ but_columns(['given_code', 'given_name', 'set_aside_reason', 'quotation', 'page']) }},
    case when coalesce(q.status, 'on_page') = 'on_page' then c.quotation end as quotation,
    case when coalesce(q.status, 'on_page') = 'on_page' then c.page end as page,
    coalesce(q.status = 'on_page', false) as is_quotation_checked
from {{ ref('core_codings_compared') }} as c
left join {{ source('raw', 'quotation_checks') }} as q
    on
        c.release_id = q.release_id and c.source_row = q.source_row and c.document_type = q.document_type
        and c.wave = q.wave and c.given_code = q.unit_code and c.item_code = q.item_code
where c.set_aside_reason is null
qualify
    row_number() over (
        partition by
            c.document_type, c.wave, c.series, c.unit_code, c.coder, c.item_code,
            case when c.answer_type = 'themes' then c.code else '' end
        order by c.release_id desc, c.source_row, c.source_column
    ) = 1
