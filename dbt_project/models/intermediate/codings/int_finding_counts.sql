-- What the rows give for each recipe and wave: units and codes counted within its base, and the size of that base.
with recipes as (
    select r.finding_id, r.method, r.document_type, r.item_code, r.codes, r.base_name, w.wave
    from {{ ref('finding_recipes') }} as r
    inner join {{ ref('published_findings') }} as f on r.finding_id = f.finding_id
    inner join {{ ref('coding_waves') }} as w
        on r.document_type = w.document_type and w.wave in (f.wave, coalesce(r.from_wave, ''))
),

wanted as (
    select finding_id, document_type, item_code, base_name, wave, unnest(string_split(codes, '|')) as code
    from recipes
),

members as (
    select base_name, wave, unit_code from {{ ref('int_coding_base_members') }} where is_latest_series
),

counted as (
    select w.finding_id, w.wave, count(distinct a.unit_code) as units, count(*) as codes
    from wanted as w
    inner join {{ ref('int_codings_agreed') }} as a
        on
            w.document_type = a.document_type and w.wave = a.wave and w.item_code = a.item_code and w.code = a.code
            and a.is_latest_series and a.is_present
    inner join members as m on w.base_name = m.base_name and w.wave = m.wave and a.unit_code = m.unit_code
    group by w.finding_id, w.wave
),

sizes as (
    select base_name, wave, count(*) as units from members group by base_name, wave
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
    select r.finding_id, r.wave, r.document_type, b.item_code, unnest(string_split(b.codes, '|')) as code
    from recipes as r
    inner join {{ ref('coding_bases') }} as b on r.base_name = b.base_name
),

agreement as (
    select
        o.finding_id,
        o.wave,
        min(l.alpha) as alpha,
        min(l.percent_agreement) as percent_agreement,
        case when bool_or(not l.is_reliable) then false when count(*) = count(l.is_reliable) then true end as is_reliable,
        min(l.reliability_note) as reliability_note
    from rests_on as o
    inner join {{ ref('core_codebook') }} as c
        on o.document_type = c.document_type and o.wave = c.wave and o.item_code = c.item_code and o.code = c.code
    inner join {{ ref('stg_codings__reliability') }} as l
        on
            o.document_type = l.document_type and o.wave = l.wave and o.item_code = l.item_code
            and l.code = case when c.item_answer_type = 'themes' then o.code else '' end
    group by o.finding_id, o.wave
)

select
    r.finding_id,
    r.wave,
    coalesce(n.units, 0) as units,
    coalesce(n.codes, 0) as codes,
    coalesce(s.units, 0) as base_units,
    p.place,
    a.alpha,
    a.percent_agreement,
    a.is_reliable,
    a.reliability_note
from recipes as r
left join counted as n on r.finding_id = n.finding_id and r.wave = n.wave
left join sizes as s on r.base_name = s.base_name and r.wave = s.wave
left join places as p
    on r.document_type = p.document_type and r.wave = p.wave and r.item_code = p.item_code and r.codes = p.code
left join agreement as a on r.finding_id = a.finding_id and r.wave = a.wave
