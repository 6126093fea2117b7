-- Every code of every item in use, with how many units carry it and of how many; once on the base that the reports
-- print, once on one base and one code list for all waves. The bounds are what units not read, and readings not
-- decided, could still make of it.
with based as (
    select c.*, v.series, v.is_latest_series, v.expected_units, v.coded_units, b.base_name, b.common_base_name
    from {{ ref('core_codebook') }} as c
    inner join {{ ref('int_coding_coverage') }} as v on c.document_type = v.document_type and c.wave = v.wave
    inner join {{ codebook_list('coding_item_bases') }} as b
        on
            c.document_type = b.document_type
            and c.item_code = b.item_code
            and coalesce(b.code, '') in ('', c.code)
            and coalesce(b.wave, '') in ('', c.wave)
    -- The most particular entry wins: one for the code and wave, then one for the code, then the item's own.
    qualify
        row_number() over (
            partition by c.document_type, c.wave, v.series, c.item_code, c.code
            order by coalesce(b.code, '') desc, coalesce(b.wave, '') desc
        ) = 1
),

-- Units that the register has none of, such as partnerships nobody listed, are known by their number alone.
unlisted as (
    select v.document_type, v.wave, v.series, v.expected_units - count(r.unit_code) as units
    from {{ ref('int_coding_coverage') }} as v
    inner join {{ ref('int_coding_reach') }} as r
        on v.document_type = r.document_type and v.wave = r.wave and v.series = r.series
    group by v.document_type, v.wave, v.series, v.expected_units
),

-- Of an item that not every sheet has, a unit whose sheet leaves it out was not read: it is no unit without the code.
members as (
    select
        b.document_type, b.wave, b.series, b.item_code, b.code, b.comparable_code, b.base_name, b.common_base_name,
        s.unit_code, s.state, s.basis, s.is_coded,
        b.is_optional and s.state = 'unknown' and s.basis is null as is_not_read
    from based as b
    inner join {{ ref('int_coding_states') }} as s
        on
            b.document_type = s.document_type and b.wave = s.wave and b.series = s.series
            and b.item_code = s.item_code and b.code = s.code
),

printed as (
    select s.*, case when s.is_not_read and m.membership = 'yes' then 'unknown' else m.membership end as membership
    from members as s
    inner join {{ ref('int_coding_base_members') }} as m
        on
            s.base_name = m.base_name and s.document_type = m.document_type and s.wave = m.wave
            and s.series = m.series and s.unit_code = m.unit_code
),

counted as (
    select
        document_type, wave, series, item_code, code,
        count(*) filter (where membership = 'yes' and state = 'yes') as numerator,
        count(*) filter (where membership = 'yes') as denominator,
        count(*) filter (where membership = 'yes')
        + count(*) filter (where membership = 'unknown' and state != 'yes') as low_denominator,
        count(*) filter (where membership != 'no' and state != 'no') as high_numerator,
        count(*) filter (where membership = 'yes')
        + count(*) filter (where membership = 'unknown' and state != 'no') as high_denominator,
        count(*) filter (where basis = 'undecided') as undecided,
        count(*) filter (where is_coded and state != 'unknown' and coalesce(basis, '') != 'undecided') as decided_units
    from printed
    group by document_type, wave, series, item_code, code
),

comparable_units as (
    select
        s.document_type, s.wave, s.series, s.item_code, s.comparable_code, s.unit_code,
        bool_or(s.state = 'yes') and bool_or(m.membership = 'yes' and not s.is_not_read) as is_counted,
        bool_or(m.membership = 'yes' and not s.is_not_read) as is_member
    from members as s
    inner join {{ ref('int_coding_base_members') }} as m
        on
            s.common_base_name = m.base_name and s.document_type = m.document_type and s.wave = m.wave
            and s.series = m.series and s.unit_code = m.unit_code
    group by s.document_type, s.wave, s.series, s.item_code, s.comparable_code, s.unit_code
),

comparable as (
    select
        document_type, wave, series, item_code, comparable_code,
        count(*) filter (where is_counted) as numerator,
        count(*) filter (where is_member) as denominator
    from comparable_units
    group by document_type, wave, series, item_code, comparable_code
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
    b.is_optional,
    b.answer_type,
    b.code,
    b.code_order,
    b.code_label,
    b.comparable_code,
    b.comparable_label,
    b.comparable_certainty,
    b.expected_units,
    b.coded_units,
    n.decided_units,
    n.numerator,
    n.denominator,
    n.low_denominator + greatest(u.units, 0) as low_denominator,
    n.high_numerator + greatest(u.units, 0) as high_numerator,
    n.high_denominator + greatest(u.units, 0) as high_denominator,
    b.base_name,
    n.undecided,
    c.numerator as rebased_numerator,
    c.denominator as rebased_denominator,
    b.common_base_name
from based as b
inner join counted as n
    on
        b.document_type = n.document_type and b.wave = n.wave and b.series = n.series
        and b.item_code = n.item_code and b.code = n.code
inner join comparable as c
    on
        b.document_type = c.document_type and b.wave = c.wave and b.series = c.series and b.item_code = c.item_code
        and b.comparable_code = c.comparable_code
inner join unlisted as u on b.document_type = u.document_type and b.wave = u.wave and b.series = u.series
