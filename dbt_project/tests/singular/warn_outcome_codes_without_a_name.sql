{{ config(severity="warn", meta={"dagster": {"ref": {"name": "fct_outcome_measure"}}}) }}
-- A published measure code that the seed ascof_measures does not know: add a row for its framework year.
select distinct published_code, framework_year
from {{ ref('fct_outcome_measure') }}
where unit = 'as_published'
