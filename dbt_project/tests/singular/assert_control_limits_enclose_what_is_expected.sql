{{ config(meta={"dagster": {"ref": {"name": "int_admissions_judged"}}}) }}
-- Limits worked back: on the square-root scale each lies as many standard deviations from what is expected as it stands
-- for. The deviation is one half by chance; for control limits the variance between councils comes on top, the more
-- the larger the count. Fails too when no limit was compared.
with limits as (
    select
        m.council_code, m.financial_year, a.expected, a.residents, d.between_council_variance,
        m.control_lower_95_per_100k, m.control_upper_95_per_100k, m.control_lower_998_per_100k, m.control_upper_998_per_100k,
        m.chance_lower_95_per_100k, m.chance_upper_95_per_100k, m.chance_lower_998_per_100k, m.chance_upper_998_per_100k
    from {{ ref('int_admissions_judged') }} as m
    inner join {{ ref('int_admissions') }} as a on m.council_code = a.council_code and m.financial_year = a.financial_year
    inner join {{ ref('int_admissions_dispersion') }} as d on m.financial_year = d.financial_year
    where a.expected > 0 and a.residents > 0
),

each as (
    select council_code, financial_year, expected, residents, between_council_variance, limit_name, limit_per_100k
    from limits
    unpivot (
        limit_per_100k for limit_name in (
            control_lower_95_per_100k, control_upper_95_per_100k, control_lower_998_per_100k, control_upper_998_per_100k,
            chance_lower_95_per_100k, chance_upper_95_per_100k, chance_lower_998_per_100k, chance_upper_998_per_100k
        )
    )
),

measured as (
    select
        *,
        case when limit_name like '%998%' then 3.090232 else 1.959964 end
        * case when limit_name like '%lower%' then -1 else 1 end as deviations,
        sqrt(0.25 + case when limit_name like 'control%' then expected * between_council_variance else 0 end) as deviation
    from each
),

compared as (
    select
        council_code, financial_year, limit_name, limit_per_100k, deviations as expected,
        (sqrt(limit_per_100k * residents / 100000) - sqrt(expected)) / deviation as observed,
        -- A limit is printed to a tenth: half of that, in deviations.
        0.06 * residents / 100000 / (2 * sqrt(greatest(limit_per_100k, 0.1) * residents / 100000)) / deviation + 0.001 as allowed
    from measured
)

select council_code, financial_year, limit_name, expected, observed
from compared
-- No limit is below zero: where it would be, it stands nearer than it should.
where abs(observed - expected) > allowed and not (limit_per_100k = 0 and observed >= expected)
union all
select 'nothing was compared', null, null, 1, 0
from (select count(*) as limits_compared from compared) as found
where limits_compared = 0 and {{ something_is_due() }}
