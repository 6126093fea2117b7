-- Each printed figure beside the one the rows give. Three questions are kept apart: do the rows give what is printed
-- (status), which nobody can say before every unit has been read; do the source's own figures fit together (source_check); do its words fit its figures (also there).
with paired as (
    select
        f.finding_id,
        f.source,
        f.wave,
        f.section,
        f.printed_page,
        f.statement,
        f.population,
        f.numerator as printed_numerator,
        f.denominator as printed_denominator,
        f.published_percent as printed_percent,
        f.note,
        r.* {{ but_columns(['finding_id', 'reason']) }},
        r.reason as reason_not_recomputable,
        other.numerator as other_numerator,
        other.statement as other_statement,
        earlier.numerator as earlier_numerator,
        n.units,
        n.codes as codes_counted,
        n.base_units,
        n.most_units,
        n.most_codes,
        n.place,
        -- A figure that rests on two waves is as far as the one that is less far.
        case when p.coded_units * n.expected_units < n.coded_units * p.expected_units then p.expected_units else n.expected_units
        end as expected_units,
        case when p.coded_units * n.expected_units < n.coded_units * p.expected_units then p.coded_units else n.coded_units
        end as coded_units,
        case when p.coded_units * n.expected_units < n.coded_units * p.expected_units then p.decided_units
            else least(n.decided_units, coalesce(p.decided_units, n.decided_units))
        end as decided_units,
        p.units as previous_units,
        p.base_units as previous_base_units,
        n.alpha,
        n.percent_agreement,
        n.is_reliable,
        n.reliability,
        n.reliability_note
    from {{ codebook_list('published_findings') }} as f
    inner join {{ codebook_list('finding_recipes') }} as r on f.finding_id = r.finding_id
    left join {{ codebook_list('published_findings') }} as other on r.must_equal_finding_id = other.finding_id
    left join {{ codebook_list('published_findings') }} as earlier on r.previous_finding_id = earlier.finding_id
    left join {{ ref('int_finding_counts') }} as n on r.finding_id = n.finding_id and f.wave = n.wave
    left join {{ ref('int_finding_counts') }} as p on r.finding_id = p.finding_id and r.from_wave = p.wave
),

recomputed as (
    select
        *,
        method != 'none' and base_units > 0 and (from_wave is null or previous_base_units > 0) as has_rows,
        case when method = 'count_of_codes' then most_codes else most_units end as most_counted,
        case method
            when 'count_of_codes' then codes_counted
            when 'change_of_count' then abs(units - previous_units)
            else units
        end as counted,
        case when method in ('change_of_count', 'ratio_of_counts') then previous_units else base_units end as counted_of
    from paired
),

figures as (
    select
        *,
        case when has_rows then counted end as recomputed_numerator,
        case when has_rows then counted_of end as recomputed_denominator,
        case when has_rows then {{ percent('counted', 'counted_of') }} end as recomputed_percent,
        case when has_rows then {{ int_div('200 * counted + counted_of', 'nullif(2 * counted_of, 0)') }} end as recomputed_whole_percent,
        case when has_rows and worded_measure = 'rank' then place end as recomputed_rank,
        -- Printed figures are short decimals: their quotient is never so near a half that a double would round it off.
        cast(floor(cast(100 * printed_numerator as double) / nullif(printed_denominator, 0) + 0.5) as integer) as printed_counts_percent
    from recomputed
),

compared as (
    select
        *,
        case compare_count
            when 'equal' then recomputed_numerator = printed_numerator
            when 'more_than' then recomputed_numerator > printed_numerator
            else true
        end
        and coalesce(recomputed_denominator = printed_denominator, true) as is_count_met,
        case compare_percent
            when 'rounded' then recomputed_whole_percent = printed_percent
            when 'more_than' then recomputed_percent > printed_percent
            else true
        end as is_percent_met,
        -- Words without a printed count can only be judged on the rows; words with one also on the print.
        case worded_measure
            when 'percent' then recomputed_percent between worded_from and worded_to
            when 'rank' then recomputed_rank between worded_from and worded_to
        end as are_words_met_by_rows,
        case worded_measure
            when 'percent' then cast(100 * printed_numerator as double) / nullif(printed_denominator, 0) between worded_from and worded_to
            when 'change_in_count' then printed_numerator - earlier_numerator between worded_from and worded_to
        end as are_words_met_by_print,
        compare_percent = 'rounded' and printed_counts_percent != printed_percent as is_percent_off,
        coalesce(printed_numerator != other_numerator, false) as is_at_odds
    from figures
),

judged as (
    select
        *,
        case
            when is_at_odds or coalesce(is_percent_off, false) then 'does_not_add_up'
            when are_words_met_by_print = false then 'wording_loose'
            when are_words_met_by_print or (compare_percent = 'rounded' and not is_percent_off) then 'adds_up'
            else 'nothing_to_check'
        end as source_check,
        is_count_met
        and is_percent_met
        and (compare_count != 'none' or compare_percent != 'none' or coalesce(are_words_met_by_rows, true)) as is_met
    from compared
),

