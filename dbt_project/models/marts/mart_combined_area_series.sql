-- Series that run across a split, or a merger with a part moved, because they are sums over an area whose
-- footprint stays the same. A value is given only where every council of the area has one in that year.
with members as (
    select a.combined_area_code, a.combined_area_name, a.council_code, y.financial_year
    from {{ ref('dim_combined_area') }} as a
    inner join {{ ref('dim_financial_year') }} as y
        on
            y.financial_year >= a.valid_from_year
            and y.financial_year <= coalesce(a.valid_to_year, '9999-00')
),

-- Where a year's estimates are on the next year's boundaries, the councils still to come stand for the area.
later_population as (
    select a.combined_area_code, p.financial_year, sum(p.population_65_plus) as population_65_plus, count(*) as councils
    from {{ ref('dim_combined_area') }} as a
    inner join {{ ref('stg_population__areas') }} as p
        on a.council_code = p.area_code and p.financial_year < a.valid_from_year
    group by a.combined_area_code, p.financial_year
),

residents as (
    select
        m.combined_area_code,
        m.financial_year,
        case
            when count(*) = count(p.population_65_plus) then sum(p.population_65_plus)
            else max(l.population_65_plus)
        end as population_65_plus
    from members as m
    left join {{ ref('core_council_population') }} as p
        on m.council_code = p.council_code and m.financial_year = p.financial_year
    left join later_population as l
        on m.combined_area_code = l.combined_area_code and m.financial_year = l.financial_year
    group by m.combined_area_code, m.financial_year
),

headline as (
    select council_code, financial_year, perimeter || '_' || statement || '_gbp' as measure, amount_gbp as value
    from {{ ref('int_prevention_headlines') }}
    where cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'
    union all
    select
        council_code, financial_year, perimeter || '_adult_social_care_' || statement || '_gbp' as measure,
        adult_social_care_gbp as value
    from {{ ref('int_prevention_headlines') }}
    where cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'
),

council_values as (
    select council_code, financial_year, measure, cast(value as decimal(18, 4)) as value from headline
    union all
    select
        council_code,
        financial_year,
        'adult_social_care_' || statement || '_gbp' as measure,
        cast(adult_social_care_total_pence * 0.01 as decimal(18, 4)) as value
    from {{ ref('int_council_year_totals') }}
    union all
    select council_code, financial_year, 'admissions' as measure, cast(round(admissions, 4) as decimal(18, 4)) as value
    from {{ ref('int_admissions') }}
),

measures as (
    select distinct financial_year, measure from council_values
),

summed as (
    select
        m.combined_area_code,
        m.combined_area_name,
        m.financial_year,
        k.measure,
        {{ joined('m.council_code', ',') }} as council_codes,
        cast(count(*) as integer) as councils,
        cast(count(v.value) as integer) as councils_with_value,
        sum(v.value) as value
    from members as m
    inner join measures as k on m.financial_year = k.financial_year
    left join council_values as v
        on m.council_code = v.council_code and m.financial_year = v.financial_year and k.measure = v.measure
    group by m.combined_area_code, m.combined_area_name, m.financial_year, k.measure
),

with_residents as (
    select s.*, r.population_65_plus
    from summed as s
    left join residents as r
        on s.combined_area_code = r.combined_area_code and s.financial_year = r.financial_year
)

select
    combined_area_code,
    combined_area_name,
    financial_year,
    case measure when 'admissions' then 'admissions_per_100k' else measure end as measure,
    council_codes,
    councils,
    councils_with_value,
    cast(population_65_plus as bigint) as population_65_plus,
    cast(
        case
            when councils_with_value < councils then null
            when measure = 'admissions' then round(cast(value as double) * 100000 / nullif(population_65_plus, 0), 1)
            else value
        end as decimal(18, 4)
    ) as value,
    case
        when measure != 'admissions' and councils_with_value = councils
            then cast(round(cast(value as double) / nullif(population_65_plus, 0), 2) as decimal(18, 2))
    end as per_head_65_plus_gbp,
    case
        when councils_with_value < councils then 'not every council of the area has a figure'
        when measure = 'admissions' and population_65_plus is null then 'no population for the area'
    end as missing_reason
from with_residents
