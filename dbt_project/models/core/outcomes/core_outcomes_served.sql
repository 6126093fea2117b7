-- One publication serves each measure and year: the open data with counts where there is one, then the publisher's
-- time series, then the stack of a third party.
-- Councils that the serving publication passes over in silence get a row marked `absent`: the stack drops what
-- the publisher withheld. NOT FOR PUBLICATION: group rows still carry counts that betray a withheld council.
with named as (
    select
        r.*,
        coalesce(m.measure_code, 'code_' || lower(r.published_code) || '_' || r.framework_year) as measure_code,
        coalesce(m.measure_name, 'Measure ' || r.published_code || ' of ' || r.framework_year) as measure_name,
        coalesce(m.unit, 'as_published') as unit,
        coalesce(m.decimals, 1) as decimals,
        m.population_base,
        coalesce(m.is_weighted_survey, false) as is_weighted_survey,
        coalesce(m.linked_group, m.measure_code, 'code_' || lower(r.published_code)) as linked_group
    from {{ ref('stg_outcomes__rows') }} as r
    left join {{ ref('ascof_measures') }} as m
        on
            r.published_code = m.published_code
            and r.framework_year >= m.framework_from
            and r.framework_year <= coalesce(m.framework_to, '9999-00')
    where r.source != 'lga_extract'
),

served as (
    select *
    from named
    qualify
        dense_rank() over (
            partition by financial_year, measure_code
            order by case source when 'ascof_open_data' then 1 when 'ascof_time_series' then 2 else 3 end, release_id
        ) = 1
),

measure_years as (
    select distinct
        source, release_id, financial_year, framework_year, published_code, measure_code, measure_name, unit,
        decimals, population_base, is_weighted_survey, linked_group
    from served
),

absent as (
    select y.*, c.council_code, c.council_name
    from measure_years as y
    inner join {{ ref('dim_council') }} as c
        on
            y.financial_year >= c.valid_from_year
            and y.financial_year <= coalesce(c.valid_to_year, '9999-00')
    where not exists (
        select 1
        from served as s
        where
            s.geography_kind = 'council'
            and s.geography_code = c.council_code
            and s.financial_year = y.financial_year
            and s.measure_code = y.measure_code
    )
),

served_rows as (
    select
        source, release_id, financial_year, framework_year, geography_kind, geography_code, geography_name,
        published_code, measure_code, measure_name, unit, decimals, population_base, is_weighted_survey,
        linked_group, breakdown,
        numerator, denominator, outcome_value, sheet, source_row, source_column,
        coalesce(outcome_marker, numerator_marker, denominator_marker) as marker,
        -- Nothing over nothing has no outcome; that is no secret.
        (outcome_marker is not null or numerator_marker is not null or denominator_marker is not null)
        and not (coalesce(numerator, -1) = 0 and coalesce(denominator, -1) = 0) as is_suppressed
    from served
    union all
    select
        source, release_id, financial_year, framework_year, 'council', council_code, council_name,
        published_code, measure_code, measure_name, unit, decimals, population_base, is_weighted_survey,
        linked_group, 'Total',
        null, null, null, null, null, null,
        'absent', true
    from absent
)

select
    *,
    case unit when 'per_100k' then 100000 when 'percent' then 100 else 1 end as scale
from served_rows
