-- Council ledgers, one row a cost centre, serving editions only, amounts in pence.
select
    l.ledger_id,
    l.council_code,
    l.financial_year,
    l.statement,
    l.cost_centre_code,
    l.cost_centre_name,
    l.line_code,
    l.service_code,
    {{ to_pence('l.net_gbp') }} as net_pence,
    {{ to_pence('l.tolerance_gbp') }} as tolerance_pence,
    l.release_id,
    l.source_row
from {{ source('raw', 'ledger_lines') }} as l
inner join {{ source('raw', 'releases') }} as e on l.release_id = e.release_id and e.is_serving
