-- The lines the engine is given. Each line in scope once under the rules of its own year; and once more under
-- the rules of the council's next year, so that a change of rules can be told from a change of spending.
-- A line outside the usual scope comes in where a council's own map or ledger takes it in.
with taken_in as (
    select council_code, statement, line_code, valid_from_year, coalesce(valid_to_year, '9999-00') as valid_to_year
    from {{ ref('stg_service_map__lines') }}
    union
    select council_code, statement, line_code, financial_year, financial_year
    from {{ ref('stg_ledger__lines') }}
),

both_rule_years as (
    select c.*, c.financial_year as rule_year
    from {{ ref('int_candidate_lines') }} as c
    union all
    select c.*, p.financial_year as rule_year
    from {{ ref('int_candidate_lines') }} as c
    inner join {{ ref('int_year_pairs') }} as p
        on c.council_code = p.council_code and c.statement = p.statement and c.financial_year = p.previous_financial_year
)

select
    -- A whole number, because the engine groups by it many times.
    row_number() over (
        order by b.council_code, b.financial_year, b.statement, b.section, b.line_code, b.rule_year
    ) as line_key,
    b.council_code,
    b.financial_year,
    b.rule_year,
    b.rule_year <> b.financial_year as is_restated,
    b.statement,
    b.section,
    b.line_code,
    b.line_name,
    b.department,
    b.population_group,
    b.scope,
    b.amount_pence,
    b.source,
    b.release_id
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
