-- Council-years whose previous year reads differently under this year's rules: only these need the previous
-- year apportioned a second time. Compared rule by rule: lines taken in, services, weights, tiers.
with lines as (
    select line_key, is_restated, council_code, statement, financial_year, rule_year, section, line_code
    from {{ ref('int_apportioned_lines') }}
),

pairs as (
    select council_code, statement, financial_year, previous_financial_year
    from {{ ref('int_year_pairs') }}
    where previous_financial_year is not null
),

-- The two readings of a line that one year pair compares have one number.
read_twice as (
    select p.council_code, p.statement, p.financial_year, l.line_key - case when l.is_restated then 1 else 0 end as line_number,
        l.line_key, l.is_restated
    from pairs as p
    inner join lines as l
        on p.council_code = l.council_code and p.statement = l.statement
        and p.previous_financial_year = l.financial_year
        and l.rule_year in (p.previous_financial_year, p.financial_year)
),

steps as (
    select
        l.line_number,
        l.is_restated,
        r.service_code,
        r.weight,
        r.full_weight,
        t.outcome_code,
        t.tier,
        t.tier_weight,
        t.is_home_care
    from read_twice as l
    inner join {{ ref('int_line_rules') }} as r on l.line_key = r.line_key
    left join {{ ref('int_service_rules') }} as t
        on r.tier_rule_set = t.tier_rule_set
        and r.tier_council_code = t.tier_council_code
        and r.tier_rule_year = t.rule_year
        and r.service_code = t.service_code
),

-- Both readings have a row exactly once where they agree.
differing as (
    select line_number
    from steps
    group by line_number, service_code, weight, full_weight, outcome_code, tier, tier_weight, is_home_care
    having sum(case when is_restated then 1 else -1 end) <> 0
)

select distinct l.council_code, l.statement, l.financial_year as rule_year
from differing as d
inner join read_twice as l on d.line_number = l.line_number
