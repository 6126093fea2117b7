-- How many council-years another setting, perimeter or end of the range would put into another class.
with paired as (
    select
        t.scenario, t.changed_threshold, t.changed_value, t.perimeter, t.position,
        f.scenario_class as in_force, t.scenario_class
    from {{ ref('int_say_do_classified') }} as t
    inner join {{ ref('int_say_do_classified') }} as f
        on f.scenario = 'in_force' and t.council_code = f.council_code and t.financial_year = f.financial_year
)

select
    scenario,
    changed_threshold,
    changed_value,
    perimeter,
    position,
    in_force as classification_in_force,
    scenario_class as classification_in_scenario,
    in_force != scenario_class as is_moved,
    count(*) as council_years
from paired
group by scenario, changed_threshold, changed_value, perimeter, position, in_force, scenario_class
