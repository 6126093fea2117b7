{{ config(meta={"dagster": {"ref": {"name": "dim_financial_year"}}}) }}
-- From each year to the next the index grows by the printed rate, forecasts included, and prices of the price year
-- are left alone. Fails too when no step was compared or the price year has no index.
with steps as (
    select
        y.financial_year,
        (cast(y.deflator_index as double) / before.deflator_index - 1) * 100 as growth_found,
        d.growth_percent as growth_printed
    from {{ ref('dim_financial_year') }} as y
    inner join {{ ref('dim_financial_year') }} as before
        on before.financial_year = {{ financial_year_shift('y.financial_year', -1) }}
    inner join {{ ref('stg_deflators__years') }} as d on y.financial_year = d.financial_year
    where y.deflator_index is not null and before.deflator_index is not null and d.growth_percent is not null
)

select financial_year, growth_found, growth_printed
from steps
-- Rates are printed to two decimals, indices to three.
where abs(growth_found - growth_printed) > 0.01
union all
select 'price year', real_terms_factor, 1
from {{ ref('dim_financial_year') }}
where
    financial_year = price_year and real_terms_factor is distinct from 1
    and (deflator_index is not null or {{ something_is_due() }})
union all
select 'nothing compared', steps_compared, price_years
from (
    select
        (select count(*) from steps) as steps_compared,
        (select count(*) from {{ ref('dim_financial_year') }} where financial_year = price_year) as price_years
)
where (steps_compared = 0 or price_years = 0) and {{ something_is_due() }}
