-- Residents that do not follow from the year before, files that are another year's again, and price indices that no
-- year has seen or another edition has differently. One row is a check, publication and area or year outside limits.
with people as (
    select
        e.release_id as publication,
        p.mid_year,
        p.area_code,
        any_value(p.area_name) as area_name,
        p.age,
        any_value(p.persons) as persons
    from {{ source('raw', 'population_cells') }} as p
    inner join {{ source('raw', 'releases') }} as e on p.release_id = e.release_id and e.is_serving
    where p.age >= 0 and left(p.area_code, 3) in ('E06', 'E07', 'E08', 'E09', 'E10')
    group by e.release_id, p.mid_year, p.area_code, p.age
),

years as (
    select
        publication, mid_year, lag(publication) over (order by mid_year, publication) as publication_before,
        mid_year - lag(mid_year) over (order by mid_year, publication) as years_between
    from (select distinct publication, mid_year from people)
),

aged as (
    select
        n.publication, n.mid_year, n.area_code, n.area_name, y.publication_before, y.years_between,
        avg(cast(n.persons = same.persons as integer)) as same_share,
        sum(n.persons) as persons, sum(same.persons) as persons_before,
        sum(n.persons) filter (where n.age >= 65) as older,
        sum(same.persons) filter (where n.age >= 65) as older_before,
        cast(sum(abs(n.persons - cohort.persons)) filter (where n.age between 35 and 79) as double) / nullif(sum(n.persons) filter (where n.age between 35 and 79), 0) as cohort_distance
    from people as n
    inner join years as y on n.publication = y.publication
    inner join people as same
        on y.publication_before = same.publication and n.area_code = same.area_code and n.age = same.age
    left join people as cohort
        on y.publication_before = cohort.publication and n.area_code = cohort.area_code and n.age = cohort.age + 1
    group by n.publication, n.mid_year, n.area_code, n.area_name, y.publication_before, y.years_between
),

areas as (
    select
        c.check_name, a.publication, {{ financial_year_from('a.mid_year') }} as financial_year,
        a.area_code as council_code, a.area_name as council_name, c.item, c.item_name,
        a.publication_before as compared_with, c.expected, c.observed, c.factor
    from aged as a
    cross join lateral (
        select
            'population_off_the_year_before' as check_name, 'all ages' as item, 'residents of all ages' as item_name,
            a.persons_before as expected, a.persons as observed,
            cast(a.persons as double) / nullif(a.persons_before, 0) as factor
        union all
        select
            'population_off_the_year_before', '65 and over', 'residents of 65 and over', a.older_before, a.older,
            cast(a.older as double) / nullif(a.older_before, 0)
        union all
        select
            'population_off_its_cohorts', 'ages 35 to 79', 'residents a year older than the year before',
            a.persons_before, a.persons, a.cohort_distance
        union all
        -- The residents of all ages are the same in both: to name them beside each other would tell nothing.
        select 'population_repeated', 'single ages', 'most single ages', null, null, a.same_share
    ) as c
    -- Who has been two years or more between says little of how many there are now; the same figures are the same.
    where a.years_between = 1 or c.check_name = 'population_repeated'
),

-- England as a whole: a column of ages taken for the next one moves every area a little and England as much.
ages_moved as (
    select
        'population_ages_moved' as check_name, n.publication, {{ financial_year_from('n.mid_year') }} as financial_year,
        '' as council_code, '' as council_name, 'ages 35 to 79' as item,
        'residents of all areas a year older than the year before' as item_name, y.publication_before as compared_with,
        cast(sum(o.persons) as decimal(18, 0)) as expected, cast(sum(n.persons) as decimal(18, 0)) as observed,
        cast(sum(abs(n.persons - o.persons)) as double) / sum(n.persons) as factor
    from (select publication, mid_year, age, sum(persons) as persons from people group by all) as n
    inner join years as y on n.publication = y.publication
    inner join (select publication, mid_year, age, sum(persons) as persons from people group by all) as o
        on y.publication_before = o.publication and n.mid_year = o.mid_year + 1 and n.age = o.age + 1
    where n.age between 35 and 79
    group by n.publication, n.mid_year, y.publication_before
),

-- Areas that do not follow from themselves but from each other; only those far from themselves are looked at.
strangers as {{ evaluated_once() }} (
    select a.*, p.age, p.persons as of_age
    from aged as a
    inner join people as p on a.publication = p.publication and a.area_code = p.area_code
    where a.years_between = 1 and a.cohort_distance > 0.025 and p.age between 35 and 79
),

crossed as {{ evaluated_once() }} (
    select
        a.publication, a.area_code, b.area_code as other_code,
        cast(sum(abs(a.of_age - o.persons)) as double) / sum(a.of_age) as distance
    from strangers as a
    inner join (select distinct publication, area_code, persons, persons_before from strangers) as b
        on
            a.publication = b.publication
            and a.area_code != b.area_code
            and cast(a.persons as double) / b.persons_before between 0.95 and 1.05
            and cast(b.persons as double) / a.persons_before between 0.95 and 1.05
    inner join people as o
        on a.publication_before = o.publication and b.area_code = o.area_code and a.age = o.age + 1
    group by a.publication, a.area_code, b.area_code
),

