-- How far the coding of each wave and question has come, waves of which nothing is coded included.
with waves as (
    select w.document_type, w.wave, w.unit_kind, w.evidence_year, w.expected_units, count(distinct u.unit_code) as listed_units
    from {{ codebook_list('coding_waves') }} as w
    left join {{ ref('core_coding_units') }} as u on w.document_type = u.document_type and w.wave = u.wave
    group by w.document_type, w.wave, w.unit_kind, w.evidence_year, w.expected_units
),

items as (
    select distinct document_type, wave, item_code, item_order, item_label from {{ ref('core_codebook') }}
),

read_units as (
    select
        document_type, wave, series, is_latest_series, item_code, unit_code,
        bool_or(basis = 'undecided') as is_undecided,
        max(coders) > 1 as is_read_twice
    from {{ ref('int_codings_agreed') }}
    group by document_type, wave, series, is_latest_series, item_code, unit_code
),

counted as (
    select
        document_type, wave, series, is_latest_series, item_code,
        count(*) as read_units,
        count(*) filter (where not is_undecided) as decided_units,
        count(*) filter (where is_read_twice) as read_twice_units
    from read_units
    group by document_type, wave, series, is_latest_series, item_code
)

select
    w.document_type,
    w.wave,
    coalesce(v.series, '1') as series,
    coalesce(v.is_latest_series, true) as is_latest_series,
    w.unit_kind,
    w.evidence_year,
    i.item_code,
    i.item_order,
    i.item_label,
    cast(coalesce(nullif(w.listed_units, 0), w.expected_units) as integer) as expected_units,
    cast(coalesce(v.coded_units, 0) as integer) as coded_units,
    cast(coalesce(c.read_units, 0) as integer) as item_units,
    cast(coalesce(c.decided_units, 0) as integer) as decided_units,
    cast(coalesce(c.read_twice_units, 0) as integer) as read_twice_units
from waves as w
inner join items as i on w.document_type = i.document_type and w.wave = i.wave
left join {{ ref('int_coding_coverage') }} as v on w.document_type = v.document_type and w.wave = v.wave
left join counted as c
    on v.document_type = c.document_type and v.wave = c.wave and v.series = c.series and i.item_code = c.item_code
