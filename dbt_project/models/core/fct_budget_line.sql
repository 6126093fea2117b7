-- One figure a body, year, statement, line and measure: the serving edition, of the most detailed publication
-- that prints it (RO3 before RSX before RS), and the first of files that repeat each other. Written as what is
-- beaten, which is little, rather than as a rank over every cell. Budget lines are net current expenditure; the
-- capital charges and counts that some budget years print as well are in fct_budget_line_edition.
with served as (
    select * from {{ ref('fct_budget_line_edition') }}
    where is_serving and (source != 'ra' or measure = 'net_current_expenditure')
),

editions as (
    select
        release_id,
        financial_year,
        statement,
        row_number() over (
            partition by financial_year, statement
            order by case source when 'ro3' then 1 when 'rsx' then 2 when 'rs' then 3 else 0 end, release_of
        ) as preference
    from (select distinct release_id, release_of, source, financial_year, statement from served)
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
    sheet,
    source_row,
    source_column
from served as s
where
    not exists (
        select 1
        from beaten as b
        where
            s.release_id = b.release_id
            and s.line_code = b.line_code
            and s.measure = b.measure
            and s.body_code = b.body_code
    )
