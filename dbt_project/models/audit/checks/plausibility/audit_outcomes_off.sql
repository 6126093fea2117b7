-- Outcomes that do not go with the council's other years, with the other age band, with England's residents, or with
-- another publication of the same year. One row is a check, publication, council and measure outside its limits.
with outcomes as (
    select *, cast(left(financial_year, 4) as integer) as starts
    from {{ ref('core_outcomes_served') }}
    where geography_kind = 'council' and breakdown = 'Total' and outcome_value is not null
),

series as (
    select
        n.release_id, n.financial_year, n.geography_code, n.geography_name, n.measure_code, n.measure_name,
        any_value(n.outcome_value) as outcome_value, max(o.outcome_value) as highest, min(o.outcome_value) as lowest
    from outcomes as n
    inner join outcomes as o
        on n.geography_code = o.geography_code and n.measure_code = o.measure_code and n.starts != o.starts
    group by n.release_id, n.financial_year, n.geography_code, n.geography_name, n.measure_code, n.measure_name
    having count(*) >= 2
),

off_its_years as (
    select
        'outcome_off_its_years' as check_name, s.release_id as publication, s.financial_year,
        s.geography_code as council_code, s.geography_name as council_name, s.measure_code as item,
        s.measure_name as item_name, 'the council''s other years' as compared_with,
        case when s.outcome_value > s.highest then s.highest else s.lowest end as expected, s.outcome_value as observed,
        cast(s.outcome_value as double) / nullif(case when s.outcome_value > s.highest then s.highest else s.lowest end, 0) as factor
    from series as s
    inner join {{ ref('plausible_outcome_moves') }} as m on s.measure_code = m.measure_code
    where
        (s.outcome_value > s.highest * m.highest_factor and s.highest > 0)
        or s.outcome_value < s.lowest * m.lowest_factor
),

-- One year against the year before it and the year after it, of measures that are steady enough to say something.
between_years as (
    select
        'outcome_off_the_years_beside_it' as check_name, n.release_id as publication, n.financial_year,
        n.geography_code as council_code, n.geography_name as council_name, n.measure_code as item,
        n.measure_name as item_name, 'the years before and after' as compared_with,
        cast((a.outcome_value + b.outcome_value) / 2 as decimal(24, 9)) as expected, n.outcome_value as observed,
        cast(2 * n.outcome_value as double) / nullif(a.outcome_value + b.outcome_value, 0) as factor
    from outcomes as n
    inner join outcomes as a
        on n.geography_code = a.geography_code and n.measure_code = a.measure_code and n.starts = a.starts + 1
    inner join outcomes as b
        on n.geography_code = b.geography_code and n.measure_code = b.measure_code and n.starts = b.starts - 1
    inner join {{ ref('plausible_outcome_moves') }} as m on n.measure_code = m.measure_code and m.lowest_factor >= 0.55
),

repeated as (
    select
        'outcome_repeated_from_the_year_before' as check_name, n.release_id as publication, n.financial_year,
        n.geography_code as council_code, n.geography_name as council_name, n.measure_code as item,
        n.measure_name as item_name, o.financial_year as compared_with, o.outcome_value as expected,
        n.outcome_value as observed, cast(1 as double) as factor
    from outcomes as n
    inner join outcomes as o
        on
            n.geography_code = o.geography_code and n.measure_code = o.measure_code and n.starts = o.starts + 1
            and n.outcome_value = o.outcome_value
    inner join {{ ref('plausible_outcome_moves') }} as m on n.measure_code = m.measure_code and m.is_never_repeated
    where n.outcome_value not in (0, 100)
),

age_bands as (
    select
        'younger_adults_above_older' as check_name, o.release_id as publication, o.financial_year,
        o.geography_code as council_code, o.geography_name as council_name, o.measure_code as item,
        o.measure_name as item_name, 'admissions at 18 to 64' as compared_with, y.outcome_value as expected,
        o.outcome_value as observed, cast(o.outcome_value as double) / nullif(y.outcome_value, 0) as factor
    from outcomes as o
    inner join outcomes as y
        on o.geography_code = y.geography_code and o.financial_year = y.financial_year
    where o.measure_code = 'admissions_65_plus' and y.measure_code = 'admissions_18_64' and y.outcome_value > 0
),

residents as (
    select
        'denominator_off_the_residents' as check_name, o.release_id as publication, o.financial_year,
        o.geography_code as council_code, o.geography_name as council_name, o.measure_code as item,
        o.measure_name as item_name, 'the mid-year estimate' as compared_with,
        case when o.population_base = '65_plus' then p.population_65_plus
            else p.population_18_plus - p.population_65_plus end as expected,
        o.denominator as observed
    from outcomes as o
    inner join {{ ref('core_council_population') }} as p
        on o.geography_code = p.council_code and o.financial_year = p.financial_year
    where o.population_base in ('65_plus', '18_64') and o.denominator > 0
),

-- A region is its councils together: their rates, weighted by the residents the rates are of.
regions as (
    select
        'region_off_its_councils' as check_name, any_value(g.release_id) as publication, g.financial_year,
        g.geography_code as council_code, any_value(g.geography_name) as council_name, g.measure_code as item,
        any_value(g.measure_name) as item_name, 'its councils and their residents' as compared_with,
        cast(cast(sum(o.outcome_value * r.residents) as double) / sum(r.residents) as decimal(24, 9)) as expected,
        any_value(g.outcome_value) as observed
    from {{ ref('core_outcomes_served') }} as g
    inner join {{ ref('core_outcome_groups') }} as m
        on
            g.geography_kind = m.geography_kind
            and g.geography_code = m.geography_code
            and g.financial_year = m.financial_year
    inner join outcomes as o
        on
            m.council_code = o.geography_code and m.financial_year = o.financial_year
            and g.measure_code = o.measure_code
    inner join (
        select council_code, financial_year, '65_plus' as population_base, population_65_plus as residents
        from {{ ref('core_council_population') }}
        union all
        select council_code, financial_year, '18_64', population_18_plus - population_65_plus
        from {{ ref('core_council_population') }}
    ) as r
        on
            o.geography_code = r.council_code
            and o.financial_year = r.financial_year
            and o.population_base = r.population_base
    where
        g.geography_kind = 'region' and g.breakdown = 'Total' and g.outcome_value > 0 and r.residents > 0
        and g.measure_code in ('admissions_65_plus', 'admissions_18_64')
    group by g.financial_year, g.geography_code, g.measure_code
    having count(*) >= 3
),

