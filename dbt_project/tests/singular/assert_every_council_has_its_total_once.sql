{{ config(meta={"dagster": {"ref": {"name": "fct_budget_line"}}}) }}
-- In every year and statement held, each council of the register has one row of total adult social care, reported
-- or not. Fails too when no council-year was compared.
with years as (
    -- A publication that prints no such line, as before adult and children's care were told apart, promises none.
    select distinct financial_year, statement from {{ ref('fct_budget_line') }} where line_code = '360'
),

wanted as (
    select y.financial_year, y.statement, c.council_code
    from years as y
    inner join {{ ref('dim_council') }} as c
        on
            y.financial_year >= c.valid_from_year
            and y.financial_year <= coalesce(c.valid_to_year, '9999-00')
),

found as (
    select financial_year, statement, council_code, count(*) as times
    from {{ ref('fct_budget_line') }}
    where line_code = '360' and measure = 'net_current_expenditure' and council_code is not null
    group by financial_year, statement, council_code
)

select
    coalesce(w.financial_year, f.financial_year) as financial_year,
    coalesce(w.statement, f.statement) as statement,
    coalesce(w.council_code, f.council_code) as council_code,
    coalesce(f.times, 0) as times
from wanted as w
full outer join found as f
    on
        w.financial_year = f.financial_year
        and w.statement = f.statement
        and w.council_code = f.council_code
where f.times is distinct from 1 or w.council_code is null
union all
select 'no council-year was compared', '', '', 0
from (select count(*) as council_years from wanted)
where council_years = 0 and {{ something_is_due('revenue_account') }}
