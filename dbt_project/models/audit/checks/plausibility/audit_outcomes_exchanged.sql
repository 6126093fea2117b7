-- Outcomes under another name: two measures exchanged, a region's rates as England's, and rates of the residents of
-- another year. One row is a check, publication, year and measure outside limits.
with outcomes as {{ evaluated_once() }} (
    select
        release_id, financial_year, cast(left(financial_year, 4) as integer) as starts, geography_kind, geography_code,
        geography_name, measure_code, measure_name, population_base, denominator, outcome_value,
        cast(outcome_value as double) as rate
    from {{ ref('core_outcomes_served') }}
    where breakdown = 'Total' and outcome_value is not null
),

councils as (
    select * from outcomes where geography_kind = 'council'
),

-- Each measure against itself and against each other one of the year before, council by council.
apart as {{ evaluated_once() }} (
    select
        n.starts, any_value(n.release_id) as release_id, any_value(n.financial_year) as financial_year,
        any_value(o.financial_year) as year_before, n.measure_code, any_value(n.measure_name) as measure_name,
        o.measure_code as other_measure, avg(abs(n.rate - o.rate)) as distance
    from councils as n
    inner join councils as o on n.geography_code = o.geography_code and n.starts = o.starts + 1
    group by n.starts, n.measure_code, o.measure_code
    having count(*) >= 20
),

measures as (
    select
        'outcome_measures_exchanged' as check_name, a.release_id as publication, a.financial_year, '' as council_code,
        '' as council_name, a.measure_code || ' and ' || a.other_measure as item,
        a.measure_name || ' and ' || b.measure_name as item_name, a.year_before as compared_with,
        (a.distance + b.distance) / nullif(x.distance + y.distance, 0) as factor
    from apart as a
    inner join apart as b
        on a.starts = b.starts and a.measure_code = b.other_measure and a.other_measure = b.measure_code
    inner join apart as x
        on a.starts = x.starts and a.measure_code = x.measure_code and x.measure_code = x.other_measure
    inner join apart as y
        on b.starts = y.starts and b.measure_code = y.measure_code and y.measure_code = y.other_measure
    where a.measure_code < a.other_measure
),

england as (
    select
        'england_of_a_region' as check_name, any_value(e.release_id) as publication, e.financial_year,
        '' as council_code, '' as council_name, r.geography_code as item, 'most of England''s rates' as item_name,
        'the rates of ' || any_value(r.geography_name) as compared_with,
        avg(cast(e.outcome_value = r.outcome_value as integer)) as factor
    from outcomes as e
    inner join outcomes as r on e.financial_year = r.financial_year and e.measure_code = r.measure_code
    where e.geography_kind = 'england' and r.geography_kind = 'region'
    group by e.financial_year, r.geography_code
    having count(*) >= 5
),

residents as (
    select council_code, financial_year, '65_plus' as population_base, population_65_plus as people
    from {{ ref('core_council_population') }}
    union all
    select council_code, financial_year, '18_64', population_18_plus - population_65_plus
    from {{ ref('core_council_population') }}
),

-- True denominators are the estimates themselves, to five people.
other_year as (
    select
        'denominators_of_another_year' as check_name, any_value(o.release_id) as publication, o.financial_year,
        '' as council_code, '' as council_name, o.measure_code as item, any_value(o.measure_name) as item_name,
        'the residents of ' || r.financial_year as compared_with,
        avg(cast(abs(o.denominator - r.people) <= 5 as integer)) as factor
    from councils as o
    inner join residents as r
        on
            o.geography_code = r.council_code and o.population_base = r.population_base
            and o.financial_year != r.financial_year
    where o.denominator > 0
    group by o.financial_year, o.measure_code, r.financial_year
    having count(*) >= 20
),

findings as (
    select * from measures
    union all
    select * from england
    union all
    select * from other_year
)

select
    t.check_name, t.publication, t.financial_year, t.council_code, t.council_name, t.item, t.item_name,
    t.compared_with, cast(null as decimal(18, 2)) as expected, cast(null as decimal(18, 2)) as observed, t.factor
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
