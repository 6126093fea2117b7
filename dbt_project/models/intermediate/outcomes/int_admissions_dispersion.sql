-- How much more councils differ in a year than chance alone would have it. Each council's distance from the
-- England rate is put on the square-root scale, the outer tenths are pulled in to the tenth and ninetieth
-- percentile, and the mean square is the factor. It widens the limits where it lies beyond what chance gives for
-- so many councils (Spiegelhalter 2005). Squares are rounded, so that the sum does not depend on their order.
with scored as (
    select financial_year, 2 * (sqrt(admissions) - sqrt(expected)) as z
    from {{ ref('int_admissions') }}
    where admissions is not null and expected > 0 and not is_excluded_from_ranks
),

ends as (
    select financial_year, quantile_cont(z, 0.1) as low, quantile_cont(z, 0.9) as high
    from scored
    group by financial_year
),

factors as (
    select
        s.financial_year,
        count(*) as councils,
        cast(sum(cast(power(greatest(least(s.z, e.high), e.low), 2) as decimal(18, 6))) as double) / count(*) as factor
    from scored as s
    inner join ends as e on s.financial_year = e.financial_year
    group by s.financial_year
)

select
    financial_year,
    councils,
    cast(round(factor, 4) as decimal(18, 4)) as dispersion_factor,
    factor > 1 + 2 * sqrt(2.0 / councils) as is_overdispersed,
    case when factor > 1 + 2 * sqrt(2.0 / councils) then round(factor, 4) else 1 end as factor_applied
from factors
