-- Each council, statement and year beside the latest earlier year that can be compared with it. The layout of the
-- adult social care lines is kept: across a change of form nobody can tell a shift from a relabelling. Years that
-- print only a total, and returns that are not broken down, are left out: nothing in them says what the money is
-- for, so nothing can be compared with them.
with years as (
    select
        l.council_code,
        l.statement,
        l.financial_year,
        case
            when max(case when l.section = 'adult_social_care' and left(l.line_code, 5) = '2013_' then 1 else 0 end) = 1
                then 'client_group'
            else 'support_reason'
        end as line_layout
    from {{ ref('int_candidate_lines') }} as l
    left join {{ ref('int_return_breakdowns') }} as r
        on l.council_code = r.council_code and l.statement = r.statement and l.financial_year = r.financial_year
    where l.scope in ('in_scope', 'total_only') and coalesce(r.is_broken_down, true)
    group by l.council_code, l.statement, l.financial_year
)

select
    council_code,
    statement,
    financial_year,
    line_layout,
    lag(financial_year) over (partition by council_code, statement order by financial_year) as previous_financial_year,
    lag(line_layout) over (partition by council_code, statement order by financial_year) as previous_line_layout
from years
