-- Step one: what the money of each line does. One row a line and service, in pence; the rest of a line that no
-- rule claims is a row of its own. Lines restated under the next year's rules stand beside the real ones.
with lines as (
    select l.*
    from {{ ref('int_apportioned_lines') }} as l
    left join {{ ref('int_restated_years') }} as r
        on l.council_code = r.council_code and l.statement = r.statement and l.rule_year = r.rule_year
    where not l.is_restated or r.rule_year is not null
),

claimed as (
    select
        l.line_key,
        l.council_code,
        l.financial_year,
        l.rule_year,
        l.is_restated,
        l.statement,
        l.section,
        l.department,
        l.line_code,
        l.amount_pence,
        r.service_code,
        r.rule_set,
        r.definition_version,
        r.rule_id,
        r.basis,
        r.confidence,
        r.is_modelled,
        r.tier_rule_set,
        r.tier_council_code,
        r.weight,
        r.full_weight,
        r.low_ppm,
        r.high_ppm
    from lines as l
    inner join {{ ref('int_line_rules') }} as r
        on l.council_code = r.council_code and l.statement = r.statement and l.line_code = r.line_code
        and l.financial_year = r.financial_year and l.rule_year = r.rule_year
),

claims as (
    select
        line_key,
        min(rule_set) as rule_set,
        min(definition_version) as definition_version,
        max(case when is_modelled then 1 else 0 end) = 1 as is_modelled,
        cast(max(full_weight) - sum(weight) as {{ wide_int() }}) as left_weight,
        sum(low_ppm) as low_ppm,
        sum(high_ppm) as high_ppm
    from claimed
    group by line_key
),

unclaimed as (
    select
        l.line_key,
        l.council_code,
        l.financial_year,
        l.rule_year,
        l.is_restated,
        l.statement,
        l.section,
        l.department,
        l.line_code,
        l.amount_pence,
        'unclassified' as service_code,
        coalesce(c.rule_set, 'none') as rule_set,
        coalesce(c.definition_version, '') as definition_version,
        'remainder' as rule_id,
        'remainder' as basis,
        'low' as confidence,
        coalesce(c.is_modelled, false) as is_modelled,
        'none' as tier_rule_set,
        '*' as tier_council_code,
        coalesce(c.left_weight, 1) as weight,
        cast(greatest(0, 1000000 - coalesce(c.high_ppm, 0)) as bigint) as low_ppm,
        cast(greatest(0, 1000000 - coalesce(c.low_ppm, 0)) as bigint) as high_ppm
    from lines as l
    left join claims as c on l.line_key = c.line_key
    where coalesce(c.left_weight, 1) > 0
),

recipients as (
    select
        line_key, council_code, financial_year, rule_year, is_restated, statement, section, department, line_code,
        amount_pence, service_code, rule_set, definition_version, rule_id, basis, confidence, is_modelled,
        tier_rule_set, tier_council_code, weight, low_ppm, high_ppm
    from claimed
    -- A ledger may leave money open under the very name of the remainder.
    union all
    select
        line_key, council_code, financial_year, rule_year, is_restated, statement, section, department, line_code,
        amount_pence, service_code, rule_set, definition_version, rule_id, basis, confidence, is_modelled,
        tier_rule_set, tier_council_code, weight, low_ppm, high_ppm
    from unclaimed
)

{{ largest_remainder(
    relation='recipients',
    group_by='line_key',
    amount='amount_pence',
    weight='weight',
    tie='service_code',
    result='service_pence',
    keep=['line_key', 'council_code', 'financial_year', 'rule_year', 'is_restated', 'statement', 'section', 'department',
          'line_code', 'amount_pence', 'service_code', 'rule_set', 'definition_version', 'rule_id', 'basis', 'confidence',
          'is_modelled', 'tier_rule_set', 'tier_council_code', 'weight', 'low_ppm', 'high_ppm']) }}
