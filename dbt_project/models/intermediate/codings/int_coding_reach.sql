-- Every unit of a wave after each series: was it read at all, and did it reply? Units that the register does not know
-- but that were coded are here too. One row is a document type × wave × series × unit.
with series_of_wave as (
    select distinct document_type, wave, series, is_latest_series from {{ ref('int_codings_agreed') }}
),

coded as (
    select
        document_type, wave, series, unit_code,
        bool_or(item_code = 'response' and code = 'none' and is_present) as is_silent
    from {{ ref('int_codings_agreed') }}
    group by document_type, wave, series, unit_code
),

units as (
    select distinct s.document_type, s.wave, s.series, s.is_latest_series, u.unit_code
    from series_of_wave as s
    inner join {{ ref('core_coding_units') }} as u on s.document_type = u.document_type and s.wave = u.wave
    union
    select c.document_type, c.wave, c.series, s.is_latest_series, c.unit_code
    from coded as c
    inner join series_of_wave as s on c.document_type = s.document_type and c.wave = s.wave and c.series = s.series
)

select
    u.document_type,
    u.wave,
    u.series,
    u.is_latest_series,
    u.unit_code,
    c.unit_code is not null as is_coded,
    coalesce(c.is_silent, false) as is_silent
from units as u
left join coded as c
    on u.document_type = c.document_type and u.wave = c.wave and u.series = c.series and u.unit_code = c.unit_code
