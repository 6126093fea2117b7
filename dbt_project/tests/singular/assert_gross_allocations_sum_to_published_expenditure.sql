{{ config(meta={"dagster": {"ref": {"name": "fct_allocation"}}}) }}
-- The gross amounts of a line sum to its published expenditure, to the penny, in both cost views; income is gross less
-- net in every row.
with allocated as (
    select
        council_code, financial_year, statement, section, line_code, outcome_code,
        sum(case when cost_view = 'direct' then gross_gbp end) as direct_gbp,
        count(case when cost_view = 'direct' and gross_gbp is null then 1 end) as missing,
        count(case when income_gbp <> gross_gbp - amount_gbp then 1 end) as unequal
    from {{ ref('fct_allocation') }}
    group by council_code, financial_year, statement, section, line_code, outcome_code
),

published as (
    select council_code, financial_year, statement, section, line_code, max(amount_gbp) as gross_gbp
    from {{ ref('fct_budget_line') }}
    where body_kind = 'council' and measure = 'total_expenditure' and amount_gbp is not null
    group by council_code, financial_year, statement, section, line_code
)

select a.*, p.gross_gbp
from allocated as a
left join published as p
    on a.council_code = p.council_code and a.financial_year = p.financial_year and a.statement = p.statement
    and a.section = p.section and a.line_code = p.line_code
where a.direct_gbp is distinct from p.gross_gbp or a.unequal > 0 or (p.gross_gbp is not null and a.missing > 0)
