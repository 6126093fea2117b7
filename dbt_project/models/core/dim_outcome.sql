-- What spending is judged against, and whom each outcome is for.
select
    outcome_code,
    outcome_name,
    population_group,
    follows_outcome_code,
    has_line_detail,
    measure_code_until_2022_23,
    measure_code_from_2023_24,
    definition
from {{ ref('outcomes') }}
