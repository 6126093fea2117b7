-- Every council and year under every scenario: is there evidence, what is claimed, what does the money show.
with possible as (
    select sum(weight) as weight from (select distinct document_type, item_code, weight from {{ ref('claim_points') }}) as i
),

claims as (
    select
        s.scenario,
        c.council_code,
        c.financial_year,
        count(*) filter (where c.left_out is null and c.alpha_lower >= s.claim_alpha_lower) as claim_items,
        count(*) as coded_items,
        coalesce(sum(c.weight) filter (where c.left_out is null and c.alpha_lower >= s.claim_alpha_lower), 0) as claim_weight,
        max(c.wave) as claim_wave,
        max(c.claim_age_years) as claim_age_years,
        bool_or(c.bars_strong_claim) as is_barred,
        cast(round(
            cast(sum(c.points_share * c.weight) filter (where c.left_out is null and c.alpha_lower >= s.claim_alpha_lower) as double)
            / nullif(sum(c.weight) filter (where c.left_out is null and c.alpha_lower >= s.claim_alpha_lower), 0),
            4
        ) as decimal(9, 4)) as claim_score_share,
        {{ joined(
            "c.item_code || ' (' || coalesce(c.left_out, 'coders agree too little') || ')'", ', ', distinct=true,
            where='c.left_out is not null or not c.alpha_lower >= s.claim_alpha_lower'
        ) }} as items_left_out,
        {{ joined(
            'c.item_code', ', ', distinct=true, where='c.left_out is null and c.alpha_lower >= s.claim_alpha_lower'
        ) }} as items_scored
    from {{ ref('int_say_do_scenarios') }} as s
    inner join {{ ref('int_council_claims') }} as c on c.claim_age_years <= s.maximum_claim_age_years
    group by s.scenario, c.council_code, c.financial_year
),

claims_and_money as (
    select
        s.*,
        m.council_code,
        m.financial_year,
        m.statement,
        coalesce(c.claim_items, 0) as claim_items,
        coalesce(c.coded_items, 0) as coded_items,
        cast(cast(coalesce(c.claim_weight, 0) as double) / p.weight as decimal(9, 4)) as claim_weight_share,
        c.claim_wave,
        c.claim_age_years,
        c.claim_score_share,
        c.items_scored,
        c.items_left_out,
        coalesce(c.is_barred, false) as is_barred,
        m.end_share,
        m.alike_group,
        m.alike_median_share,
        m.alike_councils,
        m.above_alike_share,
        m.cash_change_share,
        m.real_change_share,
        coalesce(c.claim_items >= s.minimum_claim_items, false)
        and coalesce(cast(c.claim_weight as double) / p.weight >= s.minimum_claim_weight_share, false) as has_claim,
        -- A strategy with no emphasis on prevention is no strong claim, whatever the replies say.
        c.claim_score_share >= s.claim_strong_share and not c.is_barred as is_claimed,
        m.above_alike_share is not null and m.alike_councils >= s.minimum_alike_councils as has_level,
        m.real_change_share is not null as has_change,
        m.above_alike_share >= s.level_margin_share as is_level_shown,
        coalesce(m.real_change_share >= s.change_share, false) as is_rise,
        coalesce(m.real_change_share <= -s.cut_share or m.cash_change_share <= -s.cut_share, false) as is_cut
    from {{ ref('int_say_do_scenarios') }} as s
    inner join {{ ref('int_council_money_shown') }} as m on s.perimeter = m.perimeter and s.position = m.position
    cross join possible as p
    left join claims as c
        on s.scenario = c.scenario and m.council_code = c.council_code and m.financial_year = c.financial_year
)

select
    *,
    -- The money shows prevention by a level above the councils alike or by a real rise, and never beside a cut. Whether
    -- it does is said only where both have been looked at; a cut is enough to say that it does not.
    case
        when is_cut then false
        when has_level and has_change then is_level_shown or is_rise
    end as is_done,
    case
        when not has_claim or (not is_cut and (not has_level or not has_change)) then 'not_enough_evidence'
        when is_claimed and not is_cut and (is_level_shown or is_rise) then 'says_and_does'
        when is_claimed then 'says_money_does_not_show_it'
        when not is_cut and (is_level_shown or is_rise) then 'does_without_saying'
        else 'neither'
    end as scenario_class
from claims_and_money
