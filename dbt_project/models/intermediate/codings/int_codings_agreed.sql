-- One code per unit and item, or one yes or no per unit and theme: the adjudicated one; else what all coders read.
-- Where coders differ and nobody has adjudicated, the row stays, undecided, and counts for nothing.
with readings as (
    select
        *,
        case when answer_type = 'themes' then code else '' end as theme,
        case when answer_type = 'themes' then cast(is_present as varchar) else code end as reading
    from {{ ref('stg_codings__codings') }}
),

compared as (
    select
        document_type,
        wave,
        series,
        unit_kind,
        unit_code,
        item_code,
        answer_type,
        theme,
        max(unit_name) as unit_name,
        bool_or(is_sample) as is_sample,
        count(*) filter (where not is_adjudicated) as coders,
        max(reading) filter (where is_adjudicated) as adjudicated,
        min(reading) filter (where not is_adjudicated) as lowest,
        max(reading) filter (where not is_adjudicated) as highest
    from readings
    group by document_type, wave, series, unit_kind, unit_code, item_code, answer_type, theme
),

decided as (
    select
        *,
        coalesce(adjudicated, case when lowest = highest then lowest end) as reading,
        case
            when adjudicated is not null then 'adjudicated'
            when lowest != highest then 'undecided'
            when coders = 1 then 'one_coder'
            else 'coders_agree'
        end as basis
    from compared
),

latest as (
    select document_type, wave, max(cast(series as integer)) as series
    from readings
    group by document_type, wave
)

select
    d.document_type,
    d.wave,
    d.series,
    cast(d.series as integer) = l.series as is_latest_series,
    d.unit_kind,
    d.unit_code,
    d.unit_name,
    d.item_code,
    case when d.answer_type = 'themes' then d.theme else coalesce(d.reading, '') end as code,
    case when d.answer_type = 'themes' then d.reading = 'true' else d.reading is not null end as is_present,
    d.basis,
    d.coders,
    d.is_sample
from decided as d
inner join latest as l on d.document_type = l.document_type and d.wave = l.wave
