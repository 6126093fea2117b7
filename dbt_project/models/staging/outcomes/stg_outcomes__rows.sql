-- Outcome measures as published, one row a geography, measure and breakdown: numerator, denominator and outcome
-- side by side, each with its marker. Geographies get a code that does not drift with their names.
with serving as (
    select c.*, k.council_code as code_of_the_year
    from {{ source('raw', 'ascof_cells') }} as c
    inner join {{ source('raw', 'releases') }} as e on c.release_id = e.release_id and e.is_serving
    left join {{ ref('outcome_place_codes') }} as k
        on
            c.source = k.source
            and c.ons_code = k.published_code
            and c.financial_year >= k.from_year
            and c.financial_year <= coalesce(k.to_year, '9999-00')
    where
        c.value_kind in ('numerator', 'denominator', 'outcome')
        -- Not applicable: the survey was not held that year, so there is nothing to withhold.
        and c.marker is distinct from '[z]'
),

located as (
    select
        *,
        case
            when geography_level = 'england' then 'E92000001'
            when geography_level != 'council_type' then coalesce(code_of_the_year, ons_code, geography_code)
            when lower(geography_name) = 'inner london' then 'inner_london'
            when lower(geography_name) = 'outer london' then 'outer_london'
            when lower(geography_name) like 'metropolitan%' then 'metropolitan_district'
            when lower(geography_name) like 'shire%' then 'shire_county'
            when lower(geography_name) like 'unitary%' then 'unitary'
            else 'unnamed_' || replace(lower(geography_name), ' ', '_')
        end as geography_key
    from serving
)

select
    source,
    release_id,
    financial_year,
    framework_year,
    geography_level as geography_kind,
    geography_key as geography_code,
    min(geography_name) as geography_name,
    measure_code as published_code,
    breakdown,
    max(value) filter (where value_kind = 'numerator') as numerator,
    max(value) filter (where value_kind = 'denominator') as denominator,
    max(value) filter (where value_kind = 'outcome') as outcome_value,
    max(marker) filter (where value_kind = 'numerator') as numerator_marker,
    max(marker) filter (where value_kind = 'denominator') as denominator_marker,
    max(marker) filter (where value_kind = 'outcome') as outcome_marker,
    max(sheet) filter (where value_kind = 'outcome') as sheet,
    max(source_row) filter (where value_kind = 'outcome') as source_row,
    max(source_column) filter (where value_kind = 'outcome') as source_column
from located
group by
    source, release_id, financial_year, framework_year, geography_level, geography_key, measure_code, breakdown
