-- What the money of each council and year shows, once for each perimeter: budgets where there is one, else outturn,
-- never one beside the other in a movement. Full cost, so that overheads stand where the services do.
with headline as (
    select
        *,
        dense_rank() over (partition by council_code, financial_year order by statement) as choice
    from {{ ref('int_prevention_headlines') }}
    where cost_view = 'full_cost' and outcome_code = 'delay_and_reduce_need_65_plus'
),

placed as (
    select
        *,
        -- A movement is one from the year before: not across a missing year, and not where the form changed.
        previous_financial_year = {{ financial_year_shift('financial_year', -1) }}
        and not coalesce(is_form_changed, false) as is_movement_told,
        -- Councils without a share have no place and take none.
        case when preventative_share is not null then
            percent_rank() over (
                partition by financial_year, statement, perimeter, preventative_share is null order by preventative_share
            )
        end as level_place,
        count(preventative_share) over (partition by financial_year, statement, perimeter) as councils_placed
    from headline
    where choice = 1
)

select
    council_code,
    financial_year,
    statement,
    perimeter,
    amount_gbp,
    amount_low_gbp,
    amount_high_gbp,
    preventative_share,
    cast(round(level_place, 4) as decimal(9, 4)) as level_percentile_share,
    councils_placed,
    case when is_movement_told then movement_gbp end as movement_gbp,
    case when is_movement_told then movement_real_shift_gbp end as movement_real_shift_gbp,
    case
        when is_movement_told
            then cast(round(
                cast(movement_real_shift_gbp as double) / nullif(abs(cast(amount_gbp - movement_gbp as double)), 0), 4
            ) as decimal(12, 4))
    end as real_shift_share,
    low_confidence_share,
    is_modelled,
    rule_set
from placed
