-- The thresholds in force, and one scenario for each setting, perimeter and end of the range that is tried instead.
with settings as (
    select 'in_force' as scenario, '' as changed, 'narrow' as perimeter, 'central' as position
    union all
    select threshold || '_low' as scenario, threshold as changed, 'narrow' as perimeter, 'central' as position
    from {{ ref('say_do_thresholds') }}
    union all
    select threshold || '_high' as scenario, threshold as changed, 'narrow' as perimeter, 'central' as position
    from {{ ref('say_do_thresholds') }}
    union all
    select 'perimeter_' || perimeter as scenario, '' as changed, perimeter, 'central' as position
    from (values ('wide'), ('camden')) as p (perimeter)
    union all
    select 'money_' || position as scenario, '' as changed, 'narrow' as perimeter, position
    from (values ('low'), ('high')) as p (position)
),

chosen as (
    select
        s.scenario,
        s.changed,
        s.perimeter,
        s.position,
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
    position,
    max(case when threshold = changed then value end) as changed_value,
    {% for threshold in [
        'claim_strong_share', 'minimum_claim_items', 'minimum_claim_weight_share', 'maximum_claim_age_years',
        'claim_alpha_lower', 'level_margin_share', 'change_share', 'cut_share', 'minimum_alike_councils'
    ] %}
    max(case when threshold = '{{ threshold }}' then value end) as {{ threshold }}{{ "," if not loop.last }}
    {% endfor %}
from chosen
group by scenario, changed, perimeter, position
