{{ config(meta={"dagster": {"ref": {"name": "int_allocation_tiers"}}}) }}
-- Step two only labels what step one gave: each service's pence are the same before and after, for each outcome.
-- Fails too when nothing was compared.
with given as (
    select s.line_key, s.service_code, o.outcome_code, s.service_pence
    from {{ ref('int_allocation_services') }} as s
    cross join {{ ref('outcomes') }} as o
),

labelled as (
    select line_key, service_code, outcome_code, sum(tier_pence) as service_pence
    from {{ ref('int_allocation_tiers') }}
    group by line_key, service_code, outcome_code
)

select
    coalesce(g.line_key, t.line_key) as line_key,
    coalesce(g.service_code, t.service_code) as service_code,
    g.service_pence as before_pence,
    t.service_pence as after_pence
from given as g
full outer join labelled as t
    on g.line_key = t.line_key and g.service_code = t.service_code and g.outcome_code = t.outcome_code
where g.service_pence is distinct from t.service_pence
union all
select 'nothing was compared', '', 0, 0
from (select count(*) as services from given) as counted
where services = 0 and {{ something_is_due('revenue_account') }}
