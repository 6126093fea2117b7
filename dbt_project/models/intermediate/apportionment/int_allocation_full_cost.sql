-- Second stage: enabling costs follow the direct pattern of their department (council, year, statement), so
-- that the full-cost view holds the same money as the direct one. Only positive direct amounts weigh; where a
-- department has none, its enabling money stays enabling. Money that stands as unclassified or out of scope in
-- the direct view draws its part of the overhead too: commissioning serves it as well.
with cells as (
    select * from {{ ref('int_allocation_tiers') }}
),

pattern as (
    select
        council_code,
        financial_year,
        rule_year,
        statement,
        department,
        outcome_code,
        service_code,
        tier,
        is_home_care,
        cast(sum(tier_pence) as {{ wide_int() }}) as weight,
        cast(sum(low_pence) as {{ wide_int() }}) as low_pence,
        cast(sum(high_pence) as {{ wide_int() }}) as high_pence,
        max(case when is_modelled then 1 else 0 end) = 1 as is_modelled
    from cells
    where tier <> 'enabling'
    group by council_code, financial_year, rule_year, statement, department, outcome_code, service_code, tier, is_home_care
    having sum(tier_pence) > 0
),

enabling as (
    select * from cells where tier = 'enabling'
),

recipients as (
    select
        e.line_key,
        e.council_code,
        e.financial_year,
        e.rule_year,
        e.is_restated,
        e.statement,
        e.section,
        e.department,
        e.line_code,
        e.amount_pence,
        e.service_code as enabling_service_code,
        e.outcome_code,
        e.rule_set,
        e.definition_version,
        e.rule_id,
        e.tier_rule_id,
        e.tier_pence as enabling_pence,
        e.low_pence as enabling_low_pence,
        e.high_pence as enabling_high_pence,
        coalesce(p.service_code, e.service_code) as service_code,
        coalesce(p.tier, 'enabling') as tier,
        coalesce(p.is_home_care, false) as is_home_care,
        e.is_modelled or coalesce(p.is_modelled, false) as is_modelled,
        case when p.tier is null then e.basis else 'pro_rata' end as basis,
        case when p.tier is null then e.confidence else 'low' end as confidence,
        p.tier is not null as is_following,
        coalesce(p.weight, 1) as weight,
        coalesce(p.low_pence, 1) as pattern_low_pence,
        coalesce(p.high_pence, 1) as pattern_high_pence,
        coalesce(p.service_code, e.service_code) || '|' || coalesce(p.tier, 'enabling') as tie_key
    from enabling as e
    left join pattern as p
        on e.council_code = p.council_code and e.financial_year = p.financial_year and e.rule_year = p.rule_year
        and e.statement = p.statement and e.department = p.department and e.outcome_code = p.outcome_code
),

weighed as (
    select *, cast(sum(weight) over (partition by line_key, enabling_service_code, outcome_code) as {{ wide_int() }}) as pattern_pence
    from recipients
),

followed as (
    {{ largest_remainder(
        relation='weighed',
        group_by='line_key, enabling_service_code, outcome_code',
        amount='enabling_pence',
        weight='weight',
        tie='tie_key',
        result='tier_pence',
        keep=['line_key', 'council_code', 'financial_year', 'rule_year', 'is_restated', 'statement', 'section', 'department',
              'line_code', 'amount_pence', 'service_code', 'outcome_code', 'tier', 'rule_set', 'definition_version', 'rule_id',
              'tier_rule_id', 'basis', 'confidence', 'is_modelled', 'is_home_care', 'is_following', 'enabling_low_pence',
              'enabling_high_pence', 'pattern_low_pence', 'pattern_high_pence', 'pattern_pence']) }}
),

bounded as (
    select
        line_key, council_code, financial_year, rule_year, is_restated, statement, section, department, line_code,
        amount_pence, service_code, outcome_code, tier, rule_set, definition_version, rule_id, tier_rule_id, basis,
        confidence, is_modelled, is_home_care, is_following, tier_pence,
        least(abs(tier_pence), cast({{ int_div(
            'cast(enabling_low_pence as ' ~ wide_int() ~ ') * least(pattern_low_pence, pattern_pence)', 'pattern_pence') }} as bigint)) as low_pence,
        greatest(abs(tier_pence), cast({{ int_div(
            'cast(enabling_high_pence as ' ~ wide_int() ~ ') * least(pattern_high_pence, pattern_pence) + pattern_pence - 1',
            'pattern_pence') }} as bigint)) as high_pence
    from followed
    union all
    select
        line_key, council_code, financial_year, rule_year, is_restated, statement, section, department, line_code,
        amount_pence, service_code, outcome_code, tier, rule_set, definition_version, rule_id, tier_rule_id, basis,
        confidence, is_modelled, is_home_care, false as is_following, tier_pence, low_pence, high_pence
    from cells
    where tier <> 'enabling'
)

-- A line may give money to a cell directly and, through its enabling part, once more: one row, with the part
-- that followed beside it.
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
    min(rule_set) as rule_set,
    min(definition_version) as definition_version,
    min(rule_id) as rule_id,
    min(tier_rule_id) as tier_rule_id,
    coalesce(min(case when not is_following then basis end), 'pro_rata') as basis,
    case when max(case when confidence = 'low' then 1 else 0 end) = 1 then 'low'
        when max(case when confidence = 'medium' then 1 else 0 end) = 1 then 'medium' else 'high' end as confidence,
    max(case when is_modelled then 1 else 0 end) = 1 as is_modelled,
    max(case when is_home_care then 1 else 0 end) = 1 as is_home_care,
    cast(sum(tier_pence) as bigint) as tier_pence,
    cast(sum(case when is_following then tier_pence else 0 end) as bigint) as followed_pence,
    cast(sum(low_pence) as bigint) as low_pence,
    cast(sum(high_pence) as bigint) as high_pence
from bounded
group by
    line_key, council_code, financial_year, rule_year, is_restated, statement, section, department, line_code,
    amount_pence, service_code, outcome_code, tier
