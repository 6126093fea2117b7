-- What could make a line's part of a figure wrong, in whole pounds: the error of each share of a service, of each tier
-- rule, and of both together. One row a line, outcome, perimeter and error. An error of one rule is the same for all
-- lines of a council, and correlates between councils as rule_distributions declares. Whole pounds, so that no sum
-- depends on its order.
with takes as (
    select distinct list_key, outcome_code, perimeter, taken_share from {{ ref('int_uncertain_tiers') }}
),

services as (
    select s.*, t.outcome_code, t.perimeter, t.taken_share
    from {{ ref('int_uncertain_shares') }} as s
    inner join takes as t on s.list_key = t.list_key
),

-- What the other services of the line lose where one has more.
given_up as (
    select
        line_key,
        outcome_code,
        perimeter,
        case when max(case when has_rest then 1 else 0 end) = 1
            then max(case when is_rest then taken_share end) else sum(giving_share * taken_share) end as given_up_share
    from services
    group by line_key, outcome_code, perimeter
),

of_shares as (
    select
        s.line_key, s.council_code, s.financial_year, s.statement, s.line_code, s.is_adult_social_care, s.outcome_code,
        s.perimeter, s.error_key, s.correlation_share,
        s.amount_gbp * (s.taken_share - g.given_up_share) * s.error_mean as mean_gbp,
        s.amount_gbp * (s.taken_share - g.given_up_share) * s.error_share as error_gbp,
        s.amount_gbp * (s.taken_share - g.given_up_share) * s.skew_share as skew_gbp
    from services as s
    inner join given_up as g
        on s.line_key = g.line_key and s.outcome_code = g.outcome_code and s.perimeter = g.perimeter
    where s.error_share > 0
),

of_tiers as (
    select
        s.line_key, s.council_code, s.financial_year, s.statement, s.line_code, s.is_adult_social_care, t.outcome_code,
        t.perimeter, t.error_key, t.correlation_share,
        s.amount_gbp * s.central_share * t.mean_effect as mean_gbp,
        s.amount_gbp * s.central_share * t.error_effect as error_gbp,
        s.amount_gbp * s.central_share * t.skew_effect as skew_gbp
    from {{ ref('int_uncertain_shares') }} as s
    inner join {{ ref('int_uncertain_tiers') }} as t on s.list_key = t.list_key
    where t.error_key is not null
),

of_both as (
    select
        s.line_key, s.council_code, s.financial_year, s.statement, s.line_code, s.is_adult_social_care, t.outcome_code,
        t.perimeter, s.error_key || ' ' || t.error_key as error_key,
        s.correlation_share * t.correlation_share as correlation_share,
        0 as mean_gbp,
        s.amount_gbp * s.error_share * (case when s.has_rest then 1 else 1 - s.giving_share end) * t.error_effect as error_gbp,
        s.amount_gbp * s.skew_share * (case when s.has_rest then 1 else 1 - s.giving_share end) * t.skew_effect as skew_gbp
    from {{ ref('int_uncertain_shares') }} as s
    inner join {{ ref('int_uncertain_tiers') }} as t on s.list_key = t.list_key
    where s.error_share > 0 and t.error_key is not null
),

errors as (
    select * from of_shares
    union all
    select * from of_tiers
    union all
    select * from of_both
)

select
    line_key,
    council_code,
    financial_year,
    statement,
    line_code,
    is_adult_social_care,
    outcome_code,
    perimeter,
    error_key,
    correlation_share,
    cast(round(mean_gbp) as bigint) as mean_gbp,
    cast(round(error_gbp) as bigint) as error_gbp,
    cast(round(skew_gbp) as bigint) as skew_gbp
from errors
where round(error_gbp) <> 0 or round(mean_gbp) <> 0
