-- Movement since the council's last year, split so that the parts sum to it exactly, in pence.
--   definition  last year read under this year's rules, less last year as it was read;
--   growth      last year (under this year's rules) grown with the outcome budget;
--   real shift  the rest: a change of the perimeter's part of the outcome budget.
-- Across a change of the form's own lines nobody can tell a shift from a relabelling: all of it is definition.
with totals as (
    select * from {{ ref('int_perimeter_totals') }}
),

paired as (
    select
        now_year.council_code,
        now_year.financial_year,
        now_year.statement,
        now_year.outcome_code,
        now_year.cost_view,
        now_year.perimeter,
        y.previous_financial_year,
        y.line_layout <> y.previous_line_layout as is_form_changed,
        now_year.central_pence,
        now_year.outcome_budget_pence,
        last_year.central_pence as last_pence,
        coalesce(restated.central_pence, last_year.central_pence) as restated_pence,
        coalesce(restated.outcome_budget_pence, last_year.outcome_budget_pence) as restated_budget_pence
    from totals as now_year
    inner join {{ ref('int_year_pairs') }} as y
        on now_year.council_code = y.council_code and now_year.statement = y.statement
        and now_year.financial_year = y.financial_year
    inner join totals as last_year
        on now_year.council_code = last_year.council_code and now_year.statement = last_year.statement
        and y.previous_financial_year = last_year.financial_year and last_year.rule_year = last_year.financial_year
        and now_year.outcome_code = last_year.outcome_code and now_year.cost_view = last_year.cost_view
        and now_year.perimeter = last_year.perimeter
    left join totals as restated
        on now_year.council_code = restated.council_code and now_year.statement = restated.statement
        and y.previous_financial_year = restated.financial_year and restated.rule_year = now_year.financial_year
        and now_year.outcome_code = restated.outcome_code and now_year.cost_view = restated.cost_view
        and now_year.perimeter = restated.perimeter
    where now_year.rule_year = now_year.financial_year
),

grown as (
    select
        *,
        case
            when is_form_changed then central_pence
            when restated_budget_pence > 0 and outcome_budget_pence > 0
                then cast(sign(restated_pence) * {{ int_div(
                    '(cast(abs(restated_pence) as ' ~ wide_int() ~ ') * outcome_budget_pence * 2 + restated_budget_pence)',
                    '(cast(restated_budget_pence as ' ~ wide_int() ~ ') * 2)') }} as bigint)
            else restated_pence
        end as grown_pence
    from paired
)

select
    council_code,
    financial_year,
    statement,
    outcome_code,
    cost_view,
    perimeter,
    previous_financial_year,
    is_form_changed,
    restated_budget_pence,
    restated_pence,
    central_pence - last_pence as movement_pence,
    case when is_form_changed then central_pence - last_pence else restated_pence - last_pence end as definition_pence,
    case when is_form_changed then 0 else grown_pence - restated_pence end as growth_pence,
    case when is_form_changed then 0 else central_pence - grown_pence end as real_shift_pence
from grown
