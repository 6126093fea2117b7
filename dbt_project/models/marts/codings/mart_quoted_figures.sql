-- Money, ratios and shares that the reports quote from others, as numbers, and beside a share or change of spending on
-- prevention what the budgets of that year give. The two are not one measure: the perimeters are named, and both stand.
with shares as (
    select
        financial_year, perimeter, panel, councils,
        100 * share_of_adult_social_care_share as central_percent,
        100 * share_of_adult_social_care_low_share as low_percent,
        100 * share_of_adult_social_care_high_share as high_percent,
        100 * (
            cast(adult_social_care_gbp as double) / nullif(lag(adult_social_care_gbp) over (
                partition by perimeter, panel order by financial_year
            ), 0) - 1
        ) as change_percent,
        lag(financial_year) over (partition by perimeter, panel order by financial_year) as year_before
    from {{ ref('mart_national_headline') }}
    where
        statement = 'budget' and cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'
        and perimeter in ('narrow', 'wide')
),

-- A share is of all who answered; a change only of the councils that answered in every year.
beside as (
    select
        financial_year, perimeter, 'share_of_adult_social_care' as compared_with, councils,
        central_percent, low_percent, high_percent
    from shares
    where panel = 'all'
    union all
    select financial_year, perimeter, 'change_on_the_year_before', councils, change_percent, null, null
    from shares
    where
        panel = 'matched'
        and cast(left(financial_year, 4) as integer) = cast(left(year_before, 4) as integer) + 1
)

select
    q.finding_id,
    f.source,
    f.wave,
    f.statement,
    q.kind,
    q.quoted_amount_gbp,
    q.quoted_of_gbp,
    q.quoted_ratio,
    q.quoted_percent,
    q.warehouse_year,
    q.compared_with,
    n.councils as warehouse_councils,
    cast(n.central_percent as decimal(9, 2)) as narrow_percent,
    cast(n.low_percent as decimal(9, 2)) as narrow_low_percent,
    cast(n.high_percent as decimal(9, 2)) as narrow_high_percent,
    cast(w.central_percent as decimal(9, 2)) as wide_percent,
    cast(w.low_percent as decimal(9, 2)) as wide_low_percent,
    cast(w.high_percent as decimal(9, 2)) as wide_high_percent,
    q.reason
from {{ ref('quoted_figures') }} as q
inner join {{ codebook_list('published_findings') }} as f on q.finding_id = f.finding_id
left join beside as n
    on q.warehouse_year = n.financial_year and q.compared_with = n.compared_with and n.perimeter = 'narrow'
left join beside as w
    on q.warehouse_year = w.financial_year and q.compared_with = w.compared_with and w.perimeter = 'wide'
