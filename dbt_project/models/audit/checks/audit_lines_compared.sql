-- The published lines in scope beside what was allocated of them, both views: expectations from the publication and
-- the scope alone, findings from fct_allocation alone, neither from the engine in between.
with published as (
    select
        b.council_code,
        b.financial_year,
        b.statement,
        b.section,
        b.line_code,
        b.is_total,
        b.release_id,
        b.amount_gbp
    from {{ ref('fct_budget_line') }} as b
    where
        b.body_kind = 'council'
        and b.council_code is not null
        and b.measure = 'net_current_expenditure'
        and b.amount_gbp is not null
),

core_sections as (
    select council_code, financial_year, statement, section, max(case when not is_total then 1 else 0 end) as has_lines
    from published
    where section in ('adult_social_care', 'public_health')
    group by council_code, financial_year, statement, section
),

wider as (
    select distinct p.council_code, p.financial_year, p.statement, p.line_code, p.amount_gbp, p.release_id, p.section
    from published as p
    inner join {{ ref('line_scope') }} as s
        on p.section = s.section and p.line_code = s.line_code
        and p.financial_year >= s.valid_from_year and p.financial_year <= coalesce(s.valid_to_year, '9999-00')
    where
        s.department = 'wider_council'
        and (
            s.scope = 'in_scope'
            or exists (
                select 1
                from {{ ref('stg_service_map__lines') }} as m
                where
                    m.council_code = p.council_code and m.line_code = p.line_code
                    and m.statement in (p.statement, 'both')
                    and p.financial_year between m.valid_from_year and coalesce(m.valid_to_year, '9999-00')
            )
            or exists (
                select 1
                from {{ ref('stg_ledger__lines') }} as g
                where
                    g.council_code = p.council_code and g.line_code = p.line_code
                    and g.statement = p.statement and g.financial_year = p.financial_year
            )
        )
),

in_scope as (
    select p.council_code, p.financial_year, p.statement, p.line_code, p.amount_gbp, p.release_id, p.section
    from published as p
    inner join core_sections as c
        on p.council_code = c.council_code and p.financial_year = c.financial_year and p.statement = c.statement
        and p.section = c.section
    where (c.has_lines = 1 and not p.is_total) or (c.has_lines = 0 and p.is_total)
    union all
    select council_code, financial_year, statement, line_code, amount_gbp, release_id, section
    from wider
),

views as (
    select 'direct' as cost_view
    union all
    select 'full_cost' as cost_view
),

wanted as (
    select i.*, v.cost_view, o.outcome_code
    from in_scope as i
    cross join views as v
    cross join {{ ref('outcomes') }} as o
    where o.has_line_detail
),

allocated as (
    select
        council_code, financial_year, statement, line_code, cost_view, outcome_code,
        cast(sum(amount_gbp) as decimal(18, 2)) as amount_gbp,
        count(*) as cells,
        count(distinct service_code || '|' || tier) as distinct_cells,
        count(*) filter (where amount_low_gbp > amount_gbp or amount_gbp > amount_high_gbp) as out_of_order
    from {{ ref('fct_allocation') }}
    group by council_code, financial_year, statement, line_code, cost_view, outcome_code
)

select
    coalesce(w.council_code, a.council_code) as council_code,
    coalesce(w.financial_year, a.financial_year) as financial_year,
    coalesce(w.statement, a.statement) as statement,
    coalesce(w.line_code, a.line_code) as line_code,
    coalesce(w.cost_view, a.cost_view) as cost_view,
    w.amount_gbp as published_gbp,
    a.amount_gbp as allocated_gbp,
    w.section,
    w.release_id,
    coalesce(a.cells, 0) as cells,
    coalesce(a.distinct_cells, 0) as distinct_cells,
    coalesce(a.out_of_order, 0) as out_of_order,
    w.line_code is not null as is_wanted,
    a.line_code is not null as is_found
from wanted as w
full outer join allocated as a
    on w.council_code = a.council_code and w.financial_year = a.financial_year and w.statement = a.statement
    and w.line_code = a.line_code and w.cost_view = a.cost_view and w.outcome_code = a.outcome_code
