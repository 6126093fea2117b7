{{ config(severity='warn', meta={"dagster": {"ref": {"name": "audit_reconciliation_publication"}}}) }}
-- Differences between a publication's totals and its rows: each one nobody has reviewed yet by itself, reviewed ones
-- of the served edition that are gone, so that the list stays true, and how many stand as reviewed. What was reviewed of
-- an edition that another one replaces waits for its return.
with found as (
    select
        1 as place,
        publication || ', ' || group_name || ', line ' || line_code || ': total and rows differ by £'
        || {{ in_words('difference') }} || ', which nobody has reviewed yet. ' || coalesce(reason, '') as sentence
    from {{ ref('audit_reconciliation_publication') }}
    where status = 'unreviewed' and difference is not null
    union all
    select distinct
        1,
        publication || ': nobody has reviewed it yet. ' || reason
    from {{ ref('audit_reconciliation_publication') }}
    where status = 'unreviewed' and difference is null
    union all
    select
        2,
        k.publication || ', ' || k.group_name || ', line ' || k.line_code
        || ': the reviewed difference is gone; take it off known_discrepancies'
    from {{ ref('known_discrepancies') }} as k
    inner join {{ ref('audit_reconciliation_publication') }} as c
        on
            k.check_name = c.check_name
            and k.publication = c.reviewed_as
            and k.group_name = c.group_name
            and k.line_code = c.line_code
    where c.status = 'pass'
    union all
    select
        3,
        count(*) || ' differences between totals and rows stand as reviewed, each with its reason in known_discrepancies'
    from {{ ref('audit_reconciliation_publication') }}
    where status = 'known'
    having count(*) > 0
)

select sentence from found
order by place, sentence
