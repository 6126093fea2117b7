{{ config(meta={"dagster": {"ref": {"name": "mart_prevention_headline"}}}) }}
-- Real shift, mix, growth and definition sum to the movement to the penny, for all budgets held and for adult social
-- care alone, and the movement is this year less the earlier one. A real shift is on a council's own rules only.
-- Fails too when no movement was compared although some council has two years.
with moved as (
    {% for prefix, amount in [('movement', 'amount_gbp'), ('adult_social_care_movement', 'adult_social_care_gbp')] %}
    select
        h.council_code, h.financial_year, h.statement, h.cost_view, h.perimeter,
        h.{{ prefix }}_gbp as movement_gbp,
        coalesce(h.{{ prefix }}_real_shift_gbp, 0) + h.{{ prefix }}_mix_gbp + h.{{ prefix }}_growth_gbp
            + h.{{ prefix }}_definition_gbp as parts_gbp,
        h.{{ amount }} - p.{{ amount }} as difference_gbp,
        h.{{ prefix }}_real_shift_gbp is not null and h.rule_set = 'desk_baseline' as is_shift_on_desk_shares
    from {{ ref('mart_prevention_headline') }} as h
    left join {{ ref('mart_prevention_headline') }} as p
        on h.council_code = p.council_code and h.previous_financial_year = p.financial_year and h.statement = p.statement
        and h.outcome_code = p.outcome_code and h.cost_view = p.cost_view and h.perimeter = p.perimeter
    where h.previous_financial_year is not null and ('{{ prefix }}' <> 'movement' or h.sections_held = p.sections_held)
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select council_code, financial_year, statement, cost_view, perimeter, movement_gbp, parts_gbp, difference_gbp
from moved
where
    movement_gbp is distinct from parts_gbp
    or movement_gbp is distinct from difference_gbp
    or is_shift_on_desk_shares
union all
select 'nothing was compared', '', '', '', '', null, null, null
from (
    select
        (select count(*) from moved) as movements,
        (select count(*) from {{ ref('int_year_pairs') }} where previous_financial_year is not null) as pairs
) as counted
where movements = 0 and pairs > 0 and {{ something_is_due() }}
