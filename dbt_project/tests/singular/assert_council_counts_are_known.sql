{{ config(meta={"dagster": {"ref": {"name": "dim_council"}}}) }}
-- The register holds as many councils each year as publications count. Fails too when it compared no year:
-- fictional councils have no counts to meet, but then at least one council must be in some year.
with fictional as (
    select coalesce(bool_or(is_sample), false) as is_sample from {{ source('raw', 'releases') }}
),

counted as (
    select k.financial_year, k.councils as expected, count(c.council_code) as observed
    from {{ ref('council_counts') }} as k
    left join {{ ref('dim_council') }} as c
        on
            k.financial_year >= c.valid_from_year
            and k.financial_year <= coalesce(c.valid_to_year, '9999-00')
    group by k.financial_year, k.councils
)

select c.financial_year, c.expected, c.observed
from counted as c
cross join fictional as f
where (not f.is_sample and c.expected != c.observed) or (f.is_sample and c.observed = 0)
union all
select 'no year was compared', 1, 0
from (select count(*) as years from counted)
where years = 0 and {{ something_is_due() }}
