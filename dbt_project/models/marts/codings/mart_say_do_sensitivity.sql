-- How many council-years change class when one threshold, or the perimeter, is set otherwise.
with paired as (
    select t.scenario, t.changed_threshold, t.changed_value, t.perimeter, f.classification as in_force, t.classification
    from {{ ref('int_say_do_classified') }} as t
    inner join {{ ref('int_say_do_classified') }} as f
        on f.scenario = 'in_force' and t.council_code = f.council_code and t.financial_year = f.financial_year
)

select
    scenario,
    changed_threshold,
    changed_value,
    perimeter,
    in_force as classification_in_force,
    classification as classification_in_scenario,
    in_force != classification as is_moved,
    count(*) as council_years
from paired
group by scenario, changed_threshold, changed_value, perimeter, in_force, classification
