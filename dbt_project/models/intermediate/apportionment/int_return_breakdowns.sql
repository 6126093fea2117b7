-- Whether a return says what adult social care is spent on. Some councils book most of it on one line; such a year
-- is no fact about prevention. The rules and their limits are declared in `breakdown_rules`.
with lines as (
    select
        council_code,
        financial_year,
        statement,
        line_code,
        is_total,
        {{ to_pence('amount_gbp') }} as amount_pence
    from {{ ref('fct_budget_line') }}
    where
        body_kind = 'council'
        and council_code is not null
        and section = 'adult_social_care'
        and measure = 'net_current_expenditure'
        and amount_gbp is not null
),

returns as (
    select
        council_code,
        financial_year,
        statement,
        max(case when line_code = '360' then amount_pence end) as total_pence,
        count(case when not is_total then 1 end) as detail_lines
    from lines
    group by council_code, financial_year, statement
),

measured as (
    select
        r.council_code,
        r.financial_year,
        r.statement,
        b.rule_code,
        b.is_upper_limit,
        b.threshold_share,
        b.reason_text,
        {{ ratio('coalesce(sum(l.amount_pence), 0)', 'r.total_pence') }} as measured_share
    from returns as r
    inner join {{ ref('breakdown_rules') }} as b
        on r.financial_year >= b.valid_from_year
    left join lines as l
        on r.council_code = l.council_code and r.financial_year = l.financial_year and r.statement = l.statement
        and ' ' || b.line_codes || ' ' like '% ' || l.line_code || ' %'
    where r.detail_lines > 0 and r.total_pence > 0
    group by
        r.council_code, r.financial_year, r.statement, r.total_pence, b.rule_code, b.is_upper_limit, b.threshold_share,
        b.reason_text
),

broken as (
    select
        council_code,
        financial_year,
        statement,
        {{ joined('rule_code', ' ') }} as rule_codes,
        {{ joined('reason_text', '; ', order_by='rule_code') }} as reason_text
    from measured
    where case when is_upper_limit then measured_share > threshold_share else measured_share < threshold_share end
    group by council_code, financial_year, statement
)

select
    r.council_code,
    r.financial_year,
    r.statement,
    r.detail_lines = 0 as is_total_only,
    r.detail_lines > 0 and b.rule_codes is null as is_broken_down,
    case when r.detail_lines = 0 then 'total_only' else b.rule_codes end as not_broken_down_rule,
    case
        when r.detail_lines = 0 then 'the publication prints adult social care as a total alone'
        when b.rule_codes is not null then 'the return is not broken down: ' || b.reason_text
    end as not_broken_down_reason
from returns as r
left join broken as b
    on r.council_code = b.council_code and r.financial_year = b.financial_year and r.statement = b.statement
