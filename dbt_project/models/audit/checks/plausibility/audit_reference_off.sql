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
    select publication, mid_year, lag(publication) over (order by mid_year, publication) as publication_before
    from (select distinct publication, mid_year from people)
),

aged as (
    select
        n.publication, n.mid_year, n.area_code, n.area_name, y.publication_before,
        avg(cast(n.persons = same.persons as integer)) as same_share,
        sum(n.persons) as persons, sum(same.persons) as persons_before,
        sum(n.persons) filter (where n.age >= 65) as older,
        sum(same.persons) filter (where n.age >= 65) as older_before,
        sum(abs(n.persons - cohort.persons)) filter (where n.age between 35 and 79)
        / nullif(sum(n.persons) filter (where n.age between 35 and 79), 0) as cohort_distance
    from people as n
    inner join years as y on n.publication = y.publication
    inner join people as same
        on y.publication_before = same.publication and n.area_code = same.area_code and n.age = same.age
    left join people as cohort
        on y.publication_before = cohort.publication and n.area_code = cohort.area_code and n.age = cohort.age + 1
    group by n.publication, n.mid_year, n.area_code, n.area_name, y.publication_before
),

areas as (
    select
        c.check_name, a.publication, {{ financial_year_from('a.mid_year') }} as financial_year,
        a.area_code as council_code, a.area_name as council_name, c.item, c.item_name,
        a.publication_before as compared_with, c.expected, c.observed, c.factor
    from aged as a
    cross join lateral (
        values
        ('population_off_the_year_before', 'all ages', 'residents of all ages', a.persons_before, a.persons,
        cast(a.persons as double) / nullif(a.persons_before, 0)),
        ('population_off_the_year_before', '65 and over', 'residents of 65 and over', a.older_before, a.older,
        cast(a.older as double) / nullif(a.older_before, 0)),
        ('population_off_its_cohorts', 'ages 35 to 79', 'residents a year older than the year before', a.persons_before,
        a.persons, a.cohort_distance),
        ('population_repeated', 'single ages', 'ages with the figure of the year before', a.persons_before, a.persons,
        a.same_share)
    ) as c (check_name, item, item_name, expected, observed, factor)
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

together as (
    select * from areas
    union all select * from growth
    union all select * from editions
)

select t.*
from together as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
