-- Second stage: enabling costs follow the direct pattern of their department (council, year, statement), so
-- that the full-cost view holds the same money as the direct one. Only positive direct amounts weigh; where a
-- department has none, its enabling money stays enabling. Money that is unclassified or out of scope in
-- the direct view draws its part of the overhead too: commissioning serves it as well.
{%- set amounts = {'enabling_pence': 'tier_pence', 'enabling_gross_pence': 'tier_gross_pence'} %}
with cells as (
    select c.*, l.department_key
    from {{ ref('int_allocation_tiers') }} as c
    inner join {{ ref('int_apportioned_lines') }} as l on c.line_key = l.line_key
),

enabling as (
    select * from cells where tier = 'enabling'
),

pattern as (
    select
        department_key,
        outcome_code,
        service_code,
        tier,
        tier_part,
        is_home_care,
        cast(sum(tier_pence) as {{ wide_int() }}) as weight,
        cast(sum(low_pence) as {{ wide_int() }}) as low_pence,
        cast(sum(high_pence) as {{ wide_int() }}) as high_pence,
        max(case when is_modelled then 1 else 0 end) = 1 as is_modelled,
        service_code || '|' || tier as tie_key
    from cells
    where tier <> 'enabling'
    group by department_key, outcome_code, service_code, tier, tier_part, is_home_care
    having sum(tier_pence) > 0
),

placed_pattern as (
    select
        *,
        row_number() over (partition by department_key, outcome_code order by tie_key, is_home_care, tier_part) as place,
        cast(sum(weight) over (partition by department_key, outcome_code) as {{ wide_int() }}) as pattern_pence
    from pattern
),

recipients as (
    select
        e.line_key,
        e.rule_key,
        e.tier_rule_key,
        e.outcome_code,
        e.tier_pence as enabling_pence,
        e.tier_gross_pence as enabling_gross_pence,
        e.low_pence as enabling_low_pence,
        e.high_pence as enabling_high_pence,
        e.is_modelled or p.is_modelled as is_modelled,
        p.service_code,
        p.tier,
        p.tier_part,
        p.is_home_care,
        p.weight,
        p.place,
        p.low_pence as pattern_low_pence,
        p.high_pence as pattern_high_pence,
        p.pattern_pence
    from enabling as e
    inner join placed_pattern as p on e.department_key = p.department_key and e.outcome_code = p.outcome_code
),

followed as (
    {{ shared_by_window('recipients', ['rule_key', 'tier_rule_key'], amounts, keep=[
        'line_key', 'rule_key', 'tier_rule_key', 'service_code', 'outcome_code', 'tier', 'tier_part', 'is_modelled', 'is_home_care',
        'enabling_low_pence', 'enabling_high_pence', 'pattern_low_pence', 'pattern_high_pence', 'pattern_pence']) }}
),

bounded as (
    select
        line_key, service_code, outcome_code, tier, tier_part, rule_key, tier_rule_key, 'low' as confidence, is_modelled,
        is_home_care, true as is_following, tier_pence, tier_gross_pence,
        least(abs(tier_pence), cast({{ int_div(
            'cast(enabling_low_pence as ' ~ wide_int() ~ ') * least(pattern_low_pence, pattern_pence)', 'pattern_pence') }} as bigint)) as low_pence,
        greatest(abs(tier_pence), cast({{ int_div(
            'cast(enabling_high_pence as ' ~ wide_int() ~ ') * least(pattern_high_pence, pattern_pence) + pattern_pence - 1',
            'pattern_pence') }} as bigint)) as high_pence
    from followed
    union all
    select
        line_key, service_code, outcome_code, tier, tier_part, rule_key, tier_rule_key, confidence, is_modelled,
        is_home_care, false as is_following, tier_pence, tier_gross_pence, low_pence, high_pence
    from cells as c
    where
        tier <> 'enabling'
        or not exists (
            select 1 from pattern as p where p.department_key = c.department_key and p.outcome_code = c.outcome_code
        )
)

-- A line may give money to a cell directly and, through its enabling part, once more: one row, with the part
-- that followed beside it.
select
    line_key,
    service_code,
    outcome_code,
    tier,
    tier_part,
    min(rule_key) as rule_key,
    min(case when not is_following then rule_key end) as direct_rule_key,
    min(tier_rule_key) as tier_rule_key,
    case when max(case when confidence = 'low' then 1 else 0 end) = 1 then 'low'
        when max(case when confidence = 'medium' then 1 else 0 end) = 1 then 'medium' else 'high' end as confidence,
    max(case when is_modelled then 1 else 0 end) = 1 as is_modelled,
    max(case when is_home_care then 1 else 0 end) = 1 as is_home_care,
    cast(sum(tier_pence) as bigint) as tier_pence,
    cast(sum(tier_gross_pence) as bigint) as tier_gross_pence,
    cast(sum(case when is_following then tier_pence else 0 end) as bigint) as followed_pence,
    cast(sum(low_pence) as bigint) as low_pence,
    cast(sum(high_pence) as bigint) as high_pence
from bounded
group by line_key, service_code, outcome_code, tier, tier_part
