-- Whose figures split a council's lines: its own return where that is usable, else its predecessors', then its
-- region's, then England's. One row a council, support reason and geography that serves it.
with usable as (
    select financial_year, geography_level, geography_code, support_reason
    from {{ ref('int_asc_fr_quantities') }}
    group by financial_year, geography_level, geography_code, support_reason
    having sum(quantity) > 0
),

councils as (
    select distinct council_code, region from {{ ref('dim_council') }}
),

-- A council row of the return carries its region's code; the register gives the region's name.
regions as (
    select distinct d.region, c.region_code
    from {{ ref('stg_asc_fr__support_65_plus') }} as c
    inner join councils as d on c.council_code = d.council_code
    where c.geography_level = 'council' and c.region_code is not null
),

candidates as (
    select council_code, 1 as preference, 'council' as driver_level, 'council' as geography_level, council_code as geography_code
    from councils
    union all
    select
        to_code, 2, case when carries_series then 'council' else 'predecessor' end, 'council', from_code
    from {{ ref('core_council_succession') }}
    union all
    select c.council_code, 3, 'region', 'region', r.region_code
    from councils as c
    inner join regions as r on c.region = r.region
    union all
    select council_code, 4, 'england', 'england', 'england' from councils
),

chosen as (
    select
        u.financial_year,
        u.support_reason,
        k.council_code,
        k.driver_level,
        k.geography_level,
        k.geography_code,
        k.preference,
        min(k.preference) over (partition by u.financial_year, u.support_reason, k.council_code) as best
    from candidates as k
    inner join usable as u on k.geography_level = u.geography_level and k.geography_code = u.geography_code
)

select financial_year as driver_year, support_reason, council_code, driver_level, geography_level, geography_code
from chosen
where preference = best
