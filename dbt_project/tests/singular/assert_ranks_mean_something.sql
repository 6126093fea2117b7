{{ config(meta={"dagster": {"ref": {"name": "mart_council_comparison"}}}) }}
-- No rank for a figure modelled on the desk baseline alone, for a council that is never ranked, or without a
-- value; ranks run from 1 within rank_of; among all councils of England rank_of is the number of ranks given; the
-- council's region and class are those of the register.
-- Fails too when nothing was ranked or nothing was withheld.
with ranked as (
    select * from {{ ref('mart_council_comparison') }} where is_ranked
),

england as (
    select financial_year, statement, measure, count(*) as ranks, min(rank_of) as fewest, max(rank_of) as most
    from ranked
    where comparator = 'england'
    group by financial_year, statement, measure
)

select 'a modelled figure is ranked' as problem, r.council_code, r.financial_year, r.measure
from ranked as r
inner join {{ ref('mart_prevention_headline') }} as h
    on
        r.council_code = h.council_code
        and r.financial_year = h.financial_year
        and r.statement = h.statement
        and r.measure like h.perimeter || '%'
        and h.outcome_code = 'delay_and_reduce_need_65_plus'
where h.is_modelled and h.rule_set = 'desk_baseline'
union all
select 'a council that is never ranked is ranked', r.council_code, r.financial_year, r.measure
from ranked as r
inner join {{ ref('council_rank_exclusions') }} as x on r.council_code = x.council_code
union all
select 'a rank is out of range or without a value', council_code, financial_year, measure
from ranked
where value is null or rank not between 1 and rank_of or quartile not between 1 and 4
union all
select 'a withheld rank is shown, or has no reason', council_code, financial_year, measure
from {{ ref('mart_council_comparison') }}
where not is_ranked and (rank is not null or quartile is not null or withhold_reason is null)
union all
select 'a council is put beside others than those of its region or class', r.council_code, r.financial_year, r.measure
from {{ ref('mart_council_comparison') }} as r
inner join {{ ref('dim_council') }} as c on r.council_code = c.council_code
where
    r.comparator in ('region', 'class')
    and r.comparator_name is distinct from case r.comparator when 'region' then c.region else c.council_class_name end
union all
select 'ranks among all councils do not add up', null, financial_year, measure
from england
where ranks != fewest or ranks != most
union all
select 'nothing was ranked, or nothing withheld', null, null, null
from (
    select count(*) filter (where is_ranked) as given, count(*) filter (where not is_ranked) as withheld
    from {{ ref('mart_council_comparison') }}
)
where (given = 0 or withheld = 0) and {{ something_is_due() }}
