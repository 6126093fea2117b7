-- Outcome measures fit to publish: councils, and groups whose figures give no withheld council away.
with councils as (
    select
        s.* {{ but_columns(['numerator', 'denominator', 'outcome_value']) }},
        case when w.council_code is null then s.numerator end as numerator,
        case when w.council_code is null then s.denominator end as denominator,
        case when w.council_code is null then s.outcome_value end as outcome_value,
        false as is_recomputed,
        w.council_code is not null and not s.is_suppressed as is_withheld
    from {{ ref('core_outcomes_served') }} as s
    left join {{ ref('core_outcomes_withheld') }} as w
        on
            s.geography_code = w.council_code
            and s.financial_year = w.financial_year
            and s.measure_code = w.measure_code
            and s.breakdown = w.breakdown
    where s.geography_kind = 'council'
),

councils_and_groups as (
    select * from councils
    {{ union_by_name() }}
    select * from {{ ref('core_outcomes_grouped') }}
)

select
    case when t.geography_kind = 'council' then t.geography_code end as council_code,
    t.geography_kind,
    t.geography_code,
    t.geography_name,
    t.financial_year,
    t.framework_year,
    t.measure_code,
    t.published_code,
    t.measure_name,
    t.unit,
    t.breakdown,
    cast(t.numerator as decimal(18, 4)) as numerator,
    cast(t.denominator as decimal(18, 4)) as denominator,
    cast(t.outcome_value as decimal(18, 4)) as outcome_value,
    case
        when not t.is_weighted_survey
            then cast({{ rounded_to('cast(t.scale * t.numerator as double) / nullif(t.denominator, 0)', 't.decimals') }} as decimal(18, 4))
    end as recomputed_value,
    t.is_recomputed,
    t.marker,
    t.is_suppressed,
    t.is_withheld,
    case
        when t.geography_kind = 'council' and t.is_withheld
            then 'another breakdown of this measure, or one with the same counts, is suppressed'
        when t.is_recomputed
            then 'a council of this group is suppressed: no counts, and a rate from the other councils alone'
        when t.is_withheld and t.outcome_value is null and t.geography_kind != 'england'
            then 'a council of this group is suppressed: no counts, and no rate, which would give it away'
        when t.is_withheld and t.outcome_value is null and t.marker is null
            then 'a council of this group is suppressed: no counts, and no rate, which is not known to be safe'
        when t.is_withheld
            then 'a council of this group is suppressed: no counts'
    end as withheld_reason,
    coalesce(n.is_break, false) as is_break_in_series,
    n.note as series_note,
    t.source,
    t.release_id,
    t.sheet,
    t.source_row,
    t.source_column
from councils_and_groups as t
left join {{ ref('ascof_series_notes') }} as n
    on t.measure_code = n.measure_code and t.financial_year = n.financial_year
