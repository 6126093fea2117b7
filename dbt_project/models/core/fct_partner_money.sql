-- Money of partners as they declared it, the last edition of each ledger. One row is a row of a ledger.
select
    p.council_code,
    p.financial_year,
    p.statement,
    p.partner,
    p.partner_name,
    p.does,
    p.receiver,
    p.service,
    p.tier,
    p.gains,
    p.amount_gbp,
    p.note,
    p.release_id,
    p.sheet,
    p.source_row,
    p.source_column
from {{ source('raw', 'partner_money') }} as p
inner join {{ source('raw', 'releases') }} as e on p.release_id = e.release_id and e.is_serving
