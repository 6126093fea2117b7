{{ config(meta={"dagster": {"ref": {"name": "fct_outcome_measure"}}}) }}
-- Every council with an outcome was in that year under that code, and every council that stood has a row of
-- each measure published for the year. Fails too when there is no measure.
with standing as (
    select f.measure_code, f.financial_year, c.council_code
    from (
        select distinct measure_code, financial_year from {{ ref('fct_outcome_measure') }}
    ) as f
    inner join {{ ref('dim_council') }} as c
        on
            f.financial_year >= c.valid_from_year
            and f.financial_year <= coalesce(c.valid_to_year, '9999-00')
),

shown as (
    select distinct measure_code, financial_year, council_code
    from {{ ref('fct_outcome_measure') }}
    where geography_kind = 'council' and breakdown = 'Total'
)

select 'did not stand' as problem, * from (select * from shown except select * from standing)
union all
select 'has no row' as problem, * from (select * from standing except select * from shown)
union all
select 'no measure', null, null, null
from (select count(*) as measures from standing)
where measures = 0 and {{ something_is_due() }}
