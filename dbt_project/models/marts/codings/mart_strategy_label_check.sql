-- The label that the coded criteria imply beside the label given, for every reader of a strategy who coded both.
-- A strategy has prevention as a key component when it is placed somewhere or named in the summary.
with readings as (
    select * from {{ ref('core_codings_placed') }} where coding_kind = 'strategy'
),

units as (
    select
        document_type, wave, series, unit_code, coder, is_adjudicated,
        max(unit_name) as unit_name,
        max(code) filter (where item_code = 'label') as given_label
    from readings
    group by document_type, wave, series, unit_code, coder, is_adjudicated
    having max(code) filter (where item_code = 'label') is not null and count(*) filter (where item_code = 'criterion') > 0
),

criteria as (
    select document_type, wave, series, unit_code, coder, code as criterion
    from readings
    where item_code = 'criterion' and is_present
    union
    select document_type, wave, series, unit_code, coder, 'key_component' as criterion
    from readings
    where
        is_present
        and (
            (item_code = 'placement' and code != 'not_placed')
            or (item_code = 'q2_in_summary' and code = 'yes')
        )
),

required as (
    select rule_order, {{ one_row_each(parts_of("coalesce(required_criteria, '')", "|")) }} as criterion
    from {{ ref('label_rules') }}
),

excluded as (
    select rule_order, {{ one_row_each(parts_of("coalesce(excluded_criteria, '')", "|")) }} as criterion
    from {{ ref('label_rules') }}
),

-- A required criterion that a coder does not find, and an excluded one that is found.
unmet as (
    select u.document_type, u.wave, u.series, u.unit_code, u.coder, q.rule_order
    from units as u
    inner join required as q on q.criterion != ''
    left join criteria as c
        on
            u.document_type = c.document_type and u.wave = c.wave and u.series = c.series
            and u.unit_code = c.unit_code and u.coder = c.coder and q.criterion = c.criterion
    where c.criterion is null
    union all
    select c.document_type, c.wave, c.series, c.unit_code, c.coder, q.rule_order
    from excluded as q
    inner join criteria as c on q.criterion = c.criterion
),

judged as (
    select
        u.document_type, u.wave, u.series, u.unit_code, u.coder, l.rule_order, l.label, l.wording,
        not exists (
            select 1
            from unmet as m
            where
                m.rule_order = l.rule_order
                and m.document_type = u.document_type and m.wave = u.wave and m.series = u.series
                and m.unit_code = u.unit_code and m.coder = u.coder
        ) as holds
    from units as u
    cross join {{ ref('label_rules') }} as l
),

implied as (
    select *
    from judged
    where holds
    qualify
        row_number() over (partition by document_type, wave, series, unit_code, coder order by rule_order) = 1
),

named as (
    select document_type, wave, series, unit_code, coder, {{ joined('criterion', ', ') }} as criteria
    from criteria
    group by document_type, wave, series, unit_code, coder
)

select
    u.document_type,
    u.wave,
    u.series,
    u.unit_code,
    u.unit_name,
    u.coder,
    u.is_adjudicated,
    u.given_label,
    i.label as implied_label,
    u.given_label = i.label as is_agreeing,
    coalesce(n.criteria, '') as criteria,
    i.wording as implied_because
from units as u
inner join implied as i using (document_type, wave, series, unit_code, coder)
left join named as n using (document_type, wave, series, unit_code, coder)
