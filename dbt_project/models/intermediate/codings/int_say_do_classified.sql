-- Every council and year under every scenario: is there evidence, what is claimed, what does the money show.
with claims as (
    select
        s.scenario,
        c.council_code,
        c.financial_year,
        count(*) as claim_items,
        max(c.wave) as claim_wave,
        max(c.claim_age_years) as claim_age_years,
        cast(round(cast(sum(c.points_share * c.weight) as double) / sum(c.weight), 4) as decimal(9, 4)) as claim_score_share
    from {{ ref('int_say_do_scenarios') }} as s
    inner join {{ ref('int_council_claims') }} as c
        on c.claim_age_years <= s.maximum_claim_age_years and coalesce(c.alpha >= s.reliable_alpha, true)
    group by s.scenario, c.council_code, c.financial_year
),

together as (
    select
        s.*,
        m.council_code,
        m.financial_year,
        m.statement,
        coalesce(c.claim_items, 0) as claim_items,
        c.claim_wave,
        c.claim_age_years,
        c.claim_score_share,
        m.preventative_share,
        m.level_percentile_share,
        m.real_shift_share,
        m.low_confidence_share,
        coalesce(c.claim_items, 0) >= s.minimum_claim_items as has_claim,
        m.preventative_share is not null
        and coalesce(m.low_confidence_share <= s.maximum_low_confidence_share, true) as has_money,
        c.claim_score_share >= s.claim_strong_share as is_claimed,
        m.level_percentile_share >= s.money_level_percentile_share as is_shown_by_level,
        coalesce(m.real_shift_share >= s.money_shift_share, false) as is_shown_by_movement
    from {{ ref('int_say_do_scenarios') }} as s
    inner join {{ ref('int_council_money_shown') }} as m on s.perimeter = m.perimeter
    left join claims as c
        on s.scenario = c.scenario and m.council_code = c.council_code and m.financial_year = c.financial_year
)

select
    *,
    case
        when not has_claim or not has_money then 'not_enough_evidence'
        when is_claimed and (is_shown_by_level or is_shown_by_movement) then 'says_and_does'
        when is_claimed then 'says_money_does_not_show_it'
        when is_shown_by_level or is_shown_by_movement then 'does_without_saying'
        else 'neither'
    end as classification
from together
