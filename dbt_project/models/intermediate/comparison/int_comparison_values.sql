-- Every headline measure of every council and year that can be put beside others, and why it must not be ranked.
with headline as (
    select *
    from {{ ref('int_prevention_headlines') }}
    where cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'
),

spending as (
    {% for measure in ['per_head_65_plus_gbp', 'share_of_adult_social_care_share', 'preventative_share',
        'adult_social_care_per_head_65_plus_gbp', 'adult_social_care_preventative_share'] %}
    select
        council_code,
        financial_year,
        statement,
        perimeter || '_{{ measure }}' as measure,
        cast({{ measure }} as decimal(18, 6)) as value,
        case
            when not is_broken_down then not_broken_down_reason
            when is_modelled and rule_set = 'desk_baseline' then 'modelled on the desk baseline alone'
        end as withhold_reason
    from headline
    {{ "union all" if not loop.last }}
    {% endfor %}
    union all
    select
        council_code,
        financial_year,
        statement,
        'adult_social_care_per_head_18_plus_gbp' as measure,
        cast(
            round(cast(adult_social_care_total_pence as double) / nullif(population_18_plus, 0) / 100, 6)
            as decimal(18, 6)
        ) as value,
        null as withhold_reason
    from {{ ref('int_council_year_totals') }}
),

admissions as (
    select
        council_code,
        financial_year,
        null as statement,
        'admissions_per_100k' as measure,
        cast(admissions_per_100k as decimal(18, 6)) as value,
        missing_reason as withhold_reason
    from {{ ref('int_admissions_judged') }}
),

spending_and_admissions as (
    select * from spending
    union all
    select * from admissions
)

select
    t.council_code,
    t.financial_year,
    t.statement,
    t.measure,
    t.value,
    coalesce(
        c.rank_exclusion_reason,
        case when t.value is null then coalesce(t.withhold_reason, 'no figure') else
            case when t.measure != 'admissions_per_100k' then t.withhold_reason end
        end
    ) as withhold_reason,
    c.region,
    c.class,
    c.council_class_name,
    d.deprivation_decile
from spending_and_admissions as t
inner join {{ ref('dim_council') }} as c on t.council_code = c.council_code
left join (
    select k.same_area_code as council_code, min(d.deprivation_decile) as deprivation_decile
    from {{ ref('stg_deprivation__councils') }} as d
    inner join {{ ref('int_comparison_codes') }} as k on d.council_code = k.code
    group by k.same_area_code
) as d on t.council_code = d.council_code
