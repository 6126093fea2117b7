-- Step one: what the money of each line does. One row a line and service, in pence; the rest of a line that no
-- rule claims is a row of its own. Expenditure before income is split by the same weights; what a line prints without
-- it passes through as zero and is told apart by the line. Lines restated under the next year's rules lie beside the real ones.
{%- set amounts = {'amount_pence': 'service_pence', 'gross_pence': 'service_gross_pence'} %}
with by_line as (
    {{ weights_by_row(ref('int_line_shares'), ['line_key']) }}
),

narrow_lines as (
    select l.amount_pence, coalesce(l.gross_pence, 0) as gross_pence, w.*
    from {{ ref('int_apportioned_lines') }} as l
    inner join by_line as w on l.line_key = w.line_key
    where {{ fits_by_row(amounts) }}
),

shared as (
    {{ shared_by_row('narrow_lines', amounts, keep=['line_key']) }}
),

wide_recipients as (
    select s.line_key, s.service_code, s.rule_key, s.place, s.weight, l.amount_pence,
        coalesce(l.gross_pence, 0) as gross_pence
    from {{ ref('int_line_shares') }} as s
    inner join {{ ref('int_apportioned_lines') }} as l on s.line_key = l.line_key
    where not exists (select 1 from shared as n where n.line_key = s.line_key)
)

select
    s.line_key, s.service_code, s.rule_key, {{ at_place('service_pence', 's.place') }} as service_pence,
    {{ at_place('service_gross_pence', 's.place') }} as service_gross_pence
from {{ ref('int_line_shares') }} as s
inner join shared as n on s.line_key = n.line_key
union all
{{ shared_by_window('wide_recipients', ['line_key'], amounts, keep=['line_key', 'service_code', 'rule_key']) }}