-- England is near the mean of its councils: not where a whole column is in another scale or another measure's.
england as (
    select
        'england_off_its_councils' as check_name, any_value(g.release_id) as publication, g.financial_year,
        '' as council_code, '' as council_name, g.measure_code as item, any_value(g.measure_name) as item_name,
        'the mean of the councils' as compared_with, cast(avg(o.outcome_value) as decimal(24, 9)) as expected,
        any_value(g.outcome_value) as observed
    from {{ ref('core_outcomes_served') }} as g
    inner join outcomes as o on g.measure_code = o.measure_code and g.financial_year = o.financial_year
    where g.geography_kind = 'england' and g.breakdown = 'Total' and g.outcome_value > 0
    group by g.financial_year, g.measure_code
    having count(*) >= 20
),

repeated_by_all as (
    select
        'outcomes_of_another_year' as check_name, any_value(n.release_id) as publication, n.financial_year,
        '' as council_code, '' as council_name, n.measure_code as item,
        any_value(n.measure_name) as item_name, o.financial_year as compared_with,
        cast(null as decimal(24, 9)) as expected, cast(null as decimal(24, 9)) as observed,
        avg(cast(n.outcome_value = o.outcome_value as integer)) as factor
    from outcomes as n
    inner join outcomes as o
        on n.geography_code = o.geography_code and n.measure_code = o.measure_code and n.starts > o.starts
    where n.outcome_value not in (0, 100)
    group by n.financial_year, o.financial_year, n.measure_code
    having count(*) >= 20
),

-- Most councils' rates stand to their own other years as no true year's do: fractions for percentages, or another
-- measure's column.
moves as (
    select
        n.release_id, n.financial_year, n.measure_code, any_value(n.measure_name) as measure_name,
        any_value(n.outcome_value) as outcome_value, median(o.outcome_value) as other_value
    from outcomes as n
    inner join outcomes as o
        on n.geography_code = o.geography_code and n.measure_code = o.measure_code and n.starts != o.starts
    where n.outcome_value > 0 and o.outcome_value > 0
    group by n.release_id, n.financial_year, n.geography_code, n.measure_code
),

whole_columns as (
    select
        'outcomes_in_another_unit' as check_name, any_value(release_id) as publication, financial_year,
        '' as council_code, '' as council_name, measure_code as item, any_value(measure_name) as item_name,
        'the councils'' other years' as compared_with, cast(median(other_value) as decimal(24, 9)) as expected,
        cast(median(outcome_value) as decimal(24, 9)) as observed, median(cast(outcome_value as double) / other_value) as factor
    from moves
    group by financial_year, measure_code
    having count(*) >= 20
),

-- Surveys are weighted, and counts of safeguarding are rounded before they are printed: their rates are not a quotient.
counts as (
    select
        'rate_off_its_counts' as check_name, release_id as publication, financial_year,
        geography_code as council_code, geography_name as council_name, measure_code as item,
        measure_name as item_name, 'numerator and denominator' as compared_with,
        cast(cast(scale * numerator as double) / nullif(denominator, 0) as decimal(24, 9)) as expected, outcome_value as observed,
        cast(outcome_value - cast(scale * numerator as double) / nullif(denominator, 0) as double) as factor
    from outcomes
    where
        numerator is not null and denominator > 0 and not is_weighted_survey
        and measure_code != 'safeguarding_risk_reduced'
),

named as (
    select r.*, m.measure_code, m.measure_name
    from {{ ref('stg_outcomes__rows') }} as r
    inner join {{ ref('ascof_measures') }} as m
        on
            r.published_code = m.published_code
            and r.framework_year >= m.framework_from
            and r.framework_year <= coalesce(m.framework_to, '9999-00')
    where r.geography_kind = 'council' and r.outcome_value is not null
),

publications as (
    select
        'publications_disagree' as check_name, a.release_id as publication, a.financial_year,
        a.geography_code as council_code, a.geography_name as council_name, a.measure_code as item, a.measure_name as item_name,
        b.release_id as compared_with, b.outcome_value as expected, a.outcome_value as observed,
        cast(a.outcome_value as double) / nullif(b.outcome_value, 0) as factor
    from named as a
    inner join named as b
        on
            a.financial_year = b.financial_year and a.geography_code = b.geography_code
            and a.measure_code = b.measure_code and a.breakdown = b.breakdown and a.release_id < b.release_id
    where abs(a.outcome_value - b.outcome_value) > 0.15
),

findings as (
    select * from off_its_years
    union all select * from between_years
    union all select * from repeated
    union all select * from age_bands
    union all select *, cast(observed as double) / nullif(expected, 0) from residents
    union all select * from publications
    union all select *, cast(observed as double) / expected from regions
    union all select *, cast(observed as double) / expected from england
    union all select * from repeated_by_all
    union all select * from whole_columns
    union all select * from counts
)

select t.*
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor is null or t.factor not between c.lowest_factor and c.highest_factor
