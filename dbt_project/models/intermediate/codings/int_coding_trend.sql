-- The summary with its reliability, its rank, and the wave before on the same base and code list.
with summary as (
    select
        s.*,
        s.coded_units = s.expected_units and (not s.is_optional or s.decided_units = s.expected_units) as is_whole,
        r.* {{ but_columns(['document_type', 'wave', 'series', 'item_code', 'code']) }}
    from {{ ref('int_coding_summary') }} as s
    left join {{ ref('stg_codings__reliability') }} as r
        on
            s.document_type = r.document_type and s.wave = r.wave and s.series = r.series
            and s.item_code = r.item_code
            and r.code = case when s.item_answer_type = 'themes' then s.code else '' end
),

-- Only the latest series of a wave is compared with the wave before it, and only where both have been read whole: the
-- units read so far are no sample of the others. An item that not every sheet has is whole when each unit has it.
compared as (
    select distinct document_type, wave, item_code, comparable_code, rebased_numerator, rebased_denominator
    from summary
    where is_latest_series and is_whole
),

before as (
    select s.document_type, s.wave, s.item_code, s.comparable_code, max(e.wave) as previous_wave
    from compared as s
    inner join compared as e
        on
            s.document_type = e.document_type and s.item_code = e.item_code
            and s.comparable_code = e.comparable_code and e.wave < s.wave
    group by s.document_type, s.wave, s.item_code, s.comparable_code
)

select
    s.*,
    {{ percent('s.numerator', 's.denominator') }} as percent,
    {{ percent('s.numerator', 's.low_denominator') }} as percent_low,
    {{ percent('s.high_numerator', 's.high_denominator') }} as percent_high,
    {{ percent('s.rebased_numerator', 's.rebased_denominator') }} as percent_rebased,
    b.previous_wave,
    {{ percent('p.rebased_numerator', 'p.rebased_denominator') }} as previous_percent_rebased,
    case
        when s.item_answer_type = 'themes' and s.is_usable and s.answer_type != 'answer_status'
            then rank() over (
                partition by s.document_type, s.wave, s.series, s.item_code, s.answer_type, s.is_usable
                order by s.numerator desc
            )
    end as theme_rank
from summary as s
left join before as b
    on
        s.is_latest_series and s.is_whole
        and s.document_type = b.document_type and s.wave = b.wave and s.item_code = b.item_code
        and s.comparable_code = b.comparable_code
left join compared as p
    on
        s.document_type = p.document_type and b.previous_wave = p.wave and s.item_code = p.item_code
        and s.comparable_code = p.comparable_code
