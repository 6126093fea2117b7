-- Rows whose identifiers do not belong together: E-code, ONS code, name and class of every authority against the
-- register and against the other publications. One row is a check, publication and authority.
with bodies as (
    select distinct
        b.release_of as publication,
        b.financial_year,
        b.body_code,
        nullif(b.ons_code, 'n/a') as ons_code,
        b.body_name,
        b.body_class,
        lower({{ matches_replaced('b.body_name', '[^A-Za-z]', '') }}) as name_key
    from {{ ref('stg_finance__cells') }} as b
    where b.is_serving and not b.is_control
),

registered as (
    select
        ecode, council_code, council_name, started_on, ended_on,
        lower({{ matches_replaced('council_name', '[^A-Za-z]', '') }}) as name_key
    from {{ ref('stg_register__authorities') }}
    where ecode is not null
),

codes as (
    select
        'codes_disagree_with_the_register' as check_name, b.publication, b.financial_year,
        b.ons_code as council_code, b.body_name as council_name, b.body_code as item,
        'ONS code of E-code ' || b.body_code as item_name, 'the register of authorities' as compared_with,
        r.council_code as expected_code, b.ons_code as observed_code
    from bodies as b
    inner join registered as r
        on
            b.body_code = r.ecode
            and coalesce(r.started_on, date '1900-01-01') <= make_date(cast(left(b.financial_year, 4) as integer) + 1, 3, 31)
            and coalesce(r.ended_on, date '9999-01-01') >= make_date(cast(left(b.financial_year, 4) as integer), 4, 1)
    where b.ons_code != r.council_code
),

-- The name is another authority's, by the register or by what the other publications print, and never its own.
known_names as (
    select ecode as body_code, name_key from registered
    union
    select body_code, name_key from bodies group by body_code, name_key having count(distinct publication) > 1
),

codes_of as (
    select ecode as body_code, council_code from registered where council_code is not null
    union
    select body_code, ons_code from bodies where ons_code is not null
),

-- A council that took another's place may bear its name.
heirs as (
    select f.body_code, t.body_code as other_code
    from {{ ref('core_council_succession') }} as s
    inner join codes_of as f on s.from_code = f.council_code
    inner join codes_of as t on s.to_code = t.council_code
),

names as (
    select
        'name_of_another_authority' as check_name, b.publication, b.financial_year, b.ons_code as council_code,
        b.body_name as council_name, b.body_code as item, 'name beside E-code ' || b.body_code as item_name,
        'the register and the other publications' as compared_with,
        k.body_code as expected_code, b.body_code as observed_code
    from bodies as b
    inner join known_names as k on b.name_key = k.name_key and b.body_code != k.body_code
    where
        not exists (select 1 from known_names as o where o.body_code = b.body_code and o.name_key = b.name_key)
        and exists (select 1 from known_names as o where o.body_code = b.body_code)
        and not exists (
            select 1 from heirs as h
            where
                (h.body_code = b.body_code and h.other_code = k.body_code)
                or (h.body_code = k.body_code and h.other_code = b.body_code)
        )
),

-- Publications that print ONS codes instead: the name beside a code is another authority's, and never its own.
places as (
    select e.release_id as publication, c.financial_year, c.ons_code as code, c.geography_name as name
    from {{ source('raw', 'ascof_cells') }} as c
    inner join {{ source('raw', 'releases') }} as e on c.release_id = e.release_id and e.is_serving
    union
    select e.release_id, {{ financial_year_from('p.mid_year') }}, p.area_code, p.area_name
    from {{ source('raw', 'population_cells') }} as p
    inner join {{ source('raw', 'releases') }} as e on p.release_id = e.release_id and e.is_serving
    where p.age = -1
    union
    select e.release_id, '', d.council_code, d.council_name
    from {{ source('raw', 'deprivation_cells') }} as d
    inner join {{ source('raw', 'releases') }} as e on d.release_id = e.release_id and e.is_serving
),

keyed as (
    select *, lower({{ matches_replaced('name', '[^A-Za-z]', '') }}) as name_key
    from places
    where left(code, 3) in ('E06', 'E07', 'E08', 'E09', 'E10') and name is not null
),

known_places as (
    select council_code as code, name_key from registered where council_code is not null
    union
    select code, name_key from keyed group by code, name_key having count(distinct publication) > 1
),

place_names as (
    select distinct
        'name_of_another_authority' as check_name, p.publication, p.financial_year, p.code as council_code,
        p.name as council_name, p.code as item, 'name beside code ' || p.code as item_name,
        'the register and the other publications' as compared_with,
        min(k.code) over (partition by p.publication, p.financial_year, p.code, p.name) as expected_code,
        p.code as observed_code
    from keyed as p
    inner join known_places as k on p.name_key = k.name_key and p.code != k.code
    where
        not exists (select 1 from known_places as o where o.code = p.code and o.name_key = p.name_key)
        and exists (select 1 from known_places as o where o.code = p.code)
        -- A council that took another's place may bear its name.
        and not exists (
            select 1 from {{ ref('core_council_succession') }} as s
            where (s.from_code = p.code and s.to_code = k.code) or (s.from_code = k.code and s.to_code = p.code)
        )
),

-- An ONS code says by its first letters what kind of authority it is of; the register's where none is printed.
kinds as (
    select
        'class_disagrees_with_the_code' as check_name, b.publication, b.financial_year,
        coalesce(b.ons_code, r.council_code) as council_code, b.body_name as council_name, b.body_code as item,
        'class of E-code ' || b.body_code as item_name, 'the kind its ONS code is of' as compared_with,
        case left(coalesce(b.ons_code, r.council_code), 3)
            when 'E06' then 'UA' when 'E07' then 'SD' when 'E08' then 'MD' when 'E09' then 'L' when 'E10' then 'SC'
        end as expected_code,
        b.body_class as observed_code
    from bodies as b
    left join (
        select ecode, min(council_code) as council_code
        from registered
        group by ecode
        having count(distinct left(council_code, 3)) = 1
    ) as r on b.body_code = r.ecode
    where left(coalesce(b.ons_code, r.council_code), 3) in ('E06', 'E07', 'E08', 'E09', 'E10')
)

select
    check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
    cast(null as decimal(18, 2)) as expected, cast(null as decimal(18, 2)) as observed, cast(null as double) as factor,
    expected_code, observed_code
from codes
union all
select
    check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
    null, null, null, expected_code, observed_code
from names
union all
select
    check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
    null, null, null, expected_code, observed_code
from place_names
union all
select
    check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
    null, null, null, expected_code, observed_code
from kinds
where observed_code != expected_code
