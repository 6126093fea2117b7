{{ config(meta={"dagster": {"ref": {"name": "dim_council"}}}) }}
-- Every council that a budget or outturn prints has an E-code, and no E-code names two councils in one year: early budgets have no other code.
-- Fails too when there is no council.
select a.ecode, a.council_code, b.council_code as other_code
from {{ ref('dim_council') }} as a
inner join {{ ref('dim_council') }} as b
    on
        a.ecode = b.ecode
        and a.council_code < b.council_code
        and a.valid_from_year <= coalesce(b.valid_to_year, '9999-00')
        and b.valid_from_year <= coalesce(a.valid_to_year, '9999-00')
union all
select 'no E-code', council_code, null
from {{ ref('dim_council') }}
where
    ecode is null
    and council_code in (select ons_code from {{ source('raw', 'finance_cells') }} where not is_control)
union all
select 'no council', null, null
from (select count(*) as councils from {{ ref('dim_council') }})
where councils = 0 and {{ something_is_due() }}
