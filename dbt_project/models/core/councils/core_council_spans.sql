-- Every ONS code of a council with adult social care duties and the financial years it holds for. Years come
-- from the reviewed changes where there is one, else from the registry's dates.
with registered as (
    select * from {{ ref('stg_register__authorities') }}
),

changes as (
    select * from {{ ref('council_changes') }}
),

-- A recode the registry does not follow: the code it lacks takes everything else from the code it has.
recoded as (
    select
        case when a.council_code = c.from_code then c.to_code else c.from_code end as council_code,
        a.council_code as registered_code
    from changes as c
    inner join registered as a on a.council_code in (c.from_code, c.to_code)
    where
        c.change_kind = 'recode'
        and (
            c.from_code not in (select council_code from registered)
            or c.to_code not in (select council_code from registered)
        )
),

codes as (
    select council_code, council_code as registered_code from registered
    union all
    select council_code, registered_code from recoded
),

reviewed_starts as (
    select to_code, min(effective_year) as effective_year from changes group by to_code
),

reviewed_ends as (
    select from_code, min(effective_year) as effective_year from changes group by from_code
),

dated as (
    select
        k.council_code,
        k.council_code != k.registered_code as is_recoded_from_registry,
        a.registry_code,
        a.ecode,
        a.official_name,
        a.council_name,
        a.authority_type,
        a.region,
        greatest(
            coalesce(s.effective_year, {{ financial_year_of('a.started_on') }}, '{{ var("first_register_year") }}'),
            '{{ var("first_register_year") }}'
        ) as valid_from_year,
        coalesce(
            {{ financial_year_shift('e.effective_year', -1) }}, {{ financial_year_of('a.ended_on') }}
        ) as valid_to_year
    from codes as k
    inner join registered as a on k.registered_code = a.council_code
    left join reviewed_starts as s on k.council_code = s.to_code
    left join reviewed_ends as e on k.council_code = e.from_code
)

select * from dated
where valid_to_year is null or valid_to_year >= valid_from_year
