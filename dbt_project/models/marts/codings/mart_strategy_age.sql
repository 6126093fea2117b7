-- How old the strategies and plans of a wave were when they were read, and of how many that is known.
with waves as (
    select document_type, wave, unit_kind, expected_units
    from {{ codebook_list('coding_waves') }}
    where unit_kind in ('board', 'partnership')
),

counted as (
    select
        document_type,
        wave,
        count(*) as listed_units,
        count(*) filter (where date_status != 'not_read') as read_units,
        count(*) filter (where date_status = 'dated') as dated_units,
        count(*) filter (where date_status = 'not_stated') as not_stated_units,
        count(*) filter (where date_status = 'undecided') as undecided_units,
        median(age_years) as median_age_years,
        min(age_years) as least_age_years,
        max(age_years) as greatest_age_years,
        median(years_since_update) as median_years_since_update,
        count(is_run_out) as end_known_units,
        count(*) filter (where is_run_out) as run_out_units
    from {{ ref('mart_strategy_dates') }}
    group by document_type, wave
)

select
    w.document_type,
    w.wave,
    w.unit_kind,
    cast(coalesce(nullif(c.listed_units, 0), w.expected_units) as integer) as expected_units,
    cast(coalesce(c.read_units, 0) as integer) as read_units,
    cast(coalesce(c.dated_units, 0) as integer) as dated_units,
    cast(coalesce(c.not_stated_units, 0) as integer) as not_stated_units,
    cast(coalesce(c.undecided_units, 0) as integer) as undecided_units,
    cast(c.median_age_years as decimal(9, 1)) as median_age_years,
    c.least_age_years,
    c.greatest_age_years,
    cast(c.median_years_since_update as decimal(9, 1)) as median_years_since_update,
    cast(coalesce(c.end_known_units, 0) as integer) as end_known_units,
    cast(coalesce(c.run_out_units, 0) as integer) as run_out_units
from waves as w
left join counted as c on w.document_type = c.document_type and w.wave = c.wave
