-- The register: each council with adult social care duties, for the years its code holds.
with spans as (
    select * from {{ ref('core_council_spans') }}
),

succession as (
    select * from {{ ref('core_council_succession') }}
),

-- From 2017-18 the budget publication prints E-code and ONS code side by side; the registry lacks newer E-codes.
printed_ecodes as (
    select f.ons_code as council_code, min(f.body_code) as ecode
    from {{ source('raw', 'finance_cells') }} as f
    inner join {{ source('raw', 'releases') }} as e on f.release_id = e.release_id and e.is_serving
    where f.ons_code is not null and not f.is_control
    group by f.ons_code
    having count(distinct f.body_code) = 1
),

populations as (
    select distinct area_code as council_code from {{ source('raw', 'population_cells') }}
),

ends as (
    select
        from_code as council_code,
        {{ joined('to_code', ',') }} as successor_codes,
        {{ joined('note', '; ', distinct=true) }} as note,
        min(effective_year) as effective_year
    from succession
    group by from_code
),

starts as (
    select
        to_code as council_code,
        {{ joined('from_code', ',') }} as predecessor_codes,
        {{ joined('note', '; ', distinct=true) }} as note,
        min(effective_year) as effective_year
    from succession
    group by to_code
),

-- The outcomes annex knows regions best; councils that ended before it have the region of their successors. Where it
-- is not held the registry's serve, but for two counties that it puts in a neighbouring one.
successor_regions as (
    select s.from_code as council_code, min(c.region) as region
    from succession as s
    inner join {{ ref('stg_register__cassr_codes') }} as c on s.to_code = c.council_code
    group by s.from_code
    having count(distinct c.region) = 1
),

-- Where the annex is not held and the registry gives an ended council no region.
registered_successor_regions as (
    select y.from_code as council_code, min(p.region) as region
    from succession as y
    inner join spans as p on y.to_code = p.council_code
    group by y.from_code
    having count(distinct p.region) = 1
)

select
    s.council_code,
    s.valid_from_year,
    s.valid_to_year,
    coalesce(s.ecode, p.ecode) as ecode,
    s.council_name,
    s.official_name,
    case s.authority_type
        when 'LBO' then 'london_borough'
        when 'CC' then 'london_borough'
        when 'MD' then 'metropolitan_district'
        when 'UA' then 'unitary'
        when 'CTY' then 'shire_county'
    end as class,
    case s.authority_type
        when 'LBO' then 'London borough'
        when 'CC' then 'London borough'
        when 'MD' then 'Metropolitan district'
        when 'UA' then 'Unitary'
        when 'CTY' then 'Shire county'
    end as council_class_name,
    coalesce(c.region, r.region, k.region, s.region, g.region) as region,
    c.cassr_code,
    e.successor_codes,
    b.predecessor_codes,
    nullif(
        concat_ws(
            '. ',
            'From ' || b.effective_year || ': ' || b.note,
            'To ' || s.valid_to_year || ': ' || e.note,
            x.reason
        ),
        ''
    ) as comparability_note,
    x.council_code is not null as is_excluded_from_ranks,
    x.reason as rank_exclusion_reason,
    n.council_code is not null as has_population,
    s.valid_to_year is null as is_current
from spans as s
left join printed_ecodes as p on s.council_code = p.council_code
left join successor_regions as r on s.council_code = r.council_code
left join registered_successor_regions as g on s.council_code = g.council_code
left join {{ ref('stg_register__cassr_codes') }} as c on s.council_code = c.council_code
left join {{ ref('known_region_differences') }} as k on s.council_code = k.council_code
left join ends as e on s.council_code = e.council_code
left join starts as b on s.council_code = b.council_code
left join {{ ref('council_rank_exclusions') }} as x on s.council_code = x.council_code
left join populations as n on s.council_code = n.council_code
