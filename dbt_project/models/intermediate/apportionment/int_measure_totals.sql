-- Each council-year's money by tier and by perimeter, over all its lines and services: under its own rules, and
-- under the next year's where those differ.
select
    council_code,
    financial_year,
    rule_year,
    statement,
    outcome_code,
    cost_view,
    measure_kind,
    measure,
    cast(sum(central_pence) as bigint) as central_pence,
    cast(sum(low_pence) as bigint) as low_pence,
    cast(sum(high_pence) as bigint) as high_pence,
    cast(sum(case when department = 'adult_social_care' then central_pence else 0 end) as bigint) as adult_social_care_pence,
    cast(sum(case when department = 'adult_social_care' then low_pence else 0 end) as bigint) as adult_social_care_low_pence,
    cast(sum(case when department = 'adult_social_care' then high_pence else 0 end) as bigint) as adult_social_care_high_pence,
    cast(sum(case when department = 'public_health' then central_pence else 0 end) as bigint) as public_health_pence,
    cast(sum(case when department = 'wider_council' then central_pence else 0 end) as bigint) as wider_council_pence,
    cast(sum(home_care_pence) as bigint) as home_care_pence,
    cast(sum(low_confidence_pence) as bigint) as low_confidence_pence,
    cast(sum(modelled_pence) as bigint) as modelled_pence,
    cast(sum(absolute_pence) as bigint) as absolute_pence,
    min(rule_set_first) as rule_set_first,
    max(rule_set_last) as rule_set_last,
    max(case when is_modelled then 1 else 0 end) = 1 as is_modelled
from {{ ref('int_allocation_bounds') }}
group by council_code, financial_year, rule_year, statement, outcome_code, cost_view, measure_kind, measure
