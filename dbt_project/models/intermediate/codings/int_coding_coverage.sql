-- How far the coding of a wave has come: units expected, read at all. One row is a document type × wave × series.
with expected as (
    select document_type, wave, count(distinct unit_code) as units from {{ ref('core_coding_units') }} group by document_type, wave
)

select
    r.document_type,
    r.wave,
    r.series,
    r.is_latest_series,
    coalesce(max(e.units), max(w.expected_units)) as expected_units,
    count(*) filter (where r.is_coded) as coded_units
from {{ ref('int_coding_reach') }} as r
inner join {{ codebook_list('coding_waves') }} as w on r.document_type = w.document_type and r.wave = w.wave
left join expected as e on r.document_type = e.document_type and r.wave = e.wave
group by r.document_type, r.wave, r.series, r.is_latest_series
