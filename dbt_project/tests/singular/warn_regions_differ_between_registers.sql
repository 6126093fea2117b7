{{ config(severity="warn", meta={"dagster": {"ref": {"name": "stg_register__authorities"}}}) }}
-- Councils whose region in the registry is not the one in the outcomes annex, which serves, and that are not in
-- the reviewed list: one of the two registers has changed. Warns too when no council was compared.
with compared as (
    select c.council_code, c.region as annex_region, a.region as registry_region
    from {{ ref('stg_register__cassr_codes') }} as c
    inner join {{ ref('stg_register__authorities') }} as a on c.council_code = a.council_code
)

select council_code, annex_region, registry_region
from compared
where annex_region != registry_region and council_code not in (select council_code from {{ ref('known_region_differences') }})
union all
select 'no council was compared', null, null
from (select count(*) as councils from compared)
where councils = 0 and {{ something_is_due() }}
