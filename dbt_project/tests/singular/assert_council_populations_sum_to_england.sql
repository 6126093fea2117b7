{{ config(meta={"dagster": {"ref": {"name": "core_council_population"}}}) }}
-- Councils sum to the printed England figure, in every year and for 65 and over, 18 and over and all ages. A
-- combined area takes the place of members whose figures are not carried. Fails too when no year was compared.
with england as (
    select financial_year, population_65_plus, population_18_plus, population_all
    from {{ ref('stg_population__areas') }}
    where area_code = 'E92000001'
),

carried as (
    select financial_year, population_65_plus, population_18_plus, population_all
    from {{ ref('core_council_population') }}
    where population_basis != 'not_carried'
),

-- The councils that end with the year, and are not carried, are on areas whose later members are published.
stand_ins as (
    select distinct a.financial_year, a.area_code, a.population_65_plus, a.population_18_plus, a.population_all
    from {{ ref('core_council_population') }} as p
    inner join {{ ref('dim_combined_area') }} as m on p.council_code = m.council_code
    inner join {{ ref('dim_combined_area') }} as o on m.combined_area_code = o.combined_area_code
    inner join {{ ref('stg_population__areas') }} as a
        on o.council_code = a.area_code and p.financial_year = a.financial_year
    where p.population_basis = 'not_carried' and o.valid_from_year > p.financial_year
),

observed as (
    select
        financial_year,
        sum(population_65_plus) as population_65_plus,
        sum(population_18_plus) as population_18_plus,
        sum(population_all) as population_all
    from (
        select * from carried
        union all
        select financial_year, population_65_plus, population_18_plus, population_all from stand_ins
    )
    group by financial_year
)

select
    e.financial_year,
    e.population_65_plus as expected_65_plus,
    o.population_65_plus as observed_65_plus,
    e.population_18_plus as expected_18_plus,
    o.population_18_plus as observed_18_plus,
    e.population_all as expected_all,
    o.population_all as observed_all
from england as e
left join observed as o on e.financial_year = o.financial_year
where
    e.population_65_plus is distinct from o.population_65_plus
    or e.population_18_plus is distinct from o.population_18_plus
    or e.population_all is distinct from o.population_all
union all
select 'no year was compared', 0, 0, 0, 0, 0, 0
from (select count(*) as years from england)
where years = 0 and {{ something_is_due() }}
