-- Each council, statement and year beside the latest earlier year the council has. The layout of the adult
-- social care lines is kept: across a change of form nobody can tell a shift from a relabelling. Years that print
-- only a total are left out: nothing in them says what the money is for, so nothing can be compared with them.
with years as (
    select
        council_code,
        statement,
        financial_year,
        case
            when max(case when section = 'adult_social_care' and left(line_code, 5) = '2013_' then 1 else 0 end) = 1
                then 'client_group'
            else 'support_reason'
        end as line_layout
    from {{ ref('int_candidate_lines') }}
    where scope in ('in_scope', 'total_only')
    group by council_code, statement, financial_year
    having max(case when section = 'adult_social_care' and scope = 'total_only' then 1 else 0 end) = 0
)

select
    council_code,
    statement,
    financial_year,
    line_layout,
    lag(financial_year) over (partition by council_code, statement order by financial_year) as previous_financial_year,
    lag(line_layout) over (partition by council_code, statement order by financial_year) as previous_line_layout
from years
