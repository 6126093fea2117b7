-- How much more councils differ in a year than chance alone would have it. Each council's distance from the
-- England rate is put on the square-root scale, the outer tenths are pulled in to the tenth and ninetieth
-- percentile, and the mean square is the dispersion factor. Where it lies beyond what chance gives for so many
-- councils, the variance between councils is estimated by moments (DerSimonian and Laird), as the funnels of
-- hospital mortality do (additive over-dispersion, Spiegelhalter 2005): need, supply and recording differ between
-- councils, and that difference does not shrink as counts grow. Terms are rounded before they are added, so that
-- no sum depends on its order.
with scored as (
    select financial_year, expected, 2 * (sqrt(admissions) - sqrt(expected)) as z
    from {{ ref('int_admissions') }}
    where admissions is not null and expected > 0 and not is_excluded_from_ranks
),

ends as (
    select financial_year, percentile_cont(0.1) within group (order by z) as low, percentile_cont(0.9) within group (order by z) as high
    from scored
    group by financial_year
),

summed as (
    select
        s.financial_year,
        count(*) as councils,
        cast(sum(cast(power(greatest(least(s.z, e.high), e.low), 2) as decimal(18, 6))) as double) / count(*) as factor,
        cast(sum(cast(4 * s.expected as decimal(18, 6))) as double) as weights,
        cast(sum(cast(power(4 * s.expected, 2) as decimal(28, 4))) as double) as squared_weights
    from scored as s
    inner join ends as e on s.financial_year = e.financial_year
    group by s.financial_year
),

judged as (
    select *, factor > 1 + 2 * sqrt(cast(2 as double) / councils) as is_overdispersed
    from summed
)

select
    financial_year,
    councils,
    cast(round(factor, 4) as decimal(18, 4)) as dispersion_factor,
    is_overdispersed,
    case
        when is_overdispersed
            then round((councils * factor - (councils - 1)) / nullif(weights - squared_weights / weights, 0), 8)
        else 0
    end as between_council_variance
from judged
