-- Payments added up by the cost centre that declared rules give them; what no rule claims is shown as `unmapped`. Whom
-- money was paid to is not published: the name may be a person's.
select
    council_code,
    financial_year,
    coalesce(cost_centre_code, 'unmapped') as cost_centre_code,
    coalesce(line_code, 'unmapped') as line_code,
    coalesce(service_code, 'unmapped') as service_code,
    coalesce(rule_name, 'unmapped') as rule_name,
    bool_or(rule_name is not null) as is_mapped,
    count(*) as payments,
    min(paid_on) as first_paid_on,
    max(paid_on) as last_paid_on,
    {{ to_gbp('sum(amount_pence)') }} as amount_gbp
from {{ ref('stg_payments__payments') }}
group by
    council_code, financial_year, coalesce(cost_centre_code, 'unmapped'), coalesce(line_code, 'unmapped'),
    coalesce(service_code, 'unmapped'), coalesce(rule_name, 'unmapped')
