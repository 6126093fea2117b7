-- Every figure a publisher changed between one edition of a form and year and the next, cell against cell, whether
-- the next came out under the same name or another. Files of one day that repeat each other are no steps.
with cells as (
    select * from {{ ref('fct_budget_line_edition') }}
),

editions as (
    select distinct source, financial_year, statement, release_of, release_id, edition_order, published_on from cells
),

-- Of two releases of one day the first by name stands for both.
first_of_a_day as (
    select *
    from editions
    qualify
        release_of = min(release_of) over (partition by source, financial_year, statement, coalesce(published_on, ''))
),

steps as (
    select
        release_of,
        lag(release_id) over (
            partition by source, financial_year, statement
            order by coalesce(published_on, ''), release_of, edition_order
        ) as old_release_id,
        release_id as new_release_id
    from first_of_a_day
    qualify old_release_id is not null
),

olds as (
    select s.release_of, s.old_release_id, s.new_release_id, c.* {{ but_columns(['release_of']) }}
    from steps as s inner join cells as c on s.old_release_id = c.release_id
),

news as (
    select s.release_of, s.old_release_id, s.new_release_id, c.* {{ but_columns(['release_of']) }}
    from steps as s inner join cells as c on s.new_release_id = c.release_id
),

pairs as (
    select
        coalesce(n.release_of, o.release_of) as release_of,
        coalesce(n.old_release_id, o.old_release_id) as old_release_id,
        coalesce(n.new_release_id, o.new_release_id) as new_release_id,
        coalesce(n.source, o.source) as source,
        coalesce(n.financial_year, o.financial_year) as financial_year,
        coalesce(n.statement, o.statement) as statement,
        coalesce(n.body_code, o.body_code) as body_code,
        coalesce(n.body_name, o.body_name) as body_name,
        coalesce(n.body_kind, o.body_kind) as body_kind,
        coalesce(n.council_code, o.council_code) as council_code,
        coalesce(n.line_code, o.line_code) as line_code,
        coalesce(n.line_name, o.line_name) as line_name,
        coalesce(n.section, o.section) as section,
        coalesce(n.is_total, o.is_total) as is_total,
        coalesce(n.is_memorandum, o.is_memorandum) as is_memorandum,
        coalesce(n.measure, o.measure) as measure,
        o.body_code is not null as was_there,
        n.body_code is not null as is_there,
        o.amount_gbp as old_amount_gbp,
        n.amount_gbp as new_amount_gbp,
        o.marker as old_marker,
        n.marker as new_marker,
        n.sheet,
        n.source_row,
        n.source_column
    from news as n
    full outer join olds as o
        on
            n.old_release_id = o.old_release_id
            and n.new_release_id = o.new_release_id
            and n.body_code = o.body_code
            and n.line_code = o.line_code
            and n.measure = o.measure
),

changed as (
    select * from pairs
    where
        old_amount_gbp is distinct from new_amount_gbp
        or was_there != is_there
        or (old_marker is distinct from new_marker and new_amount_gbp is null)
),

served as (
    select release_id, body_code, line_code, measure from {{ ref('fct_budget_line') }}
)

select
    c.release_of,
    c.old_release_id,
    c.new_release_id,
    c.source,
    c.financial_year,
    c.statement,
    c.body_code,
    c.body_name,
    c.body_kind,
    c.council_code,
    c.line_code,
    c.line_name,
    c.measure,
    c.old_amount_gbp,
    c.new_amount_gbp,
    cast(c.new_amount_gbp - c.old_amount_gbp as decimal(18, 2)) as difference_gbp,
    c.old_marker,
    c.new_marker,
    case
        when not c.was_there then 'added'
        when not c.is_there then 'removed'
        when c.old_amount_gbp is null and c.new_amount_gbp is not null then 'newly_reported'
        when c.old_amount_gbp is not null and c.new_amount_gbp is null then 'no_longer_reported'
        when c.old_amount_gbp is distinct from c.new_amount_gbp then 'changed'
        else 'marker_changed'
    end as change_kind,
    case
        when s.release_id is null and c.is_there then ''
        when c.body_kind = 'control' then '{{ marts_made_of("control") }}'
        when c.council_code is null or c.measure != 'net_current_expenditure' or c.is_memorandum
            then '{{ marts_made_of("other") }}'
        when c.line_code = '360' then '{{ marts_made_of("total") }}'
        when c.is_total then '{{ marts_made_of("subtotal") }}'
        else '{{ marts_made_of("service") }}'
    end as marts_moved,
    c.sheet,
    c.source_row,
    c.source_column
from changed as c
left join served as s
    on
        c.new_release_id = s.release_id
        and c.body_code = s.body_code
        and c.line_code = s.line_code
        and c.measure = s.measure
