-- Every coded cell beside the unit that its code and its name stand for in the register of the wave, and why it is set
-- aside where they stand for none or for two. Where nothing is known of a kind of unit, the sheet is believed.
with register as (
    select distinct document_type, wave, unit_code, unit_name, {{ folded_name('unit_name') }} as folded
    from {{ ref('core_coding_units') }}
),

named as (
    select document_type, wave, folded, min(unit_code) as unit_code
    from register
    group by document_type, wave, folded
    having count(*) = 1
),

known as (
    select distinct document_type, wave from register
),

given as (
    select *, {{ folded_name('unit_name') }} as folded from {{ ref('stg_codings__codings') }}
)

select
    g.* {{ but_columns(['unit_code', 'unit_name', 'folded']) }},
    g.unit_code as given_code,
    g.unit_name as given_name,
    coalesce(r.unit_code, case when g.unit_code = '' then n.unit_code end, g.unit_code) as unit_code,
    coalesce(r.unit_name, g.unit_name) as unit_name,
    case
        when k.document_type is null then null
        when g.unit_code = '' and n.unit_code is null
            then 'no ' || g.unit_kind || ' of the wave has the name ' || coalesce(g.unit_name, '')
        when g.unit_code != '' and r.unit_code is null then 'the register of the wave has no such ' || g.unit_kind
        when n.unit_code != r.unit_code
            then 'the code is that of ' || r.unit_name || ', the name beside it that of ' || n.unit_code
        when
            g.folded != '' and g.unit_code != '' and n.unit_code is null
            and not contains(r.folded, g.folded) and not contains(g.folded, r.folded)
            and jaro_winkler_similarity(r.folded, g.folded) < 0.75
            then 'the code is that of ' || r.unit_name || ' and the name beside it is not'
    end as set_aside_reason
from given as g
left join known as k on g.document_type = k.document_type and g.wave = k.wave
left join register as r on g.document_type = r.document_type and g.wave = r.wave and g.unit_code = r.unit_code
left join named as n on g.document_type = n.document_type and g.wave = n.wave and g.folded = n.folded
