-- Both cost views of every allocation, with the least and the most each cell can be once the line's total is
-- respected: what the other cells must at least take cannot be had, what they cannot take must be had.
with both_views as (
    select
        line_key, council_code, financial_year, rule_year, is_restated, statement, section, department, line_code,
        amount_pence, service_code, outcome_code, tier, 'direct' as cost_view, rule_set, definition_version, rule_id,
        tier_rule_id, basis, confidence, is_modelled, is_home_care, tier_pence, cast(0 as bigint) as followed_pence,
        low_pence, high_pence
    from {{ ref('int_allocation_tiers') }}
    union all
    select
        line_key, council_code, financial_year, rule_year, is_restated, statement, section, department, line_code,
        amount_pence, service_code, outcome_code, tier, 'full_cost' as cost_view, rule_set, definition_version, rule_id,
        tier_rule_id, basis, confidence, is_modelled, is_home_care, tier_pence, followed_pence, low_pence, high_pence
    from {{ ref('int_allocation_full_cost') }}
)

select
    *,
    cast(sum(low_pence) over (partition by line_key, outcome_code, cost_view) as bigint) as line_low_pence,
    cast(sum(high_pence) over (partition by line_key, outcome_code, cost_view) as bigint) as line_high_pence
from both_views
