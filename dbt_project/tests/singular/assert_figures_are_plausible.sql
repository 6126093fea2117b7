{{ config(meta={"dagster": {"ref": {"name": "audit_plausibility"}}}) }}
-- No publication holds what no true publication has held: another unit, exchanged or repeated rows, councils above
-- England, identifiers that disagree. Each finding is corrected, or accepted with its reason in plausibility_exceptions.
select sentence
from {{ ref('audit_plausibility') }}
where status = 'blocks'
order by sentence
