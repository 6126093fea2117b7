-- How a line's shares of services err: one row a line, service and outcome (whose list of tiers `list_key` names), of
-- returns that say what their money is for, under the rules of their own year. `error_key` names what errs in common between councils and lines.
with kinds as (
    select rule_id, min(driver_kind) as driver_kind
    from {{ ref('desk_baseline_lines') }}
    group by rule_id
),

lists as (
    select distinct tier_list_key, tier_rule_set, tier_council_code, tier_rule_year, service_code, outcome_code
    from {{ ref('int_tier_shares') }}
),

line_weights as (
    select line_key, sum(cast(weight as double)) as line_weight
    from {{ ref('int_line_shares') }}
    group by line_key
),

shares as (
    select
        s.line_key,
        l.council_code,
        l.financial_year,
        l.statement,
        l.line_code,
        l.department = 'adult_social_care' as is_adult_social_care,
        cast(l.amount_pence as double) / 100 as amount_gbp,
        s.service_code,
        s.rule_id,
        i.outcome_code,
        i.tier_list_key as list_key,
        s.rule_id = 'remainder' as is_rest,
        case
            when s.rule_set not in ('desk_baseline', 'none') then 'own_rules'
            when k.driver_kind in ('asc_fr', 'age_split') then k.driver_kind
            else 'desk_share'
        end as rule_kind,
        cast(s.weight as double) / w.line_weight as central,
        least(s.low_ppm / 1000000.0, cast(s.weight as double) / w.line_weight) as low,
        greatest(s.high_ppm / 1000000.0, cast(s.weight as double) / w.line_weight) as high
    from {{ ref('int_line_shares') }} as s
    inner join {{ ref('int_apportioned_lines') }} as l on s.line_key = l.line_key
    inner join {{ ref('int_council_year_totals') }} as t
        on l.council_code = t.council_code and l.financial_year = t.financial_year and l.statement = t.statement
    inner join line_weights as w on s.line_key = w.line_key
    inner join lists as i
        on s.tier_rule_set = i.tier_rule_set and s.tier_council_code = i.tier_council_code
        and s.tier_rule_year = i.tier_rule_year and s.service_code = i.service_code
    left join kinds as k on s.rule_id = k.rule_id
    where not l.is_restated and t.is_broken_down and l.amount_pence <> 0
),

-- Low and high are whole parts per million: a share that hangs between two of them is certain.
judged as (
    select *, is_rest or high - low < 0.000003 as is_certain
    from shares
),

erring as (
    select
        s.*,
        case d.common_over when 'service' then s.rule_kind || ':' || s.service_code else s.rule_id || ':' || s.service_code end
            as error_key,
        cast(d.correlation_share as double) as correlation_share,
        case when s.is_certain then 0 else {{ error_mean('s.low', 's.central', 's.high') }} end as error_mean,
        case when s.is_certain then 0 else {{ error_variance('s.low', 's.central', 's.high') }} end as error_variance,
        case when s.is_certain then 0 else {{ error_skew_root('s.low', 's.central', 's.high') }} end as error_skew_root,
        max(case when s.is_rest then 1 else 0 end) over (partition by s.line_key, s.outcome_code) = 1 as has_rest
    from judged as s
    inner join {{ ref('rule_distributions') }} as d on d.step = 'line_to_service' and s.rule_kind = d.rule_kind
),

giving as (
    select *, {{ giving('error_variance', 'central', 'line_key, outcome_code') }} as giving_share
    from erring
),

widened as (
    select *, case when has_rest then 1 else {{ widening('error_variance', 'giving_share', 'line_key, outcome_code') }} end as widening
    from giving
)

select
    line_key,
    council_code,
    financial_year,
    statement,
    line_code,
    is_adult_social_care,
    amount_gbp,
    service_code,
    list_key,
    is_rest,
    has_rest,
    central as central_share,
    giving_share,
    error_key,
    correlation_share,
    error_mean,
    widening * sqrt(error_variance) as error_share,
    widening * error_skew_root as skew_share
from widened
