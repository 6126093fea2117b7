-- What was checked against what, and how far apart the two lie.
{% for checked in ['audit_reconciliation_publication', 'audit_reconciliation_apportionment', 'audit_reconciliation_outcomes'] -%}
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
from {{ ref(checked) }}
{{ "union all" if not loop.last }}
{% endfor %}
