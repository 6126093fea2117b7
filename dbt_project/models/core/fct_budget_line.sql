-- One figure a body, year, statement, line and measure: the serving edition, of the most detailed publication
-- that prints it (RO3 before RSX before RS), and the first of files that repeat each other; unless a coarser
-- publication of a later day has a figure where that one has none or another. The order of forms and the rules are
-- those of figure_precedence. Written as what is beaten, which is little, rather than as a rank over every cell.
-- Budget lines are net current expenditure; the capital charges and counts that some budget years print as well are
-- in fct_budget_line_edition.
with served as (
    select * from {{ ref('fct_budget_line_edition') }}
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

judged as (
    select s.*, b.release_id is not null as is_beaten
    from served as s
    left join beaten as b
        on
            s.release_id = b.release_id
            and s.line_code = b.line_code
            and s.measure = b.measure
            and s.body_code = b.body_code
),

own as (
    select * from judged where not is_beaten
),

-- Figures of a coarser form, published on a later day than the one that beat it.
later as (
    select
        n.*,
        o.amount_gbp as superseded_gbp,
        o.release_id as superseded_release_id,
        case when o.amount_gbp is null then 'filled_by_newer_total' else 'replaced_by_newer_total' end as served_as
    from judged as n
    inner join own as o
        on
            n.financial_year = o.financial_year
            and n.statement = o.statement
            and n.body_code = o.body_code
            and n.line_code = o.line_code
            and n.measure = o.measure
    where n.is_beaten and n.amount_gbp is not null and n.published_on > o.published_on
        and n.amount_gbp is distinct from o.amount_gbp
    qualify row_number() over (
        partition by o.release_id, o.body_code, o.line_code, o.measure order by n.published_on desc, n.release_id
    ) = 1
),

applied as (
    select l.*
    from later as l
    inner join {{ ref('figure_precedence') }} as p on p.kind = 'rule' and l.served_as = p.code and p.is_applied
),

served_lines as (
    select o.* exclude (is_beaten), 'own_form' as served_as,
        cast(null as decimal(18, 2)) as superseded_gbp, cast(null as varchar) as superseded_release_id
    from own as o
    where
        not exists (
            select 1
            from applied as a
            where
                o.release_id = a.superseded_release_id
                and o.body_code = a.body_code
                and o.line_code = a.line_code
                and o.measure = a.measure
        )
    union all by name
    select * exclude (is_beaten) from applied
)

select
    source,
    body_code,
    body_name,
    ecode,
    body_kind,
    council_code,
    body_class,
    financial_year,
    statement,
    line_code,
    line_name,
    section,
    is_total,
    is_memorandum,
    measure,
    amount_gbp,
    marker,
    flag,
    release_id,
    is_verified,
    served_as,
    superseded_gbp,
    superseded_release_id,
    sheet,
    source_row,
    source_column
from served_lines
