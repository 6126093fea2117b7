-- Services of the desk baseline and those that councils name in maps and ledgers.
with maps as (
    select
        m.service_code,
        min(m.service_name) as service_name,
        min(m.department) as department,
        min(m.performance_measure) as performance_measure
    from {{ ref('stg_service_map__lines') }} as m
    where m.service_code not in (select service_code from {{ ref('services') }})
    group by m.service_code
),

home_care as (
    select service_code, max(case when is_home_care then 1 else 0 end) = 1 as is_home_care
    from {{ ref('stg_service_map__tiers') }}
    group by service_code
),

ledgers as (
    select distinct l.service_code
    from {{ ref('stg_ledger__lines') }} as l
    where
        l.service_code is not null
        and l.service_code not in (select service_code from {{ ref('services') }})
        and l.service_code not in (select service_code from maps)
)

select
    service_code,
    service_name,
    department,
    is_home_care,
    population_group,
    performance_measure,
    description,
    'national' as origin
from {{ ref('services') }}
union all
select
    m.service_code,
    m.service_name,
    m.department,
    coalesce(h.is_home_care, false),
    'as_mapped',
    m.performance_measure,
    'Named by a council in its service map',
    'council_map'
from maps as m
left join home_care as h on m.service_code = h.service_code
union all
select
    service_code,
    service_code,
    'unclassified',
    false,
    'as_mapped',
    cast(null as string),
    'Named by a council in its ledger, without a map',
    'ledger'
from ledgers
