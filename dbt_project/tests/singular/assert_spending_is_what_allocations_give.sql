{{ config(meta={"dagster": {"ref": {"name": "mart_prevention_spend"}}}) }}
-- Worked out again from allocations, residents, price indices and the published total: amounts by tier, pounds per
-- resident aged 65 and over and 18 and over, real terms, the share of adult social care, and how much of the money
-- rests on low confidence or on a model. Of outcomes kept line by line. Fails too when nothing was compared.
with allocated as (
    select
        council_code, financial_year, statement, outcome_code, cost_view, tier,
        sum(amount_gbp) as amount_gbp,
        sum(amount_gbp) filter (where department = 'adult_social_care') as adult_social_care_gbp,
        sum(abs(amount_gbp)) as absolute_gbp,
        sum(abs(amount_gbp)) filter (where confidence = 'low') as low_confidence_gbp,
        sum(abs(amount_gbp)) filter (where is_modelled) as modelled_gbp
    from {{ ref('fct_allocation') }}
    group by all
),

totals as (
    select council_code, financial_year, statement, coalesce(superseded_gbp, amount_gbp) as total_gbp
    from {{ ref('fct_budget_line') }}
    where
        line_code = '360' and body_kind = 'council' and section = 'adult_social_care'
        and measure = 'net_current_expenditure'
),

indices as (
    select y.financial_year, cast(p.deflator_index as double) / y.deflator_index as factor
    from {{ ref('dim_financial_year') }} as y
    inner join {{ ref('dim_financial_year') }} as p on p.financial_year = y.price_year
),

-- Nothing allocated is nothing spent where the return says what its money is for, and unknown elsewhere.
compared as (
    select
        s.*,
        coalesce(a.amount_gbp, n.nothing) as again_gbp,
        coalesce(a.amount_gbp, n.nothing) / nullif(cast(p.population_65_plus as double), 0) as per_65,
        coalesce(a.amount_gbp, n.nothing) / nullif(cast(p.population_18_plus as double), 0) as per_18,
        coalesce(a.amount_gbp, n.nothing) * i.factor as real_gbp,
        coalesce(a.adult_social_care_gbp, case when a.amount_gbp is null then n.nothing else 0 end) / nullif(cast(t.total_gbp as double), 0) as share_of_total,
        coalesce(a.low_confidence_gbp, 0) / nullif(cast(a.absolute_gbp as double), 0) as low_confidence,
        coalesce(a.modelled_gbp, 0) / nullif(cast(a.absolute_gbp as double), 0) as modelled
    from {{ ref('mart_prevention_spend') }} as s
    inner join {{ ref('outcomes') }} as o on s.outcome_code = o.outcome_code and o.has_line_detail
    left join allocated as a
        on
            s.council_code = a.council_code and s.financial_year = a.financial_year and s.statement = a.statement
            and s.outcome_code = a.outcome_code and s.cost_view = a.cost_view and s.tier = a.tier
    cross join lateral (select case when s.is_broken_down then 0 end as nothing) as n
    left join {{ ref('core_council_population') }} as p
        on s.council_code = p.council_code and s.financial_year = p.financial_year
    left join totals as t
        on s.council_code = t.council_code and s.financial_year = t.financial_year and s.statement = t.statement
    left join indices as i on s.financial_year = i.financial_year
)

select
    'amount_gbp' as figure, council_code, financial_year, statement, cost_view, tier, again_gbp::string as expected,
    amount_gbp::string as observed
from compared
where (amount_gbp is null) != (again_gbp is null) or abs(amount_gbp - again_gbp) > 0.000001
union all
select
    'per_head_65_plus_gbp' as figure, council_code, financial_year, statement, cost_view, tier, per_65::string as expected,
    per_head_65_plus_gbp::string as observed
from compared
where (per_head_65_plus_gbp is null) != (per_65 is null) or abs(per_head_65_plus_gbp - per_65) > 0.0051
union all
select
    'per_head_18_plus_gbp' as figure, council_code, financial_year, statement, cost_view, tier, per_18::string as expected,
    per_head_18_plus_gbp::string as observed
from compared
where (per_head_18_plus_gbp is null) != (per_18 is null) or abs(per_head_18_plus_gbp - per_18) > 0.0051
union all
select
    'amount_real_gbp' as figure, council_code, financial_year, statement, cost_view, tier, real_gbp::string as expected,
    amount_real_gbp::string as observed
from compared
where (amount_real_gbp is null) != (real_gbp is null) or abs(amount_real_gbp - real_gbp) > 0.01 + abs(real_gbp) * 0.00000002
union all
select
    'share_of_adult_social_care_share' as figure, council_code, financial_year, statement, cost_view, tier, share_of_total::string as expected,
    share_of_adult_social_care_share::string as observed
from compared
where (share_of_adult_social_care_share is null) != (share_of_total is null) or abs(share_of_adult_social_care_share - share_of_total) > 0.000001
union all
select
    'low_confidence_share' as figure, council_code, financial_year, statement, cost_view, tier, low_confidence::string as expected,
    low_confidence_share::string as observed
from compared
where (low_confidence_share is null) != (low_confidence is null) or abs(low_confidence_share - low_confidence) > 0.000001
union all
select
    'modelled_share' as figure, council_code, financial_year, statement, cost_view, tier, modelled::string as expected,
    modelled_share::string as observed
from compared
where (modelled_share is null) != (modelled is null) or abs(modelled_share - modelled) > 0.000001
union all
select 'nothing was compared', null, null, null, null, null, 'at least one row', '0'
from (select count(*) as compared from compared where again_gbp != 0 and per_65 is not null and real_gbp is not null) as found
where compared = 0 and {{ something_is_due() }}
