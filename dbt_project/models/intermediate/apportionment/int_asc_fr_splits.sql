-- The external driver: how spending on people aged 65 and over by support reason divides between services, for every
-- council, from its own return or the nearest that serves it (driver_level says which).
select
    c.council_code,
    c.driver_year,
    c.support_reason,
    q.service_code,
    min(c.driver_level) as driver_level,
    cast(sum(q.quantity) as bigint) as quantity
from {{ ref('int_asc_fr_sources') }} as c
inner join {{ ref('int_asc_fr_quantities') }} as q
    on c.driver_year = q.financial_year and c.support_reason = q.support_reason
    and c.geography_level = q.geography_level and c.geography_code = q.geography_code
group by c.council_code, c.driver_year, c.support_reason, q.service_code
