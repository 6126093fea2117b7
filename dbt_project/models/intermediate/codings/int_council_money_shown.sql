-- What the money of each council and year shows, once for each perimeter and each end of its range: the share that
-- prevents need beside the median of the councils alike, and the change in real terms. Budgets where there is one, else
-- outturn, never one beside the other in a change. Full cost, so that overheads stand where the services do.
-- An end of the range is taken for all councils at once, because the rules behind it are common to them.
with need as (
    select k.same_area_code as council_code, min(d.deprivation_decile) as deprivation_decile
    from {{ ref('stg_deprivation__councils') }} as d
    inner join {{ ref('int_comparison_codes') }} as k on d.council_code = k.code
    group by k.same_area_code
),

headline as (
    select
        h.*,
        cast(h.amount_real_gbp as double) / nullif(cast(h.amount_gbp as double), 0) as real_factor,
        dense_rank() over (partition by h.council_code, h.financial_year order by h.statement) as choice
    from {{ ref('int_prevention_headlines') }} as h
    where h.cost_view = 'full_cost' and h.outcome_code = 'delay_and_reduce_need_65_plus'
),

ends as (
    {% for position, amount, reactive in [
        ('central', 'amount_gbp', 'reactive_gbp'),
        ('low', 'amount_low_gbp', 'reactive_high_gbp'),
        ('high', 'amount_high_gbp', 'reactive_low_gbp'),
    ] %}
    select
        *,
        '{{ position }}' as position,
        {{ amount }} as end_gbp,
        case
            when preventative_share is not null and {{ amount }} >= 0 and {{ reactive }} >= 0
                then {{ ratio(amount, amount ~ ' + ' ~ reactive) }}
        end as end_share
    from headline
    where choice = 1
    {{ "union all" if not loop.last }}
    {% endfor %}
),

alike as (
    select
        e.*,
        c.class,
        c.council_class_name,
        n.deprivation_decile,
        case
            when n.deprivation_decile is null then c.council_class_name || ', need not known'
            when n.deprivation_decile <= 5 then c.council_class_name || ', more deprived half of England'
            else c.council_class_name || ', less deprived half of England'
        end as alike_group
    from ends as e
    inner join {{ ref('dim_council') }} as c
        on
            e.council_code = c.council_code
            and e.financial_year between c.valid_from_year and coalesce(c.valid_to_year, '9999-00')
    left join need as n on e.council_code = n.council_code
),

placed as (
    select
        a.*,
        {{ median_of('a.end_share', 6, over='same_group') }} as alike_median_share,
        count(a.end_share) over same_group as alike_councils,
        b.end_gbp as previous_end_gbp,
        b.real_factor as previous_real_factor,
        -- A change is one from the year before: not across a missing year, not where the form or the rules changed.
        a.previous_financial_year = {{ financial_year_shift('a.financial_year', -1) }}
        and not coalesce(a.is_form_changed, false)
        and coalesce(a.movement_definition_gbp, 0) = 0
        and b.end_gbp > 0 as is_change_told
    from alike as a
    left join ends as b
        on
            a.council_code = b.council_code and a.perimeter = b.perimeter and a.position = b.position
            and a.statement = b.statement and b.financial_year = a.previous_financial_year
    window same_group as (partition by a.financial_year, a.statement, a.perimeter, a.position, a.alike_group)
)

select
    council_code,
    financial_year,
    statement,
    perimeter,
    position,
    end_gbp,
    cast(end_share as decimal(18, 6)) as end_share,
    alike_group,
    cast(round(alike_median_share, 6) as decimal(18, 6)) as alike_median_share,
    alike_councils,
    cast(round(cast(end_share as double) / nullif(cast(alike_median_share as double), 0) - 1, 4) as decimal(12, 4))
        as above_alike_share,
    amount_gbp,
    amount_low_gbp,
    amount_high_gbp,
    preventative_share,
    case when is_change_told then movement_gbp end as movement_gbp,
    case
        when is_change_told
            then cast(round(cast(end_gbp as double) / cast(previous_end_gbp as double) - 1, 4) as decimal(12, 4))
    end as cash_change_share,
    case
        when is_change_told
            then cast(round(
                cast(end_gbp as double) * real_factor / nullif(cast(previous_end_gbp as double) * previous_real_factor, 0) - 1,
                4
            ) as decimal(12, 4))
    end as real_change_share,
    low_confidence_share,
    is_modelled,
    rule_set
from placed
