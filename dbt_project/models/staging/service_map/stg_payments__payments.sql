-- Payments that councils publish, one row a payment, serving editions only, amounts in pence.
select
    p.council_code,
    p.paid_on,
    p.financial_year,
    p.cost_centre_code,
    p.line_code,
    p.service_code,
    p.rule_name,
    {{ to_pence('p.amount_gbp') }} as amount_pence,
    p.release_id,
    p.source_row
from {{ source('raw', 'payments') }} as p
inner join {{ source('raw', 'releases') }} as e on p.release_id = e.release_id and e.is_serving
