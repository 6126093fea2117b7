{{ config(severity='warn', meta={"dagster": {"ref": {"name": "audit_plausibility"}}}) }}
-- Figures that may be true and should be looked at: a line, rate or population far from its own other years. What
-- has been looked at is listed with its reason in plausibility_exceptions.
select sentence
from {{ ref('audit_plausibility') }}
where status = 'warns'
order by sentence
