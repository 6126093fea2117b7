-- Areas whose footprint stays the same while the councils on it change: sums over the members of a year give
-- a series that runs across the change.
with members as (
    select combined_area_code, combined_area_name, from_code as council_code
    from {{ ref('core_council_succession') }}
    where combined_area_code is not null
    union
    select combined_area_code, combined_area_name, to_code as council_code
    from {{ ref('core_council_succession') }}
    where combined_area_code is not null
)

select
    m.combined_area_code,
    m.combined_area_name,
    m.council_code,
    c.council_name,
    c.valid_from_year,
    c.valid_to_year
from members as m
inner join {{ ref('dim_council') }} as c on m.council_code = c.council_code
