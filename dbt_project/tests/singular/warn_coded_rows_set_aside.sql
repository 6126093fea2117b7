{{ config(severity="warn", meta={"dagster": {"ref": {"name": "mart_codings_set_aside"}}}) }}
-- Every row of a coding sheet belongs to a unit of its wave, under that unit's name. What does not is listed and counts
-- for nothing.
select release_id, source_row, given_code, given_name, reason from {{ ref('mart_codings_set_aside') }}
