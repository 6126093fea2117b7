-- Movement since the council's last comparable year, split so that the parts sum to it exactly, in pence. One row
-- for all budgets the two returns both hold, one for adult social care alone.
--   definition  last year read under this year's rules, less last year as it was read; and the money of lines that
--               came onto the form or left it in between;
--   growth      last year's money on the lines of both forms, grown with the outcome budget of those lines;
--   real shift  the rest, as far as it is on lines split by the council's own map or ledger;
--   mix         the rest on lines split by the desk baseline: its shares are the same for everybody and fixed, so
--               what changed is the mix of the lines, not what any of them was spent on.
-- Across a change of the form's own layout nobody can tell a shift from a relabelling: all of it is definition.
with totals as (
    select
        council_code, financial_year, rule_year, statement, outcome_code, cost_view, perimeter, 'all_held' as section_set,
        central_pence
    from {{ ref('int_perimeter_totals') }}
    union all
    select
        council_code, financial_year, rule_year, statement, outcome_code, cost_view, perimeter, 'adult_social_care',
        adult_social_care_pence
    from {{ ref('int_perimeter_totals') }}
),

paired as (
    select
        now_year.council_code,
        now_year.financial_year,
        now_year.statement,
        now_year.outcome_code,
        now_year.cost_view,
        now_year.perimeter,
        now_year.section_set,
        y.previous_financial_year,
        y.line_layout <> y.previous_line_layout as is_form_changed,
        now_year.central_pence,
        last_year.central_pence as last_pence,
        coalesce(restated.central_pence, last_year.central_pence) as restated_pence,
        coalesce(m.now_pence, 0) as common_pence,
        coalesce(m.last_pence, 0) as common_last_pence,
        coalesce(m.now_own_pence, 0) as own_pence,
        coalesce(m.last_own_pence, 0) as own_last_pence,
        coalesce(m.has_own_rules, false) as has_own_rules,
        coalesce(m.now_budget_pence, 0) as budget_pence,
        coalesce(m.last_budget_pence, 0) as last_budget_pence
    from totals as now_year
    inner join {{ ref('int_year_pairs') }} as y
        on now_year.council_code = y.council_code and now_year.statement = y.statement
        and now_year.financial_year = y.financial_year
    inner join {{ ref('int_council_year_totals') }} as held_now
        on now_year.council_code = held_now.council_code and now_year.statement = held_now.statement
        and now_year.financial_year = held_now.financial_year
    inner join {{ ref('int_council_year_totals') }} as held_last
        on now_year.council_code = held_last.council_code and now_year.statement = held_last.statement
        and y.previous_financial_year = held_last.financial_year
    inner join totals as last_year
        on now_year.council_code = last_year.council_code and now_year.statement = last_year.statement
        and y.previous_financial_year = last_year.financial_year and last_year.rule_year = last_year.financial_year
        and now_year.outcome_code = last_year.outcome_code and now_year.cost_view = last_year.cost_view
        and now_year.perimeter = last_year.perimeter and now_year.section_set = last_year.section_set
    left join totals as restated
        on now_year.council_code = restated.council_code and now_year.statement = restated.statement
        and y.previous_financial_year = restated.financial_year and restated.rule_year = now_year.financial_year
        and now_year.outcome_code = restated.outcome_code and now_year.cost_view = restated.cost_view
        and now_year.perimeter = restated.perimeter and now_year.section_set = restated.section_set
    left join {{ ref('int_line_movements') }} as m
        on now_year.council_code = m.council_code and now_year.statement = m.statement
        and now_year.financial_year = m.financial_year and now_year.outcome_code = m.outcome_code
        and now_year.cost_view = m.cost_view and now_year.perimeter = m.perimeter and now_year.section_set = m.section_set
    where
        now_year.rule_year = now_year.financial_year
        -- Like beside like: two returns that hold different budgets share adult social care at most.
        and (now_year.section_set = 'adult_social_care' or held_now.sections_held = held_last.sections_held)
),

grown as (
    select
        *,
        case
            when budget_pence > 0 and last_budget_pence > 0 then {{ grown_with('common_last_pence', 'budget_pence', 'last_budget_pence') }}
            else common_last_pence
        end as grown_pence,
        case
            when budget_pence > 0 and last_budget_pence > 0 then {{ grown_with('own_last_pence', 'budget_pence', 'last_budget_pence') }}
            else own_last_pence
        end as own_grown_pence
    from paired
),

parts as (
    select
        *,
        central_pence - last_pence as movement_pence,
        case when is_form_changed then 0 else grown_pence - common_last_pence end as growth_pence,
        case when is_form_changed then 0 else common_pence - grown_pence end as rest_pence,
        case when not is_form_changed and has_own_rules then own_pence - own_grown_pence end as real_shift_pence
    from grown
)

select
    council_code,
    financial_year,
    statement,
    outcome_code,
    cost_view,
    perimeter,
    section_set,
    previous_financial_year,
    is_form_changed,
    last_budget_pence,
    common_last_pence,
    movement_pence,
    movement_pence - growth_pence - rest_pence as definition_pence,
    growth_pence,
    real_shift_pence,
    rest_pence - coalesce(real_shift_pence, 0) as mix_pence
from parts
