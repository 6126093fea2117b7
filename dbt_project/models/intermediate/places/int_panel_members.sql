-- Which councils a sum may be taken over, as one row a panel, council, year and statement.
--   all              every council whose return of the year is broken down;
--   matched          councils on ground that has such a return in every year of the statement, so that a change
--                    between years is not a change of who answered; a council that was split, merged or given a new
--                    code counts by its ground, all of it or none;
--   both_statements  councils with a broken-down budget and a broken-down outturn of the same year.
with answered as (
    select council_code, financial_year, statement
    from {{ ref('int_council_year_totals') }}
    where is_broken_down
),

statement_years as (
    select distinct statement, financial_year from answered
),

-- The same ground under all its codes: the combined area where there is one, else the first of the codes.
grounds as (
    select k.code as council_code, coalesce(min(a.combined_area_code), min(k.same_area_code)) as ground
    from {{ ref('int_comparison_codes') }} as k
    left join {{ ref('dim_combined_area') }} as a on k.same_area_code = a.council_code
    group by k.code
),

wanted as (
    select g.ground, s.statement, s.financial_year, m.council_code
    from statement_years as s
    inner join {{ ref('int_area_members') }} as m on s.financial_year = m.financial_year and m.area_kind = 'england'
    inner join grounds as g on m.council_code = g.council_code
),

whole_grounds as (
    select w.ground, w.statement
    from wanted as w
    left join answered as a
        on w.council_code = a.council_code and w.financial_year = a.financial_year and w.statement = a.statement
    inner join (select statement, count(*) as years from statement_years group by statement) as y on w.statement = y.statement
    group by w.ground, w.statement
    having count(*) = count(a.council_code) and count(distinct w.financial_year) = max(y.years)
)

select 'all' as panel, council_code, financial_year, statement from answered
union all
select 'matched', a.council_code, a.financial_year, a.statement
from answered as a
inner join grounds as g on a.council_code = g.council_code
inner join whole_grounds as w on g.ground = w.ground and a.statement = w.statement
union all
select 'both_statements', a.council_code, a.financial_year, a.statement
from answered as a
inner join answered as o
    on a.council_code = o.council_code and a.financial_year = o.financial_year and a.statement <> o.statement
