-- The association's extract beside the serving publication. Where the served rate is withheld or recomputed to
-- protect a council, the extract's is left out too: it would give away what the publication hides.
with extract as (
    select r.*, m.measure_code, m.measure_name, m.unit
    from {{ ref('stg_outcomes__rows') }} as r
    inner join {{ ref('ascof_measures') }} as m
        on
            r.published_code = m.published_code
            and r.framework_year >= m.framework_from
            and r.framework_year <= coalesce(m.framework_to, '9999-00')
    where r.source = 'lga_extract'
),

paired as (
    select
        e.geography_kind,
        e.geography_code,
        e.geography_name,
        e.financial_year,
        e.measure_code,
        e.measure_name,
        e.unit,
        f.outcome_value,
        e.outcome_value as second_opinion_value,
        e.outcome_marker as second_opinion_marker,
        case
            when f.geography_code is null then 'no_publication_held'
            when f.outcome_value is null or f.is_recomputed then 'withheld'
            when e.outcome_value is null then 'second_opinion_withheld'
            when e.outcome_value = f.outcome_value then 'agrees'
            else 'differs'
        end as status,
        f.release_id,
        e.release_id as second_opinion_release_id
    from extract as e
    left join {{ ref('fct_outcome_measure') }} as f
        on
            e.geography_kind = f.geography_kind
            and e.geography_code = f.geography_code
            and e.financial_year = f.financial_year
            and e.measure_code = f.measure_code
            and f.breakdown = 'Total'
)

select
    geography_kind,
    geography_code,
    geography_name,
    financial_year,
    measure_code,
    measure_name,
    unit,
    cast(outcome_value as decimal(18, 4)) as outcome_value,
    case when status != 'withheld' then cast(second_opinion_value as decimal(18, 4)) end as second_opinion_value,
    second_opinion_marker,
    status,
    release_id,
    second_opinion_release_id
from paired
