-- The pounds and pence each rule gives: line × service × tier, in both cost views. Here the keys that the steps
-- carry are turned back into the line's and the rule's own words. Only outcomes that are kept line by line.
select
    l.council_code,
    l.financial_year,
    l.statement,
    l.line_code,
    c.service_code,
    c.outcome_code,
    c.tier,
    c.cost_view,
    l.section,
    l.department,
    s.rule_set,
    s.definition_version,
    s.rule_id,
    t.tier_rule_id,
    coalesce(d.basis, 'pro_rata') as basis,
    c.confidence,
    c.is_modelled,
    c.is_home_care,
    {{ to_gbp('c.tier_pence') }} as amount_gbp,
    {{ to_gbp(set_low('l.amount_pence', 'c.low_pence', 'c.high_pence', 'c.line_low_pence', 'c.line_high_pence')) }} as amount_low_gbp,
    {{ to_gbp(set_high('l.amount_pence', 'c.low_pence', 'c.high_pence', 'c.line_low_pence', 'c.line_high_pence')) }} as amount_high_gbp,
    {{ to_gbp('c.followed_pence') }} as overhead_gbp,
    case when l.gross_pence is not null then {{ to_gbp('c.tier_gross_pence') }} end as gross_gbp,
    case when l.gross_pence is not null then {{ to_gbp('c.tier_gross_pence - c.tier_pence') }} end as income_gbp
from {{ ref('int_allocation_cells') }} as c
inner join {{ ref('outcomes') }} as o on c.outcome_code = o.outcome_code and o.has_line_detail
inner join {{ ref('int_apportioned_lines') }} as l on c.line_key = l.line_key
inner join {{ ref('int_line_shares') }} as s on c.rule_key = s.rule_key
left join {{ ref('int_line_shares') }} as d on c.direct_rule_key = d.rule_key
inner join {{ ref('int_tier_shares') }} as t on c.tier_rule_key = t.tier_rule_key
where not l.is_restated
