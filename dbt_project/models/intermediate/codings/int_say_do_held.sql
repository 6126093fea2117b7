-- The class of each council and year, held only where every scenario gives it: every declared threshold either way,
-- every perimeter, both ends of the range of the money.
with in_force as (
    select * from {{ ref('int_say_do_classified') }} where scenario = 'in_force'
),

against as (
    select
        t.council_code,
        t.financial_year,
        count(*) as scenarios,
        count(*) filter (where t.scenario_class != f.scenario_class) as scenarios_against,
        {{ joined(
            "case when t.changed_threshold != '' then t.changed_threshold || ' ' || t.changed_value else t.scenario end",
            ', ', order_by='t.scenario', where='t.scenario_class != f.scenario_class'
        ) }} as settings_against,
        bool_or(t.scenario = 'perimeter_wide' or t.scenario = 'perimeter_camden')
            filter (where t.scenario_class != f.scenario_class) as is_perimeter_against,
        bool_or(t.scenario like 'money_%') filter (where t.scenario_class != f.scenario_class) as is_range_against
    from {{ ref('int_say_do_classified') }} as t
    inner join in_force as f on t.council_code = f.council_code and t.financial_year = f.financial_year
    where t.scenario != 'in_force'
    group by t.council_code, t.financial_year
)

select
    f.*,
    a.scenarios,
    a.scenarios_against,
    a.settings_against,
    coalesce(a.is_perimeter_against, false) as is_perimeter_against,
    coalesce(a.is_range_against, false) as is_range_against,
    case when a.scenarios_against = 0 then f.scenario_class else 'not_enough_evidence' end as classification
from in_force as f
inner join against as a on f.council_code = a.council_code and f.financial_year = a.financial_year
