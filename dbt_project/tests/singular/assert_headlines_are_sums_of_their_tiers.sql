{{ config(meta={"dagster": {"ref": {"name": "mart_prevention_headline"}}}) }}
-- Worked out again from allocations and the seed of perimeters: the perimeter's amount, its reactive money, the
-- balance between the two, pounds per resident aged 65 and over, real terms and the share on low confidence.
-- Of outcomes kept line by line. Fails too when nothing was compared.
with allocated as (
    select
        f.council_code, f.financial_year, f.statement, f.outcome_code, f.cost_view, p.perimeter,
        sum(f.amount_gbp) as amount_gbp,
        sum(abs(f.amount_gbp)) as absolute_gbp,
        sum(abs(f.amount_gbp)) filter (where f.confidence = 'low') as low_confidence_gbp
    from {{ ref('fct_allocation') }} as f
    inner join {{ ref('perimeters') }} as p on f.tier = p.tier and (p.takes_home_care or not f.is_home_care)
    group by all
),

reactive as (
    select council_code, financial_year, statement, outcome_code, cost_view, sum(amount_gbp) as reactive_gbp
    from {{ ref('fct_allocation') }}
    where tier = 'reactive'
    group by all
),

indices as (
    select y.financial_year, cast(p.deflator_index as double) / y.deflator_index as factor
    from {{ ref('dim_financial_year') }} as y
    inner join {{ ref('dim_financial_year') }} as p on p.financial_year = y.price_year
),

compared as (
    select
        h.*,
        k.sum_gbp as again_gbp,
        k.reactive_sum_gbp as reactive_again_gbp,
        case
            when k.sum_gbp >= 0 and k.reactive_sum_gbp >= 0
                then cast(k.sum_gbp as double) / nullif(k.sum_gbp + k.reactive_sum_gbp, 0)
        end as balance,
        k.sum_gbp / nullif(cast(p.population_65_plus as double), 0) as per_65,
        k.sum_gbp * i.factor as real_gbp,
        case
            when h.is_broken_down
                then coalesce(a.low_confidence_gbp, 0) / nullif(cast(a.absolute_gbp as double), 0)
        end as low_confidence
    from {{ ref('mart_prevention_headline') }} as h
    inner join {{ ref('outcomes') }} as o on h.outcome_code = o.outcome_code and o.has_line_detail
    left join allocated as a
        on
            h.council_code = a.council_code and h.financial_year = a.financial_year and h.statement = a.statement
            and h.outcome_code = a.outcome_code and h.cost_view = a.cost_view and h.perimeter = a.perimeter
    left join reactive as r
        on
            h.council_code = r.council_code and h.financial_year = r.financial_year and h.statement = r.statement
            and h.outcome_code = r.outcome_code and h.cost_view = r.cost_view
    -- Nothing is known of the tiers of a return that does not say what its money is for.
    cross join lateral (
        select
            case when h.is_broken_down then coalesce(a.amount_gbp, 0) end as sum_gbp,
            case when h.is_broken_down then coalesce(r.reactive_gbp, 0) end as reactive_sum_gbp
    ) as k
    left join {{ ref('core_council_population') }} as p
        on h.council_code = p.council_code and h.financial_year = p.financial_year
    left join indices as i on h.financial_year = i.financial_year
)

select
    'amount_gbp' as figure, council_code, financial_year, statement, cost_view, perimeter, again_gbp::string as expected,
    amount_gbp::string as observed
from compared
where (amount_gbp is null) != (again_gbp is null) or abs(amount_gbp - again_gbp) > 0.000001
union all
select
    'reactive_gbp' as figure, council_code, financial_year, statement, cost_view, perimeter, reactive_again_gbp::string as expected,
    reactive_gbp::string as observed
from compared
where (reactive_gbp is null) != (reactive_again_gbp is null) or abs(reactive_gbp - reactive_again_gbp) > 0.000001
union all
select
    'preventative_share' as figure, council_code, financial_year, statement, cost_view, perimeter, balance::string as expected,
    preventative_share::string as observed
from compared
where (preventative_share is null) != (balance is null) or abs(preventative_share - balance) > 0.000001
union all
select
    'per_head_65_plus_gbp' as figure, council_code, financial_year, statement, cost_view, perimeter, per_65::string as expected,
    per_head_65_plus_gbp::string as observed
from compared
where (per_head_65_plus_gbp is null) != (per_65 is null) or abs(per_head_65_plus_gbp - per_65) > 0.0051
union all
select
    'amount_real_gbp' as figure, council_code, financial_year, statement, cost_view, perimeter, real_gbp::string as expected,
    amount_real_gbp::string as observed
from compared
where (amount_real_gbp is null) != (real_gbp is null) or abs(amount_real_gbp - real_gbp) > 0.01 + abs(real_gbp) * 0.00000002
union all
select
    'low_confidence_share' as figure, council_code, financial_year, statement, cost_view, perimeter, low_confidence::string as expected,
    low_confidence_share::string as observed
from compared
where (low_confidence_share is null) != (low_confidence is null) or abs(low_confidence_share - low_confidence) > 0.000001
union all
select 'nothing was compared', null, null, null, null, null, 'at least one row', '0'
from (select count(*) as compared from compared where again_gbp != 0 and per_65 is not null and real_gbp is not null) as found
where compared = 0 and {{ something_is_due() }}
