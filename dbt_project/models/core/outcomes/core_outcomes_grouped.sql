-- Group rows made safe. Where a group covers a withheld council its counts go. Its printed rate goes too, unless
-- it is England's and so loosely rounded that, with a denominator anybody can look up, it pins the missing count
-- to no closer than the publisher's own rounding to fives (see suppression_half_width). A rate that goes is
-- recomputed from the councils that are published, by their counts or, where there are none, by residents.
with rows_of_groups as (
    select * from {{ ref('core_outcomes_served') }} where geography_kind != 'council'
),

population as (
    select
        council_code,
        financial_year,
        cast(population_65_plus as decimal(12, 0)) as population_65_plus,
        cast(population_18_plus - population_65_plus as decimal(12, 0)) as population_18_64
    from {{ ref('core_council_population') }}
),

members as (
    select
        g.geography_kind,
        g.geography_code,
        g.financial_year,
        r.measure_code,
        r.breakdown,
        w.council_code is not null as is_withheld,
        case when w.council_code is null then c.numerator end as numerator,
        case when w.council_code is null then c.denominator end as denominator,
        case when w.council_code is null then cast(c.outcome_value as decimal(12, 4)) end as outcome_value,
        case r.population_base
            when '65_plus' then p.population_65_plus
            when '18_64' then p.population_18_64
        end as residents
    from {{ ref('core_outcome_groups') }} as g
    inner join rows_of_groups as r
        on
            g.geography_kind = r.geography_kind
            and g.geography_code = r.geography_code
            and g.financial_year = r.financial_year
    left join {{ ref('core_outcomes_served') }} as c
        on
            c.geography_kind = 'council'
            and g.council_code = c.geography_code
            and r.financial_year = c.financial_year
            and r.measure_code = c.measure_code
            and r.breakdown = c.breakdown
    left join {{ ref('core_outcomes_withheld') }} as w
        on
            g.council_code = w.council_code
            and r.financial_year = w.financial_year
            and r.measure_code = w.measure_code
            and r.breakdown = w.breakdown
    left join population as p
        on g.council_code = p.council_code and g.financial_year = p.financial_year
),

covered as (
    select
        geography_kind,
        geography_code,
        financial_year,
        measure_code,
        breakdown,
        bool_or(is_withheld) as has_withheld,
        sum(residents) as residents,
        sum(numerator) filter (where numerator is not null and denominator is not null) as numerator,
        sum(denominator) filter (where numerator is not null and denominator is not null) as denominator,
        sum(outcome_value * residents) filter (where outcome_value is not null) as weighted,
        case
            when bool_or(outcome_value is not null and residents is null) then null
            else sum(residents) filter (where outcome_value is not null)
        end as weight
    from members
    group by geography_kind, geography_code, financial_year, measure_code, breakdown
),

judged as (
    select
        r.*,
        coalesce(c.has_withheld, false) as has_withheld,
        -- Half the last printed decimal, as a count of people.
        (0.5 * power(10.0, -r.decimals) / r.scale) * coalesce(r.denominator, c.residents) as half_width,
        c.residents,
        c.numerator as published_numerator,
        c.denominator as published_denominator,
        c.weighted,
        c.weight
    from rows_of_groups as r
    left join covered as c
        on
            r.geography_kind = c.geography_kind
            and r.geography_code = c.geography_code
            and r.financial_year = c.financial_year
            and r.measure_code = c.measure_code
            and r.breakdown = c.breakdown
),

decided as (
    select
        *,
        -- England's rate stays where it pins no count: many councils share it, or nobody knows of how many people.
        -- Of how many residents anybody can look up: where we do not hold them, the rate is not known to be safe.
        has_withheld
        and (
            geography_kind != 'england'
            or (population_base is not null and residents is null)
            or coalesce(half_width < {{ var('suppression_half_width') }}, false)
        ) as drops_rate,
        -- What the publisher marks, and what is of no group we know, is not worked out again.
        geography_code like 'unnamed_%' or is_suppressed as is_left_out
    from judged
)

select
    * {{ but_columns([
        'numerator', 'denominator', 'outcome_value', 'half_width', 'residents', 'published_numerator', 'published_denominator',
        'weighted', 'weight', 'is_left_out', 'has_withheld', 'drops_rate'
    ]) }},
    case when not has_withheld then numerator end as numerator,
    case when not has_withheld then denominator end as denominator,
    case
        when not drops_rate then outcome_value
        when is_left_out then null
        when published_denominator > 0
            then cast({{ rounded_to('cast(scale * published_numerator as double) / published_denominator', 'decimals') }} as decimal(24, 9))
        when weight > 0 then cast({{ rounded_to('cast(weighted as double) / weight', 'decimals') }} as decimal(24, 9))
    end as outcome_value,
    coalesce(drops_rate and not is_left_out and (published_denominator > 0 or weight > 0), false) as is_recomputed,
    has_withheld as is_withheld
from decided
