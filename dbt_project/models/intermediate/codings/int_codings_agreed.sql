-- One code per unit and item, or one yes or no per unit and theme: the adjudicated one; else what all coders read.
-- Where coders differ and nobody has adjudicated, the row stays, undecided, and counts for nothing.
-- A series is the state of reading after it: each unit with its last reading up to then, so that reading five replies
-- again replaces those five and no other.
with readings as (
    select
        *,
        cast(series as integer) as series_number,
        case when answer_type = 'themes' then code else '' end as theme,
        case when answer_type = 'themes' then cast(is_present as string) else code end as reading
    from {{ ref('core_codings_placed') }}
),

series_of_wave as (
    select distinct document_type, wave, series, series_number from readings
),

served as (
    select s.document_type, s.wave, s.series, s.series_number, r.unit_code, max(r.series_number) as read_in_series
    from series_of_wave as s
    inner join (select distinct document_type, wave, unit_code, series_number from readings) as r
        on s.document_type = r.document_type and s.wave = r.wave and r.series_number <= s.series_number
    group by s.document_type, s.wave, s.series, s.series_number, r.unit_code
),

compared as (
    select
        r.document_type,
        r.wave,
        s.series,
        s.series_number,
        s.read_in_series,
        r.unit_kind,
        r.unit_code,
        r.item_code,
        r.answer_type,
        r.theme,
        max(r.unit_name) as unit_name,
        bool_or(r.is_sample) as is_sample,
        count(*) filter (where not r.is_adjudicated) as coders,
        max(r.reading) filter (where r.is_adjudicated) as adjudicated,
        min(r.reading) filter (where not r.is_adjudicated) as lowest,
        max(r.reading) filter (where not r.is_adjudicated) as highest,
        {{ joined('r.reading', '|', distinct=true, where='not r.is_adjudicated') }} as readings
    from served as s
    inner join readings as r
        on
            s.document_type = r.document_type and s.wave = r.wave and s.unit_code = r.unit_code
            and s.read_in_series = r.series_number
    group by
        r.document_type, r.wave, s.series, s.series_number, s.read_in_series, r.unit_kind, r.unit_code, r.item_code,
        r.answer_type, r.theme
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
    select document_type, wave, max(series_number) as series_number from readings group by document_type, wave
)

select
    d.document_type,
    d.wave,
    d.series,
    d.series_number = l.series_number as is_latest_series,
    d.read_in_series,
    d.unit_kind,
    d.unit_code,
    d.unit_name,
    d.item_code,
    d.answer_type,
    case when d.answer_type = 'themes' then d.theme else coalesce(d.reading, '') end as code,
    case when d.answer_type = 'themes' then d.reading = 'true' else d.reading is not null end as is_present,
    d.basis,
    d.coders,
    d.readings,
    d.is_sample
from decided as d
inner join latest as l on d.document_type = l.document_type and d.wave = l.wave
