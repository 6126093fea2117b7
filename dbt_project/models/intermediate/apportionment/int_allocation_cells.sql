-- Both cost views of every allocation, with the least and the most each cell can be once the line's total is
-- respected: what the other cells must at least take cannot be had, what they cannot take must be had.
with both_views as (
    select
        line_key, service_code, outcome_code, tier, 'direct' as cost_view, rule_key, rule_key as direct_rule_key,
        tier_rule_key, confidence, is_modelled, is_home_care, tier_pence, tier_gross_pence, cast(0 as bigint) as followed_pence,
        low_pence, high_pence
    from {{ ref('int_allocation_tiers') }}
    union all
    select
        line_key, service_code, outcome_code, tier, 'full_cost' as cost_view, rule_key, direct_rule_key,
        tier_rule_key, confidence, is_modelled, is_home_care, tier_pence, tier_gross_pence, followed_pence, low_pence, high_pence
    from {{ ref('int_allocation_full_cost') }}
),

line_bounds as (
    select
        line_key,
        outcome_code,
        cost_view,
        cast(sum(low_pence) as bigint) as line_low_pence,
        cast(sum(high_pence) as bigint) as line_high_pence
    from both_views
    group by line_key, outcome_code, cost_view
)

select c.*, b.line_low_pence, b.line_high_pence
from both_views as c
inner join line_bounds as b
    on c.line_key = b.line_key and c.outcome_code = b.outcome_code and c.cost_view = b.cost_view
