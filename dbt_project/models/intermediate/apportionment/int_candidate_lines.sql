-- Every published line that can be apportioned, once: council × year × statement × line, in pence. Exact codes
-- of the scope beat `*`; a section's total is used only where a statement gives a council none of its lines.
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

-- Outturn prints expenditure and income beside the net amount; budgets do not.
gross as (
    select council_code, financial_year, statement, section, line_code, {{ to_pence('max(amount_gbp)') }} as gross_pence
    from {{ ref('fct_budget_line') }}
    where
        body_kind = 'council'
        and council_code is not null
        and measure = 'total_expenditure'
        and amount_gbp is not null
    group by council_code, financial_year, statement, section, line_code
),

-- What the scope says of a line depends on its name and year alone.
printed_codes as (
    select distinct section, line_code, financial_year, is_total from lines
),

preferred as (
    select
        p.*,
        s.scope,
        s.department,
        s.population_group,
        row_number() over (
            partition by p.section, p.line_code, p.financial_year, p.is_total
            order by case when s.line_code = '*' then 1 else 0 end, s.valid_from_year desc
        ) as preference
    from printed_codes as p
    inner join {{ ref('line_scope') }} as s
        on p.section = s.section
        and (p.line_code = s.line_code or (s.line_code = '*' and not p.is_total))
        and p.financial_year >= s.valid_from_year
        and p.financial_year <= coalesce(s.valid_to_year, '9999-00')
),

scoped as (
    select l.*, p.scope, p.department, p.population_group
    from lines as l
    inner join preferred as p
        on l.section = p.section and l.line_code = p.line_code
        and l.financial_year = p.financial_year and l.is_total = p.is_total
    where p.preference = 1 and p.scope in ('in_scope', 'total_only', 'on_map')
),

sections_with_lines as (
    select distinct council_code, financial_year, statement, section
    from scoped
    where scope = 'in_scope'
)

select
    {{ key_within_council('c.council_code', 'c.financial_year, c.statement, c.section, c.line_code') }} as published_line_key,
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
    g.gross_pence,
    c.source,
    c.release_id
from scoped as c
left join sections_with_lines as w
    on c.council_code = w.council_code and c.financial_year = w.financial_year
    and c.statement = w.statement and c.section = w.section
left join gross as g
    on c.council_code = g.council_code and c.financial_year = g.financial_year and c.statement = g.statement
    and c.section = g.section and c.line_code = g.line_code
where c.scope <> 'total_only' or w.section is null
