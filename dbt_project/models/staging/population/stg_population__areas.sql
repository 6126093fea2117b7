-- Residents by broad age, per area and mid-year, on the release's own boundaries. Where two releases estimate
-- the same mid-year the later one counts.
with banded as (
    select
        p.area_code,
        p.mid_year,
        p.release_id,
        cast(sum(p.persons) filter (where p.age >= 65) as bigint) as population_65_plus,
        cast(sum(p.persons) filter (where p.age >= 18) as bigint) as population_18_plus,
        cast(sum(p.persons) filter (where p.age >= 0) as bigint) as population_all,
        cast(sum(p.persons) filter (where p.age = -1) as bigint) as population_all_printed,
        e.published_on
    from {{ source('raw', 'population_cells') }} as p
    inner join {{ source('raw', 'releases') }} as e on p.release_id = e.release_id and e.is_serving
    group by p.area_code, p.mid_year, p.release_id, e.published_on
)

select
    area_code,
    mid_year,
    {{ financial_year_from('mid_year') }} as financial_year,
    population_65_plus,
    population_18_plus,
    population_all,
    population_all_printed,
    release_id
from banded
qualify row_number() over (partition by area_code, mid_year order by published_on desc nulls last, release_id desc) = 1
