-- What is spent on prevention beside how many people aged 65 and over move into care homes. Need drives both: a
-- high rate is no verdict and a low one no proof.
with spend as (
    select
        council_code,
        financial_year,
        statement,
        max(per_head_65_plus_gbp) filter (where perimeter = 'narrow') as narrow_per_head_65_plus_gbp,
        max(per_head_65_plus_gbp) filter (where perimeter = 'wide') as wide_per_head_65_plus_gbp,
        max(per_head_65_plus_gbp) filter (where perimeter = 'camden') as camden_per_head_65_plus_gbp,
        max(share_of_adult_social_care_share) filter (where perimeter = 'narrow') as narrow_share,
        max(case when is_modelled then 1 else 0 end) = 1 as is_spend_modelled,
        max(not_broken_down_reason) as not_broken_down_reason
    from {{ ref('int_prevention_headlines') }}
    where cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'
    group by council_code, financial_year, statement
)

select
    l.council_code,
    l.financial_year,
    l.admissions_per_100k,
    l.admissions_lower_per_100k,
    l.admissions_upper_per_100k,
    l.england_per_100k,
    l.control_lower_95_per_100k,
    l.control_upper_95_per_100k,
    l.control_lower_998_per_100k,
    l.control_upper_998_per_100k,
    l.chance_lower_95_per_100k,
    l.chance_upper_95_per_100k,
    l.chance_lower_998_per_100k,
    l.chance_upper_998_per_100k,
    l.dispersion_factor,
    l.is_overdispersed,
    l.between_council_variance,
    l.spread_class,
    l.against_chance,
    l.is_count_estimated,
    l.population_65_plus,
    l.population_basis,
    l.marker,
    l.is_suppressed,
    l.missing_reason,
    b.narrow_per_head_65_plus_gbp,
    b.wide_per_head_65_plus_gbp,
    b.camden_per_head_65_plus_gbp,
    b.narrow_share as narrow_share_of_adult_social_care_share,
    b.is_spend_modelled,
    o.narrow_per_head_65_plus_gbp as narrow_outturn_per_head_65_plus_gbp,
    o.wide_per_head_65_plus_gbp as wide_outturn_per_head_65_plus_gbp,
    o.camden_per_head_65_plus_gbp as camden_outturn_per_head_65_plus_gbp,
    o.is_spend_modelled as is_outturn_spend_modelled,
    case
        when b.council_code is null then 'no budget of this council and year can be apportioned'
        else b.not_broken_down_reason
    end as spend_missing_reason,
    l.is_break_in_series,
    l.comparability_note,
    l.release_id
from {{ ref('int_admissions_judged') }} as l
left join spend as b
    on l.council_code = b.council_code and l.financial_year = b.financial_year and b.statement = 'budget'
left join spend as o
    on l.council_code = o.council_code and l.financial_year = o.financial_year and o.statement = 'outturn'
