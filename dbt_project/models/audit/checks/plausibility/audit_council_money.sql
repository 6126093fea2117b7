-- Net current expenditure of councils on service lines, each beside the same council's figure in the nearest other
-- year of the same kind of publication, two years away at most: the year before where there is one, else the year after.
-- Years further apart have nothing to say of each other. Of files that repeat each other all are looked at, and the first
-- stands for the year.
with money as (
    select
        release_of as publication,
        case when source in ('rs', 'rsx') then 'summary' else source end as form,
        statement,
        financial_year,
        cast(left(financial_year, 4) as integer) as starts,
        body_code,
        council_code,
        body_name as council_name,
        line_code,
        line_name,
        section,
        is_total,
        published_on,
        source_column,
        amount_gbp
    from {{ ref('fct_budget_line_edition') }}
    where
        is_serving
        and body_kind = 'council'
        and measure = 'net_current_expenditure'
        and amount_gbp is not null
        and section in (
            'adult_social_care', 'childrens_social_care', 'public_health', 'housing', 'cultural', 'education',
            'highways_and_transport', 'environmental_and_regulatory', 'planning_and_development', 'central_services',
            'total_service_expenditure'
        )
),

standing as (
    select form, starts, min(publication) as publication
    from money
    group by form, starts
),

neighbours as (
    select distinct
        n.publication,
        o.publication as other_publication
    from (select distinct publication, form, starts from money) as n
    inner join standing as o on n.form = o.form and n.starts != o.starts and abs(n.starts - o.starts) <= 2
    qualify
        row_number() over (
            partition by n.publication order by o.starts > n.starts, abs(o.starts - n.starts)
        ) = 1
)

select
    m.*,
    n.other_publication,
    o.amount_gbp as other_amount_gbp,
    s.publication is not null as is_standing
from money as m
left join neighbours as n on m.publication = n.publication
left join money as o
    on n.other_publication = o.publication and m.body_code = o.body_code and m.line_code = o.line_code
left join standing as s on m.publication = s.publication
