-- The thresholds in force, and one scenario for each setting that is tried instead of one of them.
with settings as (
    select 'in_force' as scenario, '' as changed, 'narrow' as perimeter
    union all
    select threshold || '_low' as scenario, threshold as changed, 'narrow' as perimeter
    from {{ ref('say_do_thresholds') }}
    union all
    select threshold || '_high' as scenario, threshold as changed, 'narrow' as perimeter
    from {{ ref('say_do_thresholds') }}
    union all
    select 'perimeter_wide' as scenario, '' as changed, 'wide' as perimeter
    union all
    select 'perimeter_camden' as scenario, '' as changed, 'camden' as perimeter
),

chosen as (
    select
        s.scenario,
        s.changed,
        s.perimeter,
        t.threshold,
        case
            when t.threshold != s.changed then t.value
            when s.scenario = t.threshold || '_low' then t.sensitivity_low
            else t.sensitivity_high
        end as value
    from settings as s
    cross join {{ ref('say_do_thresholds') }} as t
)

select
    scenario,
    changed as changed_threshold,
    perimeter,
    max(case when threshold = changed then value end) as changed_value,
    max(case when threshold = 'claim_strong_share' then value end) as claim_strong_share,
    max(case when threshold = 'money_level_percentile_share' then value end) as money_level_percentile_share,
    max(case when threshold = 'money_shift_share' then value end) as money_shift_share,
    max(case when threshold = 'minimum_claim_items' then value end) as minimum_claim_items,
    max(case when threshold = 'maximum_claim_age_years' then value end) as maximum_claim_age_years,
    max(case when threshold = 'maximum_low_confidence_share' then value end) as maximum_low_confidence_share,
    max(case when threshold = 'reliable_alpha' then value end) as reliable_alpha
from chosen
group by scenario, changed, perimeter
