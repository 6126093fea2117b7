-- Two years of a council side by side, over the lines that are on the form in both: the perimeter's money and the
-- outcome budget (all four tiers), this year and last year as read under this year's rules. A line that is new on
-- the form, or has left it, is no change of spending and stays out. `section_set` says over which budgets:
-- all that the return holds, or adult social care alone.
with form as (
    select distinct
        l.statement, l.financial_year, l.section, coalesce(n.continues_as_line_code, l.line_code) as line_identity
    from {{ ref('int_candidate_lines') }} as l
    left join {{ ref('line_renumberings') }} as n on l.section = n.section and l.line_code = n.line_code
),

pairs as (
    select y.council_code, y.statement, y.financial_year, y.previous_financial_year,
        coalesce(r.rule_year, y.previous_financial_year) as previous_rule_year
    from {{ ref('int_year_pairs') }} as y
    left join {{ ref('int_restated_years') }} as r
        on y.council_code = r.council_code and y.statement = r.statement and y.financial_year = r.rule_year
    where y.previous_financial_year is not null
),

lines as (
    select
        a.council_code,
        a.financial_year,
        a.rule_year,
        a.statement,
        a.section,
        a.department,
        coalesce(n.continues_as_line_code, a.line_code) as line_identity,
        b.outcome_code,
        b.cost_view,
        b.measure_kind,
        b.measure,
        b.central_pence,
        s.rule_set <> 'desk_baseline' as is_own_rules
    from {{ ref('int_allocation_bounds') }} as b
    inner join {{ ref('int_apportioned_lines') }} as a on b.line_key = a.line_key
    inner join {{ ref('int_line_shares') }} as s on b.rule_key = s.rule_key
    left join {{ ref('line_renumberings') }} as n on a.section = n.section and a.line_code = n.line_code
    where b.measure_kind = 'perimeter' or b.measure in ('primary', 'secondary', 'tertiary', 'reactive')
),

beside as (
    select
        p.council_code, p.statement, p.financial_year, l.outcome_code, l.cost_view, l.measure_kind, l.measure, l.department,
        l.is_own_rules, l.central_pence as now_pence, 0 as last_pence
    from pairs as p
    inner join lines as l
        on p.council_code = l.council_code and p.statement = l.statement and p.financial_year = l.financial_year
        and p.financial_year = l.rule_year
    inner join form as f
        on p.statement = f.statement and p.previous_financial_year = f.financial_year and l.section = f.section
        and l.line_identity = f.line_identity
    union all
    select
        p.council_code, p.statement, p.financial_year, l.outcome_code, l.cost_view, l.measure_kind, l.measure, l.department,
        l.is_own_rules, 0, l.central_pence
    from pairs as p
    inner join lines as l
        on p.council_code = l.council_code and p.statement = l.statement and p.previous_financial_year = l.financial_year
        and p.previous_rule_year = l.rule_year
    inner join form as f
        on p.statement = f.statement and p.financial_year = f.financial_year and l.section = f.section
        and l.line_identity = f.line_identity
),

both_sets as (
    select *, 'all_held' as section_set from beside
    union all
    select *, 'adult_social_care' as section_set from beside where department = 'adult_social_care'
),

budgets as (
    select
        council_code, statement, financial_year, outcome_code, cost_view, section_set,
        cast(sum(now_pence) as bigint) as now_budget_pence,
        cast(sum(last_pence) as bigint) as last_budget_pence
    from both_sets
    where measure_kind = 'tier'
    group by council_code, statement, financial_year, outcome_code, cost_view, section_set
),

perimeters as (
    select
        council_code, statement, financial_year, outcome_code, cost_view, section_set, measure as perimeter,
        cast(sum(now_pence) as bigint) as now_pence,
        cast(sum(last_pence) as bigint) as last_pence,
        cast(sum(case when is_own_rules then now_pence else 0 end) as bigint) as now_own_pence,
        cast(sum(case when is_own_rules then last_pence else 0 end) as bigint) as last_own_pence,
        max(case when is_own_rules then 1 else 0 end) = 1 as has_own_rules
    from both_sets
    where measure_kind = 'perimeter'
    group by council_code, statement, financial_year, outcome_code, cost_view, section_set, measure
)

select
    p.council_code,
    p.statement,
    p.financial_year,
    p.outcome_code,
    p.cost_view,
    p.section_set,
    p.perimeter,
    p.now_pence,
    p.last_pence,
    p.now_own_pence,
    p.last_own_pence,
    p.has_own_rules,
    coalesce(b.now_budget_pence, 0) as now_budget_pence,
    coalesce(b.last_budget_pence, 0) as last_budget_pence
from perimeters as p
left join budgets as b
    on p.council_code = b.council_code and p.statement = b.statement and p.financial_year = b.financial_year
    and p.outcome_code = b.outcome_code and p.cost_view = b.cost_view and p.section_set = b.section_set
