-- Population and outcome figures checked against what their publishers print. Counts of people and of councils,
-- not pounds. No group count of a withheld measure is here.
with england as (
    select financial_year, population_65_plus, release_id
    from {{ ref('stg_population__areas') }}
    where area_code = 'E92000001'
),

single_tier as (
    select financial_year, sum(population_65_plus) as population_65_plus, count(*) as councils
    from {{ ref('stg_population__areas') }}
    where left(area_code, 3) in ('E06', 'E08', 'E09', 'E10')
    group by financial_year
),

population as (
    select
        'councils_sum_to_england_population' as check_name,
        e.release_id as publication,
        e.financial_year,
        'Eng' as group_name,
        'population_65_plus' as measure,
        e.population_65_plus as expected,
        s.population_65_plus as observed,
        s.councils as compared,
        case when e.population_65_plus = s.population_65_plus then 0 else 1 end as differing
    from england as e
    left join single_tier as s on e.financial_year = s.financial_year
),

rates as (
    select
        'recomputed_rates_equal_published' as check_name,
        release_id as publication,
        financial_year,
        'councils' as group_name,
        measure_code as measure,
        count(*) as expected,
        count(*) filter (where outcome_value = recomputed_value) as observed,
        count(*) as compared,
        count(*) filter (where outcome_value is distinct from recomputed_value) as differing
    from {{ ref('fct_outcome_measure') }}
    where
        geography_kind = 'council'
        and measure_code in ('admissions_65_plus', 'admissions_18_64')
        and recomputed_value is not null
    group by release_id, financial_year, measure_code
),

second_opinion as (
    select
        'second_opinion_agrees' as check_name,
        min(second_opinion_release_id) as publication,
        financial_year,
        'councils of the extract' as group_name,
        measure_code as measure,
        count(*) as expected,
        count(*) filter (where status = 'agrees') as observed,
        count(*) as compared,
        count(*) filter (where status = 'differs') as differing
    from {{ ref('mart_outcome_second_opinion') }}
    where status in ('agrees', 'differs')
    group by financial_year, measure_code
),

comparisons as (
    select * from population
    union all
    select * from rates
    union all
    select * from second_opinion
)

select
    check_name,
    publication,
    financial_year,
    cast(null as string) as statement,
    group_name,
    cast(null as string) as line_code,
    measure,
    cast(expected as decimal(18, 2)) as expected,
    cast(observed as decimal(18, 2)) as observed,
    cast(observed - expected as decimal(18, 2)) as difference,
    cast(0 as decimal(18, 2)) as tolerance,
    cast(coalesce(compared, 0) as integer) as compared,
    cast(differing as integer) as differing,
    case
        when differing = 0 and compared > 0 then 'pass'
        when check_name = 'second_opinion_agrees' then 'unreviewed'
        else 'fail'
    end as status,
    case when differing > 0 or coalesce(compared, 0) = 0 then 'figures differ, or nothing was compared' end as reason
from comparisons
