{{ config(meta={"dagster": {"ref": {"name": "fct_outcome_measure"}}}) }}
-- Numerator over denominator gives the published rate of admissions to its printed decimal, wherever both counts
-- are published. Fails too when no council was compared.
with compared as (
    select geography_code, financial_year, measure_code, breakdown, outcome_value, recomputed_value
    from {{ ref('fct_outcome_measure') }}
    where
        geography_kind = 'council'
        and measure_code in ('admissions_65_plus', 'admissions_18_64')
        and recomputed_value is not null
)

select geography_code, financial_year, measure_code, outcome_value, recomputed_value
from compared
where outcome_value is distinct from recomputed_value
union all
select 'no council was compared', null, null, null, null
from (select count(*) as councils from compared)
where councils = 0 and {{ something_is_due() }}
