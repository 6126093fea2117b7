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
        count(*) filter (where reliability = 'not_reliable') as items_not_reliable
    from {{ ref('int_council_claims') }}
    group by council_code, financial_year
),

ends as (
    select
        council_code,
        financial_year,
        max(end_share) filter (where position = 'low' and perimeter = 'narrow') as preventative_low_share,
        max(end_share) filter (where position = 'high' and perimeter = 'narrow') as preventative_high_share,
        min(above_alike_share) filter (where perimeter = 'narrow') as above_alike_low_share,
        max(above_alike_share) filter (where perimeter = 'narrow') as above_alike_high_share,
        min(real_change_share) filter (where perimeter = 'narrow') as real_change_low_share,
        max(real_change_share) filter (where perimeter = 'narrow') as real_change_high_share,
        max(preventative_share) filter (where perimeter = 'wide') as wide_preventative_share,
        max(preventative_share) filter (where perimeter = 'camden') as camden_preventative_share
    from {{ ref('int_council_money_shown') }}
    group by council_code, financial_year
),

plans as (
    select
        u.council_code,
        y.financial_year,
        {{ joined('a.code', ', ', distinct=true) }} as plan_label
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
),

claims_and_money as (
    select
        c.*, m.amount_gbp, m.amount_low_gbp, m.amount_high_gbp, m.preventative_share, m.movement_gbp,
        m.low_confidence_share, m.is_modelled, m.rule_set,
        coalesce(c.claim_items, 0) = 0 and c.coded_items = 0 and l.council_code is not null as is_too_old,
        l.* {{ but_columns(['council_code', 'financial_year']) }},
        e.* {{ but_columns(['council_code', 'financial_year']) }}
    from {{ ref('int_say_do_held') }} as c
    inner join {{ ref('int_council_money_shown') }} as m
        on
            c.council_code = m.council_code and c.financial_year = m.financial_year and c.perimeter = m.perimeter
            and c.position = m.position
    left join ends as e on c.council_code = e.council_code and c.financial_year = e.financial_year
    left join labels as l on c.council_code = l.council_code and c.financial_year = l.financial_year
)

select
    c.council_code,
    c.financial_year,
    c.statement,
    c.perimeter,
    c.claim_wave,
    cast(c.claim_age_years as integer) as claim_age_years,
    cast(c.claim_items as integer) as claim_items,
    cast(c.coded_items as integer) as coded_items,
    c.claim_weight_share,
    case when c.has_claim then c.claim_score_share end as claim_score_share,
    c.items_scored,
    c.items_left_out,
    c.strategy_label,
    c.triple_definition,
    c.foi_local_approach,
    c.foi_commissioning_strategy,
    c.foi_services_identified,
    c.foi_unmet_need_identified,
    p.plan_label,
    cast(c.items_not_reliable as integer) as items_not_reliable,
    c.lowest_alpha,
    case when c.has_claim then c.is_claimed end as is_strong_claim,
    c.amount_gbp,
    c.amount_low_gbp,
    c.amount_high_gbp,
    cast(c.preventative_share as decimal(18, 6)) as preventative_share,
    c.preventative_low_share,
    c.preventative_high_share,
    cast(c.wide_preventative_share as decimal(18, 6)) as wide_preventative_share,
    cast(c.camden_preventative_share as decimal(18, 6)) as camden_preventative_share,
    c.alike_group,
    cast(c.alike_councils as integer) as alike_councils,
    c.alike_median_share,
    c.above_alike_share,
    c.above_alike_low_share,
    c.above_alike_high_share,
    c.movement_gbp,
    c.cash_change_share,
    c.real_change_share,
    c.real_change_low_share,
    c.real_change_high_share,
    cast(c.low_confidence_share as decimal(18, 6)) as low_confidence_share,
    c.is_modelled,
    c.rule_set,
    a.outcome_value as admissions_per_100k,
    case when not a.is_break_in_series then cast(a.outcome_value - b.outcome_value as decimal(18, 4)) end
        as admissions_movement_per_100k,
    coalesce(a.is_break_in_series, false) as is_break_in_admissions,
    c.scenario_class as classification_in_force,
    cast(c.scenarios as integer) as scenarios,
    cast(c.scenarios_against as integer) as scenarios_against,
    c.classification,
    case
        when c.claim_items = 0 and c.is_too_old
            then 'What has been coded speaks for years more than ' || cast(c.maximum_claim_age_years as integer)
                || ' years earlier.'
        when c.coded_items = 0 then 'No strategy or reply of this council that speaks for the year has been coded.'
        when not c.has_claim
            then 'Only ' || c.claim_items || ' of ' || c.coded_items || ' coded items can be scored, with '
                || cast(cast(100 * c.claim_weight_share as decimal(9, 0)) as string) || ' per cent of the weight; '
                || cast(c.minimum_claim_items as integer) || ' items and '
                || cast(cast(100 * c.minimum_claim_weight_share as decimal(9, 0)) as string) || ' per cent are needed. Left out: '
                || coalesce(c.items_left_out, 'none') || '.'
        when c.end_share is null then 'The money of the year is not known.'
        when not c.has_level and not c.is_cut
            then 'Fewer than ' || cast(c.minimum_alike_councils as integer) || ' councils alike have a figure for the year.'
        when not c.has_change and not c.is_cut
            then 'The change on the year before is not known: no year before it, or its form or its rules changed.'
        when c.scenarios_against > 0
            then 'In force it would be ' || replace(c.scenario_class, '_', ' ') || ', but ' || c.scenarios_against || ' of '
                || c.scenarios || ' other settings give another class: ' || c.settings_against || '.'
        else
            case when c.is_claimed then 'Claims prevention strongly' else 'Does not claim prevention strongly' end
            || ' (score ' || cast(cast(c.claim_score_share as decimal(9, 2)) as string) || ' of 1 from '
            || c.claim_items || ' items up to wave ' || c.claim_wave
            || case when c.is_barred then ', a strategy without emphasis on prevention bars a strong claim' else '' end
            || '). '
            || case
                when c.is_cut then 'Its money was cut'
                when c.is_level_shown and c.is_rise then 'The level and the change of its money show it'
                when c.is_level_shown then 'The level of its money shows it'
                when c.is_rise then 'The change of its money shows it'
                else 'Neither level nor change of its money shows it'
            end
            || coalesce(
                ': preventative share ' || cast(cast(100 * c.end_share as decimal(9, 1)) as string)
                || ' per cent (' || c.perimeter || ') beside ' || cast(cast(100 * c.alike_median_share as decimal(9, 1)) as string)
                || ' in the middle of ' || c.alike_councils || ' councils alike (' || c.alike_group || ')',
                ''
            )
            || coalesce(
                ', real change ' || cast(cast(100 * c.real_change_share as decimal(12, 1)) as string) || ' per cent', ''
            )
            || '. All ' || c.scenarios || ' other settings say the same.'
            || case when c.is_modelled then ' The money is modelled, not reported.' else '' end
    end as reason
from claims_and_money as c
left join plans as p on c.council_code = p.council_code and c.financial_year = p.financial_year
left join admissions as a on c.council_code = a.council_code and c.financial_year = a.financial_year
left join admissions as b
    on c.council_code = b.council_code and {{ financial_year_shift('c.financial_year', -1) }} = b.financial_year
