-- The council profile: each measure beside England, peers and the spread of councils, and where it has gone.
with valued as (
    select
        v.*,
        m.measure_order,
        m.profile_section,
        m.measure_name,
        m.unit,
        c.region,
        c.council_class_name,
        c.is_excluded_from_ranks,
        y.real_terms_factor,
        cast(left(v.financial_year, 4) as integer) as year_start
    from {{ ref('int_profile_values') }} as v
    inner join {{ ref('profile_measures') }} as m on v.measure = m.measure
    inner join {{ ref('dim_council') }} as c on v.council_code = c.council_code
    left join {{ ref('dim_financial_year') }} as y on v.financial_year = y.financial_year
),

spread as (
    select
        financial_year,
        statement,
        measure,
        count(value) as compared_councils,
        min(value) as lowest_value,
        percentile_cont(0.25) within group (order by value) as lower_quartile_value,
        median(value) as median_value,
        percentile_cont(0.75) within group (order by value) as upper_quartile_value,
        max(value) as highest_value
    from valued
    where not is_excluded_from_ranks
    group by financial_year, statement, measure
),

regions as (
    select financial_year, statement, measure, region, median(value) as region_median_value
    from valued where not is_excluded_from_ranks
    group by financial_year, statement, measure, region
),

classes as (
    select financial_year, statement, measure, council_class_name, median(value) as class_median_value
    from valued where not is_excluded_from_ranks
    group by financial_year, statement, measure, council_class_name
),

neighbours as (
    select
        v.council_code, v.financial_year, v.statement, v.measure,
        median(o.value) as neighbours_median_value,
        count(o.value) as neighbours
    from valued as v
    inner join {{ ref('int_council_neighbours') }} as n on v.council_code = n.council_code
    inner join valued as o
        on
            n.neighbour_code = o.council_code
            and v.financial_year = o.financial_year
            and v.statement is not distinct from o.statement
            and v.measure = o.measure
    group by v.council_code, v.financial_year, v.statement, v.measure
),

-- A year and five years before, in the prices of the row's own year where the measure is money.
before as (
    select
        v.council_code, v.financial_year, v.statement, v.measure,
        w.year_start - v.year_start as years,
        w.value * case when v.unit = 'gbp' then cast(w.real_terms_factor as double) / v.real_terms_factor else 1 end as value_before,
        w.lower_value as lower_before,
        w.upper_value as upper_before
    from valued as v
    inner join valued as w
        on
            v.council_code = w.council_code
            and v.statement is not distinct from w.statement
            and v.measure = w.measure
            and w.year_start in (v.year_start - 1, v.year_start - 5)
    where
        not exists (
            select 1 from valued as b
            where
                b.council_code = v.council_code
                and b.statement is not distinct from v.statement
                and b.measure = v.measure
                and b.is_break_in_series
                and b.year_start > w.year_start
                and b.year_start <= v.year_start
        )
),

profiles as (
    select
        v.*,
        s.compared_councils, s.lowest_value, s.lower_quartile_value, s.median_value, s.upper_quartile_value,
        s.highest_value,
        r.region_median_value, k.class_median_value, n.neighbours_median_value, coalesce(n.neighbours, 0) as neighbours,
        {% for name, years in [('previous', -1), ('five_years', -5)] %}
        {{ name }}.value_before as {{ name }}_value,
        case
            when v.value is null or {{ name }}.value_before is null then null
            -- With an interval on both, two years differ where the intervals do not meet; a modelled range is no
            -- sampling interval, and says nothing of change.
            when v.status = 'modelled' then null
            when v.lower_value is not null and {{ name }}.upper_before is not null then
                case
                    when v.lower_value > {{ name }}.upper_before then 'higher'
                    when v.upper_value < {{ name }}.lower_before then 'lower'
                    else 'no clear change'
                end
            when abs(v.value - {{ name }}.value_before)
                <= {{ var('profile_level_share') }} * abs({{ name }}.value_before) then 'no clear change'
            when v.value > {{ name }}.value_before then 'higher'
            else 'lower'
        end as {{ name }}_direction{{ "," if not loop.last }}
        {% endfor %}
    from valued as v
    left join spread as s
        on
            v.financial_year = s.financial_year
            and v.statement is not distinct from s.statement
            and v.measure = s.measure
    left join regions as r
        on
            v.financial_year = r.financial_year
            and v.statement is not distinct from r.statement
            and v.measure = r.measure
            and v.region = r.region
    left join classes as k
        on
            v.financial_year = k.financial_year
            and v.statement is not distinct from k.statement
            and v.measure = k.measure
            and v.council_class_name = k.council_class_name
    left join neighbours as n
        on
            v.council_code = n.council_code
            and v.financial_year = n.financial_year
            and v.statement is not distinct from n.statement
            and v.measure = n.measure
    {% for name, years in [('previous', -1), ('five_years', -5)] %}
    left join before as {{ name }}
        on
            v.council_code = {{ name }}.council_code
            and v.financial_year = {{ name }}.financial_year
            and v.statement is not distinct from {{ name }}.statement
            and v.measure = {{ name }}.measure
            and {{ name }}.years = {{ years }}
    {% endfor %}
)

select
    council_code,
    financial_year,
    statement,
    measure,
    cast(measure_order as integer) as measure_order,
    profile_section,
    measure_name,
    unit,
    status,
    marker,
    {% for column in [
        'value', 'lower_value', 'upper_value', 'england_value', 'region_median_value', 'class_median_value',
        'neighbours_median_value', 'lowest_value', 'lower_quartile_value', 'median_value', 'upper_quartile_value',
        'highest_value', 'previous_value', 'five_years_value',
    ] %}
    cast(round({{ column }}, 4) as decimal(18, 4)) as {{ column }},
    {% endfor %}
    cast(neighbours as integer) as neighbours,
    cast(compared_councils as integer) as compared_councils,
    cast(
        case
            when value is null or is_excluded_from_ranks then null
            when value <= lower_quartile_value then 1
            when value <= median_value then 2
            when value <= upper_quartile_value then 3
            else 4
        end as integer
    ) as quarter,
    previous_direction,
    five_years_direction
from profiles
