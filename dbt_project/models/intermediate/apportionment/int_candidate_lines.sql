-- Every published line that can be apportioned, once: council × year × statement × line, in pence. Exact codes
-- of the scope beat `*`; a section's total stands in only where a statement gives a council none of its lines.
with lines as (
    select
        council_code,
        financial_year,
        statement,
        section,
        line_code,
        line_name,
        source,
        release_id,
        is_total,
        {{ to_pence('amount_gbp') }} as amount_pence
    from {{ ref('fct_budget_line') }}
    where
        body_kind = 'council'
        and council_code is not null
        and measure = 'net_current_expenditure'
        and amount_gbp is not null
),

scoped as (
    select
        l.*,
        s.scope,
        s.department,
        s.population_group,
        row_number() over (
            partition by l.council_code, l.financial_year, l.statement, l.section, l.line_code
            order by case when s.line_code = '*' then 1 else 0 end, s.valid_from_year desc
        ) as preference
    from lines as l
    inner join {{ ref('line_scope') }} as s
        on l.section = s.section
        and (l.line_code = s.line_code or (s.line_code = '*' and not l.is_total))
        and l.financial_year >= s.valid_from_year
        and l.financial_year <= coalesce(s.valid_to_year, '9999-00')
),

sections_with_lines as (
    select distinct council_code, financial_year, statement, section
    from scoped
    where preference = 1 and scope = 'in_scope'
)

select
    c.council_code,
    c.financial_year,
    c.statement,
    c.section,
    c.line_code,
    c.line_name,
    c.department,
    c.population_group,
    c.scope,
    c.amount_pence,
    c.source,
    c.release_id
from scoped as c
left join sections_with_lines as w
    on c.council_code = w.council_code and c.financial_year = w.financial_year
    and c.statement = w.statement and c.section = w.section
where
    c.preference = 1
    and c.scope in ('in_scope', 'total_only', 'on_map')
    and (c.scope <> 'total_only' or w.section is null)
