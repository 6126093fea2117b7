-- Every code of every item in use, with how many units carry it and of how many; once on the base that the reports
-- print, once on one base and one code list for all waves.
with coded as (
    select distinct document_type, wave, series, is_latest_series from {{ ref('int_codings_agreed') }}
),

codes as (
    select c.*, s.series, s.is_latest_series
    from {{ ref('core_codebook') }} as c
    inner join coded as s on c.document_type = s.document_type and c.wave = s.wave
),

based as (
    select c.*, b.base_name, b.common_base_name
    from codes as c
    inner join {{ ref('coding_item_bases') }} as b
        on
            c.document_type = b.document_type
            and c.item_code = b.item_code
            and coalesce(b.code, '') in ('', c.code)
            and coalesce(b.wave, '') in ('', c.wave)
    -- The most particular entry wins: one for the code and wave, then one for the code, then the item's own.
    qualify
        row_number() over (
            partition by c.document_type, c.wave, c.series, c.item_code, c.code
            order by coalesce(b.code, '') desc, coalesce(b.wave, '') desc
        ) = 1
),

sizes as (
    select base_name, document_type, wave, series, count(*) as units
    from {{ ref('int_coding_base_members') }}
    group by base_name, document_type, wave, series
),

counted as (
    select
        b.document_type, b.wave, b.series, b.item_code, b.code,
        count(*) filter (where a.is_present and m.unit_code is not null) as numerator,
        count(*) filter (where a.basis = 'undecided') as undecided
    from based as b
    inner join {{ ref('int_codings_agreed') }} as a
        on
            b.document_type = a.document_type and b.wave = a.wave and b.series = a.series
            and b.item_code = a.item_code and b.code = a.code
    left join {{ ref('int_coding_base_members') }} as m
        on
            b.base_name = m.base_name and a.wave = m.wave and a.series = m.series and a.unit_code = m.unit_code
    group by b.document_type, b.wave, b.series, b.item_code, b.code
),

undecided_items as (
    select document_type, wave, series, item_code, count(*) as undecided
    from {{ ref('int_codings_agreed') }}
    where basis = 'undecided' and code = ''
    group by document_type, wave, series, item_code
),

comparable as (
    select
        b.document_type, b.wave, b.series, b.item_code, b.comparable_code, b.common_base_name,
        count(distinct a.unit_code) filter (where a.is_present and m.unit_code is not null) as numerator
    from based as b
    left join {{ ref('int_codings_agreed') }} as a
        on
            b.document_type = a.document_type and b.wave = a.wave and b.series = a.series
            and b.item_code = a.item_code and b.code = a.code
    left join {{ ref('int_coding_base_members') }} as m
        on
            b.common_base_name = m.base_name and a.wave = m.wave and a.series = m.series and a.unit_code = m.unit_code
    group by b.document_type, b.wave, b.series, b.item_code, b.comparable_code, b.common_base_name
)

select
    b.document_type,
    b.wave,
    b.series,
    b.is_latest_series,
    b.item_code,
    b.item_order,
    b.item_label,
    b.item_answer_type,
    b.answer_type,
    b.code,
    b.code_order,
    b.code_label,
    b.comparable_code,
    b.comparable_label,
    b.comparable_certainty,
    coalesce(n.numerator, 0) as numerator,
    coalesce(s.units, 0) as denominator,
    b.base_name,
    coalesce(n.undecided, 0) + coalesce(u.undecided, 0) as undecided,
    coalesce(c.numerator, 0) as rebased_numerator,
    coalesce(r.units, 0) as rebased_denominator,
    b.common_base_name
from based as b
left join counted as n
    on
        b.document_type = n.document_type and b.wave = n.wave and b.series = n.series
        and b.item_code = n.item_code and b.code = n.code
left join undecided_items as u
    on
        b.document_type = u.document_type and b.wave = u.wave and b.series = u.series and b.item_code = u.item_code
left join sizes as s
    on b.base_name = s.base_name and b.document_type = s.document_type and b.wave = s.wave and b.series = s.series
left join comparable as c
    on
        b.document_type = c.document_type and b.wave = c.wave and b.series = c.series and b.item_code = c.item_code
        and b.comparable_code = c.comparable_code and b.common_base_name = c.common_base_name
left join sizes as r
    on
        b.common_base_name = r.base_name and b.document_type = r.document_type and b.wave = r.wave
        and b.series = r.series
