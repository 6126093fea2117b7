-- Which finance return tells care homes from care at home in a council-year, and how old it is: only where lines of
-- that year are split by it. Where support reasons are split by returns of different years, the one furthest away, so
-- that no age is told smaller than it is.
with split_lines as (
    select distinct l.council_code, l.financial_year, l.statement, b.driver_key as support_reason
    from {{ ref('int_line_shares') }} as s
    inner join {{ ref('int_apportioned_lines') }} as l on s.line_key = l.line_key
    inner join {{ ref('desk_baseline_lines') }} as b on s.rule_id = b.rule_id and b.driver_kind = 'asc_fr'
    where not l.is_restated and s.rule_set = 'desk_baseline'
),

returns as (
    select distinct council_code, support_reason, driver_year from {{ ref('int_asc_fr_splits') }}
),

aged as (
    select
        l.council_code, l.financial_year, l.statement, r.driver_year,
        {{ financial_year_start('l.financial_year') }} - {{ financial_year_start('r.driver_year') }} as age_years,
        -- Of two returns equally far away the earlier serves.
        row_number() over (
            partition by l.council_code, l.financial_year, l.statement, l.support_reason
            order by abs({{ financial_year_start('l.financial_year') }} - {{ financial_year_start('r.driver_year') }}), r.driver_year
        ) as place
    from split_lines as l
    inner join returns as r on l.council_code = r.council_code and l.support_reason = r.support_reason
)

select
    council_code,
    financial_year,
    statement,
    driver_year as care_home_driver_year,
    cast(age_years as integer) as care_home_driver_age_years
from (
    select
        *, row_number() over (partition by council_code, financial_year, statement order by abs(age_years) desc, driver_year) as distance
    from aged
    where place = 1
) as nearest
where distance = 1
