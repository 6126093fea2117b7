-- Each council-year's money by tier and by perimeter, over all its lines and services: under its own rules, and
-- under the next year's where those differ.
select
    l.council_code,
    l.financial_year,
    l.rule_year,
    l.statement,
    b.outcome_code,
    b.cost_view,
    b.measure_kind,
    b.measure,
    cast(sum(b.central_pence) as bigint) as central_pence,
    cast(sum(b.low_pence) as bigint) as low_pence,
    cast(sum(b.high_pence) as bigint) as high_pence,
    cast(sum(case when l.department = 'adult_social_care' then b.central_pence else 0 end) as bigint) as adult_social_care_pence,
    cast(sum(case when l.department = 'adult_social_care' then b.low_pence else 0 end) as bigint) as adult_social_care_low_pence,
    cast(sum(case when l.department = 'adult_social_care' then b.high_pence else 0 end) as bigint) as adult_social_care_high_pence,
    cast(sum(case when l.department = 'public_health' then b.central_pence else 0 end) as bigint) as public_health_pence,
    cast(sum(case when l.department = 'wider_council' then b.central_pence else 0 end) as bigint) as wider_council_pence,
    -- Before income, where every line of the sum prints it.
    case when count(*) = count(b.gross_pence) then cast(sum(b.gross_pence) as bigint) end as gross_pence,
    case
        when count(case when l.department = 'adult_social_care' then 1 end)
            = count(case when l.department = 'adult_social_care' then b.gross_pence end)
            then cast(sum(case when l.department = 'adult_social_care' then b.gross_pence end) as bigint)
    end as adult_social_care_gross_pence,
    cast(sum(b.home_care_pence) as bigint) as home_care_pence,
    cast(sum(b.low_confidence_pence) as bigint) as low_confidence_pence,
    cast(sum(b.modelled_pence) as bigint) as modelled_pence,
    cast(sum(b.absolute_pence) as bigint) as absolute_pence,
    min(s.rule_set) as rule_set_first,
    max(s.rule_set) as rule_set_last,
    max(case when b.is_modelled then 1 else 0 end) = 1 as is_modelled
from {{ ref('int_allocation_bounds') }} as b
inner join {{ ref('int_apportioned_lines') }} as l on b.line_key = l.line_key
inner join {{ ref('int_line_shares') }} as s on b.rule_key = s.rule_key
group by
    l.council_code, l.financial_year, l.rule_year, l.statement, b.outcome_code, b.cost_view, b.measure_kind, b.measure
