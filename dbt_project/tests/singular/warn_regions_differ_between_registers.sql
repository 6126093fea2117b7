{{ config(severity="warn", meta={"dagster": {"ref": {"name": "dim_council"}}}) }}
-- Councils whose region in the registry is not the one in the outcomes annex, which serves. Two are known:
-- Derbyshire and Lincolnshire. Any other means that one of the two registers has changed.
select c.council_code, c.region as annex_region, a.region as registry_region
from {{ ref('stg_register__cassr_codes') }} as c
inner join {{ ref('stg_register__authorities') }} as a on c.council_code = a.council_code
where c.region != a.region and c.council_code not in ('E10000007', 'E10000019')
