{{ config(meta={"dagster": {"ref": {"name": "audit_reconciliation_publication"}}}) }}
-- No publication differs from its own totals in a way nobody has reviewed. Fails too when a publication that
-- should print an England row was not compared with it, and when nothing was compared at all.
with checked as (
    select * from {{ ref('audit_reconciliation_publication') }}
),

served as (
    select distinct release_of, financial_year, statement
    from {{ ref('fct_budget_line_edition') }}
    where is_serving
)

select check_name, publication, financial_year, group_name, line_code, expected, observed, difference, reason
from checked
where status = 'fail'
union all
select
    'authorities_sum_to_control_total', s.release_of, s.financial_year, 'Eng', '360', null, null, null,
    'The England row of this publication was not found, so that nothing was compared'
from served as s
where
    not exists (select 1 from {{ ref('publications_without_totals') }} as w where w.release_of = s.release_of)
    and not exists (
        select 1 from checked as c
        where
            c.publication = s.release_of
            and c.group_name = 'Eng'
            -- What each form adds up to: social care, all services, housing or culture.
            and c.line_code in ('360', '799', '490', '509')
            and (c.compared > 0 or c.status = 'unreviewed')
    )
union all
select 'authorities_sum_to_control_total', '', '', '', '', null, null, null, 'Nothing was compared'
from (select count(*) as groups from checked where compared > 0)
where groups = 0 and {{ something_is_due('revenue_account') }}
