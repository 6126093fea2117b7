-- What the rows give for each recipe and wave: units and codes counted within its base, the size of that base, how far
-- the coding has come, and what units not read or not decided could still make of the count.
with recipes as (
    select r.finding_id, r.method, r.document_type, r.item_code, r.codes, r.base_name, w.wave, w.expected_units
    from {{ codebook_list('finding_recipes') }} as r
    inner join {{ codebook_list('published_findings') }} as f on r.finding_id = f.finding_id
    inner join {{ codebook_list('coding_waves') }} as w
        on r.document_type = w.document_type and w.wave in (f.wave, coalesce(r.from_wave, ''))
),

wanted as (
    select finding_id, document_type, item_code, base_name, wave, {{ one_row_each(parts_of("codes", "|")) }} as code
    from recipes
),

members as (
    select base_name, document_type, wave, unit_code, membership
    from {{ ref('int_coding_base_members') }}
    where is_latest_series
),

-- An undecided answer whose readings all are among the codes that are counted is counted, whichever is decided.
states as (
    select
        w.finding_id, w.wave, s.unit_code, m.membership, bool_or(s.is_coded) as is_coded,
        count(*) filter (where s.state = 'yes') as codes,
        count(*) filter (where s.state = 'unknown') as unknown_codes,
        max(s.readings_count) as readings_count
    from wanted as w
    inner join {{ ref('int_coding_states') }} as s
        on
            w.document_type = s.document_type and w.wave = s.wave and w.item_code = s.item_code and w.code = s.code
            and s.is_latest_series
    inner join members as m
        on w.base_name = m.base_name and w.wave = m.wave and s.document_type = m.document_type and s.unit_code = m.unit_code
    group by w.finding_id, w.wave, s.unit_code, m.membership
),

units as (
    select
        finding_id, wave, unit_code, membership, is_coded,
        case when codes = 0 and unknown_codes = readings_count then 1 else codes end as codes,
        case when codes = 0 and unknown_codes = readings_count then 0 else unknown_codes end as unknown_codes
    from states
),

counted as (
    select
        finding_id,
        wave,
        count(*) filter (where membership = 'yes' and codes > 0) as units,
        coalesce(sum(codes) filter (where membership = 'yes'), 0) as codes,
        count(*) filter (where membership = 'yes') as base_units,
        count(*) filter (where membership != 'no' and codes + unknown_codes > 0) as most_units,
        coalesce(sum(codes + unknown_codes) filter (where membership != 'no'), 0) as most_codes,
        count(*) filter (where is_coded and membership != 'unknown' and (membership = 'no' or codes > 0 or unknown_codes = 0))
            as decided_units
    from units
    group by finding_id, wave
),

-- The place of a theme among the themes of its kind, by the number of units that carry it.
places as (
    select
        document_type, wave, item_code, code,
        rank() over (partition by document_type, wave, item_code, answer_type order by numerator desc) as place
    from {{ ref('int_coding_summary') }}
    where is_latest_series
),

-- The least agreement among the items a figure rests on: those it counts and the one its base is made of.
rests_on as (
    select w.finding_id, w.wave, w.document_type, w.item_code, w.code from wanted as w
    union
    select r.finding_id, r.wave, r.document_type, b.item_code, {{ one_row_each(parts_of("b.codes", "|")) }} as code
    from recipes as r
    inner join {{ codebook_list('coding_bases') }} as b on r.base_name = b.base_name
),

agreement as (
    select
        o.finding_id,
        o.wave,
        min(l.alpha) as alpha,
        min(l.percent_agreement) as percent_agreement,
        case
            when bool_or(l.reliability = 'not_reliable') then 'not_reliable'
            when bool_or(l.reliability = 'cannot_be_told') then 'cannot_be_told'
            when bool_or(l.reliability = 'tentative') then 'tentative'
            when bool_and(l.reliability = 'reliable') then 'reliable'
        end as reliability,
        min(l.reliability_note) as reliability_note
    from rests_on as o
    inner join {{ ref('core_codebook') }} as c
        on o.document_type = c.document_type and o.wave = c.wave and o.item_code = c.item_code and o.code = c.code
    inner join {{ ref('stg_codings__reliability') }} as l
        on
            o.document_type = l.document_type and o.wave = l.wave and o.item_code = l.item_code
            and l.code = case when c.item_answer_type = 'themes' then o.code else '' end
    inner join {{ ref('int_coding_coverage') }} as v
        on l.document_type = v.document_type and l.wave = v.wave and l.series = v.series and v.is_latest_series
    group by o.finding_id, o.wave
)

select
    r.finding_id,
    r.wave,
    coalesce(v.expected_units, r.expected_units) as expected_units,
    coalesce(v.coded_units, 0) as coded_units,
    coalesce(n.decided_units, 0) as decided_units,
    coalesce(n.units, 0) as units,
    coalesce(n.codes, 0) as codes,
    coalesce(n.base_units, 0) as base_units,
    coalesce(n.most_units, 0) as most_units,
    coalesce(n.most_codes, 0) as most_codes,
    p.place,
    a.alpha,
    a.percent_agreement,
    a.reliability,
    case when a.reliability != 'cannot_be_told' then a.reliability = 'reliable' end as is_reliable,
    a.reliability_note
from recipes as r
left join {{ ref('int_coding_coverage') }} as v
    on r.document_type = v.document_type and r.wave = v.wave and v.is_latest_series
left join counted as n on r.finding_id = n.finding_id and r.wave = n.wave
left join places as p
    on r.document_type = p.document_type and r.wave = p.wave and r.item_code = p.item_code and r.codes = p.code
left join agreement as a on r.finding_id = a.finding_id and r.wave = a.wave
