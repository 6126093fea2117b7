{{ config(meta={"dagster": {"ref": {"name": "stg_population__areas"}}}) }}
-- Single years of age sum to the printed all-ages figure in every area. Fails too when nothing was printed.
select area_code, mid_year, population_all, population_all_printed
from {{ ref('stg_population__areas') }}
where population_all is distinct from population_all_printed
union all
select 'nothing was compared', 0, 0, 0
from (select count(population_all_printed) as printed from {{ ref('stg_population__areas') }})
where printed = 0 and {{ something_is_due() }}