areas_exchanged as (
    select
        'areas_exchanged' as check_name, s.publication, {{ financial_year_from('s.mid_year') }} as financial_year,
        s.area_code as council_code, s.area_name as council_name, t.area_name as item,
        'with the residents of ' || t.area_name as item_name, s.publication_before as compared_with,
        cast(null as decimal(18, 0)) as expected, cast(null as decimal(18, 0)) as observed,
        (a.distance + b.distance) / (s.cohort_distance + t.cohort_distance) as factor
    from crossed as a
    inner join crossed as b
        on a.publication = b.publication and a.area_code = b.other_code and a.other_code = b.area_code
    inner join aged as s on a.publication = s.publication and a.area_code = s.area_code
    inner join aged as t on a.publication = t.publication and a.other_code = t.area_code
),

prices as (
    select d.*, e.is_serving
    from {{ source('raw', 'deflators') }} as d
    inner join {{ source('raw', 'releases') }} as e on d.release_id = e.release_id
    where d.growth_percent is not null and d.financial_year >= '2010-11'
),

growth as (
    select
        'deflator_growth_unseen' as check_name, release_id as publication, financial_year, '' as council_code,
        '' as council_name, 'growth_percent' as item, 'growth of the GDP deflator, per cent' as item_name,
        'every year since 2010-11' as compared_with, 2.0 as expected, growth_percent as observed,
        cast(growth_percent as double) as factor
    from prices
),

editions as (
    select
        'deflator_editions_disagree' as check_name, a.release_id as publication, a.financial_year, '' as council_code,
        '' as council_name, 'growth_percent' as item, 'growth of the GDP deflator, per cent' as item_name,
        b.release_id as compared_with, b.growth_percent as expected, a.growth_percent as observed,
        cast(a.growth_percent - b.growth_percent as double) as factor
    from prices as a
    inner join prices as b
        on a.financial_year = b.financial_year and a.release_id != b.release_id
    where a.is_serving and not a.is_forecast and not b.is_forecast
),

-- A financial year is three quarters of one calendar year and one of the next, and so is its growth.
calendar as (
    select
        'deflator_off_the_calendar_years' as check_name, a.release_id as publication, a.financial_year,
        '' as council_code, '' as council_name, 'growth_percent' as item,
        'growth of the GDP deflator, per cent' as item_name, 'the calendar years beside it' as compared_with,
        0.75 * a.calendar_growth_percent + 0.25 * b.calendar_growth_percent as expected, a.growth_percent as observed,
        cast(a.growth_percent - 0.75 * a.calendar_growth_percent - 0.25 * b.calendar_growth_percent as double) as factor
    from prices as a
    inner join prices as b
        on a.release_id = b.release_id and b.financial_year = {{ financial_year_shift('a.financial_year', 1) }}
    where a.calendar_growth_percent is not null and b.calendar_growth_percent is not null
),

-- Another edition of the neighbours has most of the same ones.
nearest as (
    select release_id, council_code, array_agg(distinct neighbour_code) as neighbours
    from {{ source('raw', 'nearest_neighbours') }}
    where neighbour_code != council_code and coalesce(neighbour_rank, 1) <= 15
    group by release_id, council_code
),

lists as (
    select
        'neighbours_unlike_another_edition' as check_name, n.release_id as publication, '' as financial_year,
        n.council_code, n.council_code as council_name, 'neighbours' as item, 'nearest neighbours' as item_name,
        o.release_id as compared_with, cast(least({{ elements_in('n.neighbours') }}, {{ elements_in('o.neighbours') }}) as decimal(18, 0)) as expected,
        cast({{ elements_in('array_intersect(n.neighbours, o.neighbours)') }} as decimal(18, 0)) as observed,
        {{ elements_in('array_intersect(n.neighbours, o.neighbours)') }}
        / least({{ elements_in('n.neighbours') }}, {{ elements_in('o.neighbours') }}) as factor
    from nearest as n
    inner join {{ source('raw', 'releases') }} as e on n.release_id = e.release_id and e.is_serving
    inner join nearest as o on n.council_code = o.council_code and n.release_id != o.release_id
),

-- The adult social care finance return prints regions and England under its councils.
returns as (
    select
        'return_off_its_regions' as check_name, release_id as publication, financial_year, '' as council_code,
        '' as council_name, region_code as item, 'total expenditure of ' || region_code as item_name,
        'the sum of its councils' as compared_with,
        cast(1000 * sum(amount_thousand_gbp) filter (where cassr_code is not null) as decimal(18, 2)) as expected,
        cast(1000 * sum(amount_thousand_gbp) filter (where cassr_code is null) as decimal(18, 2)) as observed
    from {{ source('raw', 'asc_fr_cells') }}
    where measure = 'total_expenditure' and data_type = 'mandatory'
    group by release_id, financial_year, region_code
    having expected > 0 and observed > 0
),

findings as (
    select * from areas
    union all select * from growth
    union all select * from editions
    union all select * from calendar
    union all select * from ages_moved
    union all select * from areas_exchanged
    union all select * from lists
    union all select *, cast(observed as double) / cast(expected as double) from returns
)

select t.*
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
