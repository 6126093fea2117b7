{{ config(severity='warn', meta={"dagster": {"ref": {"name": "audit_reconciliation_publication"}}}) }}
-- Reviewed differences, for every reader to see, and reviewed ones that are gone, so that the list stays true.
select c.check_name, c.publication, c.group_name, c.line_code, c.difference, c.status, c.reason
from {{ ref('audit_reconciliation_publication') }} as c
where c.status in ('known', 'unreviewed')
union all
select k.check_name, k.publication, k.group_name, k.line_code, k.difference, 'gone', k.reason
from {{ ref('known_discrepancies') }} as k
inner join {{ ref('audit_reconciliation_publication') }} as c
    on
        k.check_name = c.check_name
        and k.publication = c.publication
        and k.group_name = c.group_name
        and k.line_code = c.line_code
where c.status = 'pass'