told as (
    select
        *,
        case
            when method = 'none' then 'cannot_be_recomputed'
            when coded_units < expected_units then 'not_yet_coded'
            when
                decided_units < expected_units
                and (compare_count != 'equal' or printed_numerator between counted and most_counted)
                then 'not_yet_decided'
            when is_met and source_check != 'does_not_add_up' then 'agrees'
            else 'disagrees'
        end as status
    from judged
)

select
    finding_id,
    source,
    wave,
    section,
    printed_page,
    statement,
    population,
    method,
    document_type,
    item_code,
    codes,
    base_name,
    cast(printed_numerator as decimal(12, 1)) as printed_numerator,
    cast(printed_denominator as decimal(12, 1)) as printed_denominator,
    cast(printed_percent as decimal(9, 2)) as printed_percent,
    cast(recomputed_numerator as bigint) as recomputed_numerator,
    cast(recomputed_denominator as bigint) as recomputed_denominator,
    recomputed_percent,
    cast(recomputed_rank as integer) as recomputed_rank,
    status,
    case status
        when 'not_yet_coded' then 'not yet coded (' || coded_units || ' of ' || expected_units || ')'
        when 'not_yet_decided' then 'not yet decided (' || decided_units || ' of ' || expected_units || ')'
        else replace(status, '_', ' ')
    end as status_label,
    cast(expected_units as integer) as expected_units,
    cast(coded_units as integer) as coded_units,
    cast(decided_units as integer) as decided_units,
    cast(case when has_rows then most_counted end as bigint) as most_numerator,
    case
        when is_at_odds
            then 'The source contradicts itself: ' || cast(cast(printed_numerator as integer) as string) || ' here, '
                || cast(cast(other_numerator as integer) as string) || ' where it prints: ' || other_statement
        when is_percent_off
            then 'The source contradicts itself: '
                || cast(cast(printed_numerator as integer) as string) || ' of '
                || cast(cast(printed_denominator as integer) as string) || ' is '
                || cast(printed_counts_percent as string) || ' per cent, printed '
                || cast(cast(printed_percent as integer) as string)
        when source_check = 'wording_loose' and worded_measure = 'percent'
            then 'The words do not fit the count: ' || cast(cast(printed_numerator as integer) as string) || ' of '
                || cast(cast(printed_denominator as integer) as string) || ' is '
                || cast(cast(100 * printed_numerator / nullif(printed_denominator, 0) as decimal(9, 1)) as string)
                || ' per cent'
        when source_check = 'wording_loose'
            then 'The words do not fit the counts: ' || cast(cast(earlier_numerator as integer) as string) || ' before, '
                || cast(cast(printed_numerator as integer) as string) || ' after'
    end as source_reason,
    case
        when method = 'none' then reason_not_recomputable
        when status = 'not_yet_coded' and coded_units = 0
            then 'No answer of ' || document_type || ', wave ' || wave
                || case when from_wave is not null then ' or ' || from_wave else '' end || ', has been coded'
        when status = 'not_yet_coded'
            then coded_units || ' of ' || expected_units || ' units are coded. The printed figure is compared when all are'
        when status = 'not_yet_decided'
            then 'All units are coded and ' || decided_units || ' of ' || expected_units || ' decided. The count lies between '
                || recomputed_numerator || ' and ' || most_counted
        when is_at_odds
            then 'The source contradicts itself: ' || cast(cast(printed_numerator as integer) as string) || ' here, '
                || cast(cast(other_numerator as integer) as string) || ' where it prints: ' || other_statement
                || '; the rows give ' || cast(recomputed_numerator as string)
        when is_percent_off
            then 'The source contradicts itself: '
                || cast(cast(printed_numerator as integer) as string) || ' of '
                || cast(cast(printed_denominator as integer) as string) || ' is '
                || cast(printed_counts_percent as string) || ' per cent, printed '
                || cast(cast(printed_percent as integer) as string) || '; the rows give '
                || cast(recomputed_numerator as string) || ' of ' || cast(recomputed_denominator as string)
        when not is_met
            then 'The rows give ' || cast(recomputed_numerator as string) || ' of '
                || cast(recomputed_denominator as string) || ', ' || cast(recomputed_percent as string) || ' per cent'
        when source_check = 'wording_loose' then 'The count agrees; the words beside it do not fit it'
        when compare_count = 'none' then 'No count is printed; the rows fit the words'
        else 'The rows give the printed figure'
    end as reason,
    source_check,
    source_check = 'does_not_add_up' as is_source_error,
    note,
    alpha,
    percent_agreement,
    is_reliable,
    reliability,
    reliability_note
from told
