-- Which published lines are apportioned: always, only where a section prints nothing finer, or where a map takes
-- them in.
select
    section,
    line_code,
    scope,
    department,
    population_group,
    valid_from_year,
    valid_to_year,
    reason
from {{ ref('line_scope') }}
