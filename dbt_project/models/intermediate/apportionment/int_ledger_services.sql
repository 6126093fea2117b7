-- Council ledgers against the lines they take the place of: one row a ledger line and service. A ledger is used
-- where it comes within its declared tolerance of the published line and no service of it is a net credit;
-- its split is then scaled to the published line. The gap is published either way.
with services as (
    select
        ledger_id,
        council_code,
        financial_year,
        statement,
        line_code,
        coalesce(service_code, 'unclassified') as service_code,
        cast(sum(net_pence) as bigint) as net_pence,
        max(tolerance_pence) as tolerance_pence,
        count(*) as cost_centres
    from {{ ref('stg_ledger__lines') }}
    group by ledger_id, council_code, financial_year, statement, line_code, coalesce(service_code, 'unclassified')
),

totals as (
    select
        s.*,
        cast(sum(s.net_pence) over (partition by s.ledger_id, s.line_code) as bigint) as ledger_pence,
        min(s.net_pence) over (partition by s.ledger_id, s.line_code) as smallest_pence,
        max(s.tolerance_pence) over (partition by s.ledger_id, s.line_code) as line_tolerance_pence,
        b.amount_pence as published_pence
    from services as s
    left join {{ ref('int_candidate_lines') }} as b
        on s.council_code = b.council_code and s.financial_year = b.financial_year
        and s.statement = b.statement and s.line_code = b.line_code
)

select
    ledger_id,
    council_code,
    financial_year,
    statement,
    line_code,
    service_code,
    net_pence,
    cost_centres,
    ledger_pence,
    published_pence,
    coalesce(line_tolerance_pence, 0) as tolerance_pence,
    case
        when published_pence is null then 'no_published_line'
        when abs(ledger_pence - published_pence) > coalesce(line_tolerance_pence, 0) then 'outside_tolerance'
        when smallest_pence < 0 then 'net_credit'
        when ledger_pence = 0 then 'no_money'
        else 'used'
    end as ledger_status
from totals
