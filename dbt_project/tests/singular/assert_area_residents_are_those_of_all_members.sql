{{ config(meta={"dagster": {"ref": {"name": "mart_combined_area_series"}}}) }}
-- An area that has the residents of each of its councils has the sum of them, and its money a head is by that sum.
with members as (
    select
        s.combined_area_code, s.financial_year, s.measure, s.value, s.per_head_65_plus_gbp, s.population_65_plus,
        p.population_65_plus as residents
    from {{ ref('mart_combined_area_series') }} as s
    inner join {{ ref('dim_combined_area') }} as a
        on
            s.combined_area_code = a.combined_area_code
            and s.financial_year between a.valid_from_year and coalesce(a.valid_to_year, '9999-00')
    left join {{ ref('core_council_population') }} as p
        on a.council_code = p.council_code and s.financial_year = p.financial_year
)

select
    combined_area_code, financial_year, measure,
    sum(residents) as expected, max(population_65_plus) as observed
from members
group by combined_area_code, financial_year, measure
having
    count(*) = count(residents)
    and (
        max(population_65_plus) is distinct from sum(residents)
        or abs(max(per_head_65_plus_gbp) * sum(residents) - max(value)) > sum(residents) * 0.005 + 0.01
    )
