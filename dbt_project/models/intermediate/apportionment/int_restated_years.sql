-- Council-years whose previous year reads differently under this year's rules: only these need the previous
-- year apportioned a second time. Compared rule by rule: lines taken in, services, weights, tiers.
with steps as (
    select
        r.council_code,
        r.statement,
        r.line_code,
        r.financial_year,
        r.rule_year,
        r.service_code,
        r.weight,
        r.full_weight,
        t.outcome_code,
        t.tier,
        t.tier_weight,
        t.is_home_care
    from {{ ref('int_line_rules') }} as r
    left join {{ ref('int_service_rules') }} as t
        on r.tier_rule_set = t.tier_rule_set
        and r.tier_council_code = t.tier_council_code
        and r.rule_year = t.rule_year
        and r.service_code = t.service_code
),

pairs as (
    select council_code, statement, financial_year, previous_financial_year
    from {{ ref('int_year_pairs') }}
    where previous_financial_year is not null
),

then_rules as (
    select
        p.council_code, p.statement, p.financial_year,
        s.line_code, s.service_code, s.weight, s.full_weight, s.outcome_code, s.tier, s.tier_weight, s.is_home_care
    from pairs as p
    inner join steps as s
        on p.council_code = s.council_code and p.statement = s.statement
        and p.previous_financial_year = s.financial_year and p.previous_financial_year = s.rule_year
),

now_rules as (
    select
        p.council_code, p.statement, p.financial_year,
        s.line_code, s.service_code, s.weight, s.full_weight, s.outcome_code, s.tier, s.tier_weight, s.is_home_care
    from pairs as p
    inner join steps as s
        on p.council_code = s.council_code and p.statement = s.statement
        and p.previous_financial_year = s.financial_year and p.financial_year = s.rule_year
),

differing as (
    (select * from then_rules except select * from now_rules)
    union all
    (select * from now_rules except select * from then_rules)
)

select distinct council_code, statement, financial_year as rule_year
from differing
