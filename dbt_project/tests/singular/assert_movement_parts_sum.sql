{{ config(meta={"dagster": {"ref": {"name": "mart_prevention_headline"}}}) }}
-- Real shift, growth and definition sum to the movement to the penny, and the movement is this year less the
-- earlier one, which must be there.
-- Fails too when no movement was compared although some council has two years.
with moved as (
    select
        h.council_code, h.financial_year, h.statement, h.cost_view, h.perimeter,
        h.movement_gbp,
        h.movement_real_shift_gbp + h.movement_growth_gbp + h.movement_definition_gbp as parts_gbp,
        h.amount_gbp - p.amount_gbp as difference_gbp
    from {{ ref('mart_prevention_headline') }} as h
    left join {{ ref('mart_prevention_headline') }} as p
        on h.council_code = p.council_code and h.previous_financial_year = p.financial_year and h.statement = p.statement
        and h.outcome_code = p.outcome_code and h.cost_view = p.cost_view and h.perimeter = p.perimeter
    where h.previous_financial_year is not null
)

select council_code, financial_year, statement, cost_view, perimeter, movement_gbp, parts_gbp, difference_gbp
from moved
where movement_gbp is distinct from parts_gbp or movement_gbp is distinct from difference_gbp
union all
select 'nothing was compared', '', '', '', '', null, null, null
from (
    select
        (select count(*) from moved) as movements,
        (select count(*) from {{ ref('int_year_pairs') }} where previous_financial_year is not null) as pairs
) as counted
where movements = 0 and pairs > 0
