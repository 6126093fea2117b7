{{ config(meta={"dagster": {"ref": {"name": "mart_restatements"}}}) }}
-- The new amount is the one of the later edition, the old one that of the edition before it, each as its own
-- edition prints it, and the difference is new less old.
with cells as (
    select release_id, release_of, edition_order, body_code, line_code, measure, amount_gbp
    from {{ ref('fct_budget_line_edition') }}
),

orders as (
    select distinct release_id, release_of, edition_order from cells
)

select
    r.new_release_id, r.old_release_id, r.body_code, r.line_code, r.measure,
    coalesce(n.amount_gbp, 0) - coalesce(o.amount_gbp, 0) as expected, r.difference_gbp as observed
from {{ ref('mart_restatements') }} as r
left join orders as later on r.new_release_id = later.release_id
left join orders as earlier on r.old_release_id = earlier.release_id
left join cells as n
    on r.new_release_id = n.release_id and r.body_code = n.body_code and r.line_code = n.line_code and r.measure = n.measure
left join cells as o
    on r.old_release_id = o.release_id and r.body_code = o.body_code and r.line_code = o.line_code and r.measure = o.measure
where
    r.new_amount_gbp is distinct from n.amount_gbp
    or r.old_amount_gbp is distinct from o.amount_gbp
    or r.difference_gbp is distinct from n.amount_gbp - o.amount_gbp
    or later.release_of is distinct from earlier.release_of
    or coalesce(later.edition_order <= earlier.edition_order, true)
    or exists (
        select 1 from orders as between_them
        where
            between_them.release_of = later.release_of
            and between_them.edition_order > earlier.edition_order and between_them.edition_order < later.edition_order
    )
