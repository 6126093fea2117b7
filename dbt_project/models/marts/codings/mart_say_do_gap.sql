-- What a council claims beside what its money shows, and admissions beside both. It compares; it explains nothing.
with labels as (
    select
        council_code,
        financial_year,
        max(case when document_type = 'jhws' and item_code = 'label' then code end) as strategy_label,
        max(case when document_type = 'jhws' and item_code = 'triple_definition' then code end) as triple_definition,
        max(case when item_code = 'q2a' then code end) as foi_local_approach,
        max(case when item_code = 'q3a' then code end) as foi_commissioning_strategy,
        max(case when item_code = 'q4a' then code end) as foi_services_identified,
        max(case when item_code = 'q5a' then code end) as foi_unmet_need_identified,
        min(alpha) as lowest_alpha,
        count(*) filter (where alpha < t.value) as items_not_reliable
    from {{ ref('int_council_claims') }}
    inner join {{ ref('say_do_thresholds') }} as t on t.threshold = 'reliable_alpha'
    group by council_code, financial_year
),

shares as (
    select
        council_code,
        financial_year,
        max(case when perimeter = 'wide' then preventative_share end) as wide_preventative_share,
        max(case when perimeter = 'camden' then preventative_share end) as camden_preventative_share
    from {{ ref('int_council_money_shown') }}
    group by council_code, financial_year
),

plans as (
    select
        u.council_code,
        y.financial_year,
        string_agg(distinct a.code, ', ' order by a.code) as plan_label
    from {{ ref('core_coding_units') }} as u
    inner join {{ ref('int_codings_agreed') }} as a
        on u.document_type = a.document_type and u.wave = a.wave and u.unit_code = a.unit_code
    inner join {{ ref('dim_financial_year') }} as y on y.financial_year >= u.evidence_year
    where u.document_type = 'stp' and a.item_code = 'label' and a.is_present and a.is_latest_series
    group by u.council_code, y.financial_year
),

admissions as (
    select council_code, financial_year, outcome_value, is_break_in_series
    from {{ ref('fct_outcome_measure') }}
    where
        measure_code = 'admissions_65_plus' and breakdown = 'Total' and geography_kind = 'council'
        and not is_suppressed
)

select
    c.council_code,
    c.financial_year,
    c.statement,
    c.perimeter,
    c.claim_wave,
    cast(c.claim_age_years as integer) as claim_age_years,
    cast(c.claim_items as integer) as claim_items,
    c.claim_score_share,
    l.strategy_label,
    l.triple_definition,
    l.foi_local_approach,
    l.foi_commissioning_strategy,
    l.foi_services_identified,
    l.foi_unmet_need_identified,
    p.plan_label,
    cast(l.items_not_reliable as integer) as items_not_reliable,
    l.lowest_alpha,
    m.amount_gbp,
    m.amount_low_gbp,
    m.amount_high_gbp,
    cast(c.preventative_share as decimal(18, 6)) as preventative_share,
    cast(s.wide_preventative_share as decimal(18, 6)) as wide_preventative_share,
    cast(s.camden_preventative_share as decimal(18, 6)) as camden_preventative_share,
    c.level_percentile_share,
    m.councils_placed,
    m.movement_gbp,
    m.movement_real_shift_gbp,
    c.real_shift_share,
    cast(c.low_confidence_share as decimal(18, 6)) as low_confidence_share,
    m.is_modelled,
    m.rule_set,
    a.outcome_value as admissions_per_100k,
    case when not a.is_break_in_series then cast(a.outcome_value - b.outcome_value as decimal(18, 4)) end
        as admissions_movement_per_100k,
    coalesce(a.is_break_in_series, false) as is_break_in_admissions,
    c.classification,
    case
        when c.claim_items = 0 and l.council_code is not null
            then 'What has been coded speaks for years more than ' || cast(c.maximum_claim_age_years as integer)
                || ' years earlier, or is not reliable.'
        when c.claim_items = 0 then 'No strategy or reply of this council that speaks for the year has been coded.'
        when not c.has_claim then 'Only ' || c.claim_items || ' coded items speak for the year; '
            || cast(c.minimum_claim_items as integer) || ' are needed.'
        when c.preventative_share is null then 'The money of the year is not known.'
        when not c.has_money then 'Too much of the money rests on low-confidence rules.'
        else
            case when c.is_claimed then 'Claims prevention strongly' else 'Does not claim prevention strongly' end
            || ' (score ' || cast(cast(c.claim_score_share as decimal(9, 2)) as varchar) || ' of 1 from '
            || c.claim_items || ' items up to wave ' || c.claim_wave || '). '
            || case
                when c.is_shown_by_level and c.is_shown_by_movement then 'The level and the movement of its money show it: '
                when c.is_shown_by_level then 'The level of its money shows it: '
                when c.is_shown_by_movement then 'The movement of its money shows it: '
                else 'Neither level nor movement of its money shows it: '
            end
            || 'preventative share ' || cast(cast(100 * c.preventative_share as decimal(9, 1)) as varchar)
            || ' per cent (' || c.perimeter || '), at or above '
            || cast(cast(100 * c.level_percentile_share as decimal(9, 0)) as varchar)
            || ' per cent of the other councils of the year'
            || case
                when c.real_shift_share is null then '.'
                else ', real shift ' || cast(cast(100 * c.real_shift_share as decimal(12, 1)) as varchar) || ' per cent.'
            end
            || case when m.is_modelled then ' The money is modelled, not reported.' else '' end
    end as reason
from {{ ref('int_say_do_classified') }} as c
inner join {{ ref('int_council_money_shown') }} as m
    on c.council_code = m.council_code and c.financial_year = m.financial_year and c.perimeter = m.perimeter
left join shares as s on c.council_code = s.council_code and c.financial_year = s.financial_year
left join labels as l on c.council_code = l.council_code and c.financial_year = l.financial_year
left join plans as p on c.council_code = p.council_code and c.financial_year = p.financial_year
left join admissions as a on c.council_code = a.council_code and c.financial_year = a.financial_year
left join admissions as b
    on c.council_code = b.council_code and {{ financial_year_shift('c.financial_year', -1) }} = b.financial_year
where c.scenario = 'in_force'
