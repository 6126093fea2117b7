-- Step two: why each service is there. One row a line, service, outcome and tier, in pence, inside the pence
-- that step one gave the service; so a change of tiers moves no money between services. Low and high are the
-- least and most the cell could be by its own rules, as absolute amounts.
with recipients as (
    select
        s.line_key,
        s.council_code,
        s.financial_year,
        s.rule_year,
        s.is_restated,
        s.statement,
        s.section,
        s.department,
        s.line_code,
        s.amount_pence,
        s.service_code,
        s.service_pence,
        s.rule_set,
        s.definition_version,
        s.rule_id,
        s.basis,
        s.low_ppm as service_low_ppm,
        s.high_ppm as service_high_ppm,
        o.outcome_code,
        coalesce(t.tier, 'unclassified') as tier,
        v.tier_order,
        coalesce(t.tier_rule_id, 'remainder') as tier_rule_id,
        coalesce(t.tier_weight, 1) as tier_weight,
        coalesce(t.low_ppm, 1000000) as tier_low_ppm,
        coalesce(t.high_ppm, 1000000) as tier_high_ppm,
        coalesce(t.is_home_care, false) as is_home_care,
        s.is_modelled or coalesce(t.is_modelled, false) as is_modelled,
        {{ lower_confidence('s.confidence', "coalesce(t.confidence, 'low')") }} as confidence
    from {{ ref('int_allocation_services') }} as s
    cross join {{ ref('outcomes') }} as o
    left join {{ ref('int_service_rules') }} as t
        on s.tier_rule_set = t.tier_rule_set
        and s.tier_council_code = t.tier_council_code
        and s.rule_year = t.rule_year
        and s.service_code = t.service_code
        and o.outcome_code = t.outcome_code
    left join {{ ref('tiers') }} as v on coalesce(t.tier, 'unclassified') = v.tier
),

apportioned as (
    {{ largest_remainder(
        relation='recipients',
        group_by='line_key, service_code, outcome_code',
        amount='service_pence',
        weight='tier_weight',
        tie='tier_order',
        result='tier_pence',
        keep=['line_key', 'council_code', 'financial_year', 'rule_year', 'is_restated', 'statement', 'section', 'department',
              'line_code', 'amount_pence', 'service_code', 'outcome_code', 'tier', 'rule_set', 'definition_version', 'rule_id',
              'tier_rule_id', 'basis', 'confidence', 'is_modelled', 'is_home_care', 'service_low_ppm', 'service_high_ppm',
              'tier_low_ppm', 'tier_high_ppm']) }}
)

select
    line_key,
    council_code,
    financial_year,
    rule_year,
    is_restated,
    statement,
    section,
    department,
    line_code,
    amount_pence,
    service_code,
    outcome_code,
    tier,
    rule_set,
    definition_version,
    rule_id,
    tier_rule_id,
    basis,
    confidence,
    is_modelled,
    is_home_care,
    tier_pence,
    least(abs(tier_pence), cast({{ int_div(
        'cast(abs(amount_pence) as ' ~ wide_int() ~ ') * (service_low_ppm * tier_low_ppm)', '1000000000000') }} as bigint)) as low_pence,
    greatest(abs(tier_pence), cast({{ int_div(
        'cast(abs(amount_pence) as ' ~ wide_int() ~ ') * (service_high_ppm * tier_high_ppm) + 999999999999', '1000000000000') }} as bigint)) as high_pence
from apportioned
