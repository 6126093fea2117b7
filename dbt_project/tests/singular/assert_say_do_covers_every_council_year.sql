{{ config(meta={"dagster": {"ref": {"name": "mart_say_do_gap"}}}) }}
-- Every council and year that has a headline is classified, once, and without a claim none is more than
-- not_enough_evidence. Fails too when it compared nothing.
with expected as (
    select distinct council_code, financial_year from {{ ref('mart_prevention_headline') }}
)

select e.council_code, e.financial_year, 'not classified' as problem
from expected as e
left join {{ ref('mart_say_do_gap') }} as g on e.council_code = g.council_code and e.financial_year = g.financial_year
where g.council_code is null
union all
select council_code, financial_year, 'classified without a claim' as problem
from {{ ref('mart_say_do_gap') }}
where claim_items = 0 and classification != 'not_enough_evidence'
union all
select '', '', 'nothing was compared' from (select count(*) as found from expected) where found = 0 and {{ something_is_due() }}
