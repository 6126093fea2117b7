-- The pounds and pence each rule gives: line × service × tier, in both cost views.
select
    council_code,
    financial_year,
    statement,
    line_code,
    service_code,
    outcome_code,
    tier,
    cost_view,
    section,
    department,
    rule_set,
    definition_version,
    rule_id,
    tier_rule_id,
    basis,
    confidence,
    is_modelled,
    is_home_care,
    {{ to_gbp('tier_pence') }} as amount_gbp,
    {{ to_gbp(set_low('amount_pence', 'low_pence', 'high_pence', 'line_low_pence', 'line_high_pence')) }} as amount_low_gbp,
    {{ to_gbp(set_high('amount_pence', 'low_pence', 'high_pence', 'line_low_pence', 'line_high_pence')) }} as amount_high_gbp,
    {{ to_gbp('followed_pence') }} as overhead_gbp
from {{ ref('int_allocation_cells') }}
where not is_restated
