{{ config(meta={"dagster": {"ref": {"name": "mart_spend_against_admissions"}}}) }}
-- Control limits worked back: on the square-root scale each lies as far from the England rate as the number of
-- standard deviations it stands for, times the spread that councils show; and the 95 per cent limits lie inside
-- those of 99.8. Fails too when no limit was compared.
with limits as (
    select
        m.council_code, m.financial_year, m.england_per_100k, a.residents,
        sqrt(case when d.is_overdispersed then cast(d.dispersion_factor as double) else 1 end) as spread,
        m.control_lower_95_per_100k, m.control_upper_95_per_100k, m.control_lower_998_per_100k, m.control_upper_998_per_100k
    from {{ ref('mart_spend_against_admissions') }} as m
    inner join {{ ref('int_admissions') }} as a on m.council_code = a.council_code and m.financial_year = a.financial_year
    inner join {{ ref('int_admissions_dispersion') }} as d on m.financial_year = d.financial_year
    where m.control_upper_95_per_100k is not null
),

each as (
    select council_code, financial_year, england_per_100k, residents, spread, limit_name, limit_per_100k
    from limits
    unpivot (
        limit_per_100k for limit_name in (
            control_lower_95_per_100k, control_upper_95_per_100k, control_lower_998_per_100k, control_upper_998_per_100k
        )
    )
),

deviations as (
    select
        *,
        case when limit_name like '%998%' then 3.090232 else 1.959964 end
        * case when limit_name like '%lower%' then -1 else 1 end as expected,
        2 * (sqrt(limit_per_100k * residents / 100000) - sqrt(england_per_100k * residents / 100000)) / spread as observed,
        -- A limit is printed to a tenth: this much of a deviation.
        0.06 * sqrt(residents / 100000 / greatest(limit_per_100k, 0.1)) / spread + 0.001 as allowed
    from each
)

select council_code, financial_year, limit_name, expected, observed
from deviations
where abs(observed - expected) > allowed and not (limit_per_100k = 0 and observed >= expected)
union all
select 'nothing was compared', null, null, 1, 0
from (select count(*) as compared from deviations) as found
where compared = 0
