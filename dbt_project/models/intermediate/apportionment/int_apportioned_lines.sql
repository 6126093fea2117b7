-- The lines the engine is given, and the one place where their attributes lie: every later step carries line_key.
-- Each line in scope once under the rules of its own year; and once more under the rules of the council's next
-- year, so that a change of rules can be told from a change of spending. A line outside the usual scope comes in
-- where a council's own map or ledger takes it in.
with taken_in as (
    select council_code, statement, line_code, valid_from_year, coalesce(valid_to_year, '9999-00') as valid_to_year
    from {{ ref('stg_service_map__lines') }}
    union
    select council_code, statement, line_code, financial_year, financial_year
    from {{ ref('stg_ledger__lines') }}
),

both_rule_years as (
    select c.*, c.financial_year as rule_year, false as is_restated
    from {{ ref('int_candidate_lines') }} as c
    union all
    select c.*, p.financial_year as rule_year, true as is_restated
    from {{ ref('int_candidate_lines') }} as c
    inner join {{ ref('int_year_pairs') }} as p
        on c.council_code = p.council_code and c.statement = p.statement and c.financial_year = p.previous_financial_year
),

apportioned as (
    select b.*
    from both_rule_years as b
    where
        b.scope in ('in_scope', 'total_only')
        or exists (
            select 1
            from taken_in as t
            where
                t.council_code = b.council_code
                and t.statement in (b.statement, 'both')
                and t.line_code = b.line_code
                and b.rule_year between t.valid_from_year and t.valid_to_year
        )
),

-- Enabling costs follow the pattern of their department: council, year of money and of rules, statement.
departments as (
    select
        council_code, financial_year, rule_year, statement, department,
        {{ key_within_council('council_code', 'financial_year, rule_year, statement, department') }} as department_key
    from (
        select distinct council_code, financial_year, rule_year, statement, department from apportioned
    ) as named
)

select
    -- Whole numbers, because the engine joins and groups by them many times.
    2 * a.published_line_key + case when a.is_restated then 1 else 0 end as line_key,
    d.department_key,
    a.council_code,
    a.financial_year,
    a.rule_year,
    a.is_restated,
    a.statement,
    a.section,
    a.line_code,
    a.department,
    a.amount_pence,
    a.gross_pence
from apportioned as a
inner join departments as d
    on a.council_code = d.council_code and a.financial_year = d.financial_year and a.rule_year = d.rule_year
    and a.statement = d.statement and a.department = d.department
