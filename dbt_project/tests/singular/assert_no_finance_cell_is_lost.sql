{{ config(meta={"dagster": {"ref": {"name": "fct_budget_line_edition"}}}) }}
-- Every cell that was read is in the warehouse once. Fails too when nothing was read.
with counted as (
    select
        (select count(*) from {{ source('raw', 'finance_cells') }}) as expected,
        (select count(*) from {{ ref('fct_budget_line_edition') }}) as observed
)

select expected, observed, observed - expected as difference
from counted
where expected != observed or (expected = 0 and {{ something_is_due('revenue_account') }})
