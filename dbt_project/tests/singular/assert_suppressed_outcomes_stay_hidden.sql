{{ config(meta={"dagster": {"ref": {"name": "fct_outcome_measure"}}}) }}
-- Nothing published gives a withheld council figure away. Works from the published table and the register alone.
-- Fails too when it looked at no group row or no council cell.
with cells as (
    select * from {{ ref('fct_outcome_measure') }}
),

hidden as (
    select council_code, financial_year, measure_code, breakdown
    from cells
    where geography_kind = 'council' and (is_suppressed or is_withheld)
),

looked_at as (
    select
        count(*) filter (where geography_kind = 'council') as councils,
        count(*) filter (where geography_kind != 'council') as groups
    from cells
),

covering as (
    select c.*, p.population_65_plus, p.population_18_plus - p.population_65_plus as population_18_64
    from hidden as h
    inner join {{ ref('core_outcome_groups') }} as g
        on h.council_code = g.council_code and h.financial_year = g.financial_year
    inner join cells as c
        on
            g.geography_kind = c.geography_kind
            and g.geography_code = c.geography_code
            and h.financial_year = c.financial_year
            and h.measure_code = c.measure_code
            and h.breakdown = c.breakdown
    left join {{ ref('stg_population__areas') }} as p
        on c.geography_code = p.area_code and c.financial_year = p.financial_year
)

select 'a hidden cell shows a figure' as problem, geography_code, financial_year, measure_code, breakdown
from cells
where
    geography_kind = 'council'
    and (is_suppressed or is_withheld)
    and (numerator is not null or denominator is not null or outcome_value is not null or recomputed_value is not null)
union all
select 'a group covering a hidden council carries counts', geography_code, financial_year, measure_code, breakdown
from covering
where numerator is not null or denominator is not null or recomputed_value is not null
union all
select 'a group rate pins a hidden count', geography_code, financial_year, measure_code, breakdown
from covering
where
    not is_recomputed
    and outcome_value is not null
    and (
        geography_kind != 'england'
        or measure_code in ('admissions_65_plus', 'admissions_18_64')
        and coalesce(
            0.05 / 100000 * case measure_code
                when 'admissions_65_plus' then population_65_plus
                else population_18_64
            end,
            0
        ) < {{ var('suppression_half_width') }}
    )
union all
select 'a breakdown is shown beside a hidden one', c.geography_code, c.financial_year, c.measure_code, c.breakdown
from cells as c
inner join hidden as h
    on
        c.council_code = h.council_code
        and c.financial_year = h.financial_year
        and c.measure_code = h.measure_code
where c.breakdown != 'Total' and coalesce(c.numerator, c.denominator, c.outcome_value) is not null
union all
select 'nothing was looked at', null, null, null, null
from looked_at
where (councils = 0 or groups = 0) and {{ something_is_due() }}
