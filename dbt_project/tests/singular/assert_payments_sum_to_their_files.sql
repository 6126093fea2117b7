{{ config(meta={"dagster": {"ref": {"name": "mart_payments"}}}) }}
-- Rules move no money: the payments of a council and year come to the same, added up as sent and as published.
with sent as (
    select council_code, financial_year, sum(amount_gbp) as amount_gbp, count(*) as payments
    from {{ source('raw', 'payments') }}
    where release_id in (select release_id from {{ source('raw', 'releases') }} where is_serving)
    group by council_code, financial_year
),

published as (
    select council_code, financial_year, sum(amount_gbp) as amount_gbp, sum(payments) as payments
    from {{ ref('mart_payments') }}
    group by council_code, financial_year
)

select
    council_code,
    financial_year,
    s.amount_gbp as expected,
    p.amount_gbp as observed,
    s.payments as payments_sent,
    p.payments as payments_published
from sent as s
full join published as p using (council_code, financial_year)
where s.amount_gbp is distinct from p.amount_gbp or s.payments is distinct from p.payments
