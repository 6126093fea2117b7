{{ config(meta={"dagster": {"ref": {"name": "fct_budget_line_edition"}}}) }}
-- A cell has an amount or a marker, never both and never neither. Fails too when no cell was looked at.
select release_id, body_code, line_code, measure, amount_gbp, marker
from {{ ref('fct_budget_line_edition') }}
where (amount_gbp is null) != (marker is not null)
union all
select 'no cell was looked at', '', '', '', null, null
from (select count(*) as cells from {{ ref('fct_budget_line_edition') }})
where cells = 0 and {{ something_is_due() }}
