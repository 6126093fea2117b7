-- Admissions of people aged 65 and over, per council and year, with the count behind the rate: as published, or
-- rate times residents where the publication gives rates alone.
with england as (
    select financial_year, outcome_value as england_per_100k
    from {{ ref('fct_outcome_measure') }}
    where measure_code = 'admissions_65_plus' and breakdown = 'Total' and geography_kind = 'england'
)

select
    f.council_code,
    f.financial_year,
    f.outcome_value as admissions_per_100k,
    f.marker,
    f.is_suppressed,
    f.series_note,
    f.is_break_in_series,
    f.release_id,
    e.england_per_100k,
    p.population_65_plus,
    p.population_basis,
    c.is_excluded_from_ranks,
    c.comparability_note as council_note,
    f.numerator is null and f.outcome_value is not null and p.population_65_plus is not null as is_count_estimated,
    cast(coalesce(f.denominator, p.population_65_plus) as double) as residents,
    case
        when f.numerator is not null then cast(f.numerator as double)
        else cast(f.outcome_value as double) * p.population_65_plus / 100000
    end as admissions,
    cast(e.england_per_100k as double) * coalesce(f.denominator, p.population_65_plus) / 100000 as expected
from {{ ref('fct_outcome_measure') }} as f
inner join {{ ref('dim_council') }} as c on f.council_code = c.council_code
left join england as e on f.financial_year = e.financial_year
left join {{ ref('core_council_population') }} as p
    on f.council_code = p.council_code and f.financial_year = p.financial_year
where f.measure_code = 'admissions_65_plus' and f.breakdown = 'Total' and f.geography_kind = 'council'
