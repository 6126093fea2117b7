{{ config(meta={"dagster": {"ref": {"name": "int_admissions_dispersion"}}}) }}
-- Put the other way round: where councils differ by more than chance, the variance between them times the weights of their
-- counts is the dispersion beyond what chance gives; elsewhere there is none. The factor is held to four places.
with counted as (
    select financial_year, 4 * cast(expected as double) as weight
    from {{ ref('int_admissions') }}
    where admissions is not null and expected > 0 and not is_excluded_from_ranks
),

totals as (
    select financial_year, count(*) as councils, sum(weight) - sum(weight * weight) / sum(weight) as spread_of_weights
    from counted
    group by financial_year
)

select
    d.financial_year, d.dispersion_factor, d.between_council_variance as observed,
    (t.councils * d.dispersion_factor - t.councils + 1) / nullif(t.spread_of_weights, 0) as expected
from {{ ref('int_admissions_dispersion') }} as d
left join totals as t on d.financial_year = t.financial_year
where
    t.councils is distinct from d.councils
    or (not d.is_overdispersed and d.between_council_variance != 0)
    or (
        d.is_overdispersed
        and abs(d.between_council_variance * t.spread_of_weights - (t.councils * d.dispersion_factor - t.councils + 1))
        > t.councils * 0.0001 + t.spread_of_weights * 0.00000001
    )
