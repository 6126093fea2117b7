-- By how many pounds a central interval would narrow if it were known what a line is spent on: the line's errors are
-- taken out of the variance, those it shares with other lines included. Adult social care, direct cost view, each
-- council and England, outcomes that are kept line by line.
with of_lines as (
    select
        council_code, financial_year, statement, outcome_code, perimeter, line_code, error_key,
        max(correlation_share) as correlation_share,
        cast(sum(error_gbp) as bigint) as error_gbp
    from {{ ref('int_interval_terms') }}
    where is_adult_social_care and outcome_code in (select outcome_code from {{ ref('outcomes') }} where has_line_detail)
    group by council_code, financial_year, statement, outcome_code, perimeter, line_code, error_key
),

beside_all as (
    select
        *,
        cast(sum(error_gbp) over (
            partition by council_code, financial_year, statement, outcome_code, perimeter, error_key
        ) as bigint) as council_error_gbp
    from of_lines
),

of_areas as (
    select
        m.area_kind, m.area_code, b.financial_year, b.statement, b.outcome_code, b.perimeter, b.line_code, b.error_key,
        max(b.correlation_share) as correlation_share,
        cast(sum(b.error_gbp) as {{ wide_int() }}) as error_gbp,
        cast(sum(cast(b.error_gbp as {{ wide_int() }}) * (2 * b.council_error_gbp - b.error_gbp)) as {{ wide_int() }}) as alone_variance
    from {{ ref('int_interval_members') }} as m
    inner join beside_all as b
        on m.council_code = b.council_code and m.financial_year = b.financial_year and m.statement = b.statement
    where m.panel = 'all' and m.area_kind in ('council', 'england')
    group by m.area_kind, m.area_code, b.financial_year, b.statement, b.outcome_code, b.perimeter, b.line_code, b.error_key
),

shared as (
    select
        *,
        cast(sum(error_gbp) over (
            partition by area_kind, area_code, financial_year, statement, outcome_code, perimeter, error_key
        ) as {{ wide_int() }}) as area_error_gbp
    from of_areas
),

saved as (
    select
        area_kind, area_code, financial_year, statement, outcome_code, perimeter, line_code,
        cast(sum(cast(round(correlation_share * cast(error_gbp * (2 * area_error_gbp - error_gbp) as double)
            + (1 - correlation_share) * cast(alone_variance as double)) as {{ wide_int() }})) as double) as variance_saved
    from shared
    group by area_kind, area_code, financial_year, statement, outcome_code, perimeter, line_code
)

select
    s.area_kind,
    s.area_code,
    s.financial_year,
    s.statement,
    s.outcome_code,
    s.perimeter,
    s.line_code,
    cast(round(2 * {{ interval_quantile() }} * i.adult_social_care_error_gbp) as bigint) as interval_width_gbp,
    cast(round(2 * {{ interval_quantile() }} * (i.adult_social_care_error_gbp
        - sqrt(greatest(power(i.adult_social_care_error_gbp, 2) - s.variance_saved, 0)))) as bigint) as narrows_by_gbp
from saved as s
inner join {{ ref('int_central_intervals') }} as i
    on s.area_kind = i.area_kind and s.area_code = i.area_code and s.financial_year = i.financial_year
    and s.statement = i.statement and s.outcome_code = i.outcome_code and s.perimeter = i.perimeter and i.panel = 'all'
where s.variance_saved <> 0
