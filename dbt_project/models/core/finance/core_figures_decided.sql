-- The figures of serving editions that are not served as the only ones of their line: beaten by a finer form, superseded
-- by a newer total, or such a total. One row is a figure. They are few, so that what is decided here about keys does
-- not have to be decided over every column of every cell. The order of forms and the rules are those of
-- figure_precedence.
with served as (
    select
        source, release_id, release_of, financial_year, statement, body_code, line_code, measure, amount_gbp, published_on
    from {{ ref('fct_budget_line_edition') }}
    where is_serving and (source != 'ra' or measure = 'net_current_expenditure')
),

editions as (
    select
        e.release_id,
        e.financial_year,
        e.statement,
        row_number() over (
            partition by e.financial_year, e.statement
            order by p.form_rank, e.release_of
        ) as preference
    from (select distinct release_id, release_of, source, financial_year, statement from served) as e
    inner join {{ ref('figure_precedence') }} as p on p.kind = 'form' and e.source = p.code
),

edition_lines as (
    select distinct s.release_id, s.line_code, s.measure, e.financial_year, e.statement, e.preference
    from served as s
    inner join editions as e on s.release_id = e.release_id
),

edition_bodies as (
    select distinct release_id, body_code from served
),

beaten as (
    select distinct l.release_id, l.line_code, l.measure, b.body_code
    from edition_lines as l
    inner join edition_lines as better
        on
            l.financial_year = better.financial_year
            and l.statement = better.statement
            and l.line_code = better.line_code
            and l.measure = better.measure
            and l.preference > better.preference
    inner join edition_bodies as b on better.release_id = b.release_id
),

beaten_figures as (
    select s.release_id, s.body_code, s.line_code, s.measure, s.financial_year, s.statement, s.amount_gbp, s.published_on
    from served as s
    inner join beaten as b
        on
            s.release_id = b.release_id
            and s.line_code = b.line_code
            and s.measure = b.measure
            and s.body_code = b.body_code
),

-- Figures of a coarser form, published on a later day than the one that beat it.
later as (
    select
        n.release_id,
        n.body_code,
        n.line_code,
        n.measure,
        o.amount_gbp as superseded_gbp,
        o.release_id as superseded_release_id,
        case when o.amount_gbp is null then 'filled_by_newer_total' else 'replaced_by_newer_total' end as served_as
    from served as o
    inner join beaten_figures as n
        on
            o.financial_year = n.financial_year
            and o.statement = n.statement
            and o.body_code = n.body_code
            and o.line_code = n.line_code
            and o.measure = n.measure
            and o.published_on < n.published_on
            and o.amount_gbp is distinct from n.amount_gbp
    anti join beaten_figures as b
        on
            o.release_id = b.release_id
            and o.body_code = b.body_code
            and o.line_code = b.line_code
            and o.measure = b.measure
    where n.amount_gbp is not null
    qualify row_number() over (
        partition by o.release_id, o.body_code, o.line_code, o.measure order by n.published_on desc, n.release_id
    ) = 1
),

applied as (
    select l.*
    from later as l
    inner join {{ ref('figure_precedence') }} as p on p.kind = 'rule' and l.served_as = p.code and p.is_applied
)

select
    b.release_id,
    b.body_code,
    b.line_code,
    b.measure,
    a.release_id is not null as is_served,
    a.served_as,
    a.superseded_gbp,
    a.superseded_release_id
from beaten_figures as b
left join applied as a
    on
        b.release_id = a.release_id
        and b.body_code = a.body_code
        and b.line_code = a.line_code
        and b.measure = a.measure
union all
select superseded_release_id, body_code, line_code, measure, false, null, null, null
from applied
