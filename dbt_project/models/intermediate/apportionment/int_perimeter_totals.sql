-- Each council-year's money by perimeter, beside its reactive money and its outcome budget (all four tiers):
-- once under its own rules, and once under the next year's rules where those differ.
with sums as (
    select * from {{ ref('int_measure_totals') }}
),

tiers as (
    select
        council_code,
        financial_year,
        rule_year,
        statement,
        outcome_code,
        cost_view,
        cast(sum(case when measure = 'reactive' then central_pence else 0 end) as bigint) as reactive_pence,
        cast(sum(case when measure = 'reactive' then low_pence else 0 end) as bigint) as reactive_low_pence,
        cast(sum(case when measure = 'reactive' then high_pence else 0 end) as bigint) as reactive_high_pence,
        cast(sum(case when measure = 'enabling' then central_pence else 0 end) as bigint) as enabling_pence,
        cast(sum(case when measure = 'unclassified' then central_pence else 0 end) as bigint) as unclassified_pence,
        cast(sum(case when measure in ('primary', 'secondary', 'tertiary', 'reactive') then central_pence else 0 end) as bigint)
            as outcome_budget_pence
    from sums
    where measure_kind = 'tier'
    group by council_code, financial_year, rule_year, statement, outcome_code, cost_view
)

select
    t.council_code,
    t.financial_year,
    t.rule_year,
    t.statement,
    t.outcome_code,
    t.cost_view,
    p.perimeter,
    coalesce(s.central_pence, 0) as central_pence,
    coalesce(s.low_pence, 0) as low_pence,
    coalesce(s.high_pence, 0) as high_pence,
    coalesce(s.adult_social_care_pence, 0) as adult_social_care_pence,
    coalesce(s.adult_social_care_low_pence, 0) as adult_social_care_low_pence,
    coalesce(s.adult_social_care_high_pence, 0) as adult_social_care_high_pence,
    coalesce(s.public_health_pence, 0) as public_health_pence,
    coalesce(s.wider_council_pence, 0) as wider_council_pence,
    s.gross_pence,
    s.adult_social_care_gross_pence,
    coalesce(s.home_care_pence, 0) as home_care_pence,
    s.low_confidence_pence,
    s.modelled_pence,
    s.absolute_pence,
    coalesce(s.is_modelled, false) as is_modelled,
    case when s.rule_set_first is null then 'none' when s.rule_set_first = s.rule_set_last then s.rule_set_first else 'mixed' end
        as rule_set,
    t.reactive_pence,
    t.reactive_low_pence,
    t.reactive_high_pence,
    t.enabling_pence,
    t.unclassified_pence,
    t.outcome_budget_pence
from tiers as t
cross join (select distinct perimeter from {{ ref('perimeters') }}) as p
left join sums as s
    on t.council_code = s.council_code and t.financial_year = s.financial_year and t.rule_year = s.rule_year
    and t.statement = s.statement and t.outcome_code = s.outcome_code and t.cost_view = s.cost_view
    and s.measure_kind = 'perimeter' and s.measure = p.perimeter
