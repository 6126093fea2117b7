-- What was checked against what, and how far apart the two lie.
select
    check_name,
    publication,
    financial_year,
    statement,
    group_name,
    line_code,
    measure,
    expected,
    observed,
    difference,
    tolerance,
    compared,
    differing,
    status,
    reason
from {{ ref('int_reconciliation_publication') }}
union all
select
    check_name,
    publication,
    financial_year,
    statement,
    group_name,
    line_code,
    measure,
    expected,
    observed,
    difference,
    tolerance,
    compared,
    differing,
    status,
    reason
from {{ ref('int_reconciliation_apportionment') }}
union all
select
    check_name,
    publication,
    financial_year,
    statement,
    group_name,
    line_code,
    measure,
    expected,
    observed,
    difference,
    tolerance,
    compared,
    differing,
    status,
    reason
from {{ ref('int_reconciliation_outcomes') }}
