-- Every measure of the council profile: published lines per head, published outcomes, and the modelled perimeters.
with measures as (
    select * from {{ ref('profile_measures') }}
),

people as (
    select
        council_code,
        financial_year,
        population_65_plus,
        population_18_plus,
        population_18_plus - population_65_plus as population_18_64
    from {{ ref('core_council_population') }}
),

line_codes as (
    select measure, people, {{ one_row_each(parts_of("cast(source_codes as string)", " ")) }} as line_code
    from measures
    where source_kind = 'line'
),

-- A measure of several lines has a value only where each of them has an amount: a blank is not zero.
line_sums as (
    select
        b.council_code,
        b.financial_year,
        b.statement,
        c.measure,
        c.people,
        case when count(b.amount_gbp) = count(*) and count(*) = any_value(w.lines) then sum(b.amount_gbp) end as amount_gbp,
        max(b.marker) as marker,
        -- What a return that is not broken down books on a line is no fact about that line; its total is one.
        bool_or(not b.is_total and not coalesce(r.is_broken_down, true)) as is_not_broken_down
    from line_codes as c
    inner join {{ ref('fct_budget_line') }} as b on c.line_code = b.line_code
    inner join (select measure, count(*) as lines from line_codes group by measure) as w on c.measure = w.measure
    left join {{ ref('int_return_breakdowns') }} as r
        on b.council_code = r.council_code and b.financial_year = r.financial_year and b.statement = r.statement
    where b.body_kind = 'council' and b.measure = 'net_current_expenditure'
    group by b.council_code, b.financial_year, b.statement, c.measure, c.people
),

lines as (
    select
        s.council_code,
        s.financial_year,
        s.statement,
        s.measure,
        case when not s.is_not_broken_down then s.amount_gbp end as amount_gbp,
        s.is_not_broken_down,
        case s.people
            when '65_plus' then p.population_65_plus
            when '18_plus' then p.population_18_plus
            when '18_64' then p.population_18_64
        end as residents,
        s.marker
    from line_sums as s
    left join people as p on s.council_code = p.council_code and s.financial_year = p.financial_year
),

-- England: what the councils with a figure spend together, over their people.
england_lines as (
    select
        financial_year,
        statement,
        measure,
        cast(sum(amount_gbp) as double) / nullif(sum(residents), 0) as england_value
    from lines
    where amount_gbp is not null and residents is not null
    group by financial_year, statement, measure
),

spending as (
    select
        l.council_code,
        l.financial_year,
        l.statement,
        l.measure,
        cast(l.amount_gbp as double) / nullif(l.residents, 0) as value,
        cast(null as double) as lower_value,
        cast(null as double) as upper_value,
        e.england_value,
        case
            when l.is_not_broken_down then 'not broken down'
            when l.amount_gbp is null then 'not reported'
            when l.residents is null then 'no population'
            else 'published'
        end as status,
        false as is_break_in_series,
        l.marker
    from lines as l
    left join england_lines as e
        on l.financial_year = e.financial_year and l.statement = e.statement and l.measure = e.measure
),

published_outcomes as (
    select
        o.council_code,
        o.geography_kind,
        o.financial_year,
        m.measure,
        m.unit,
        o.outcome_value,
        o.is_suppressed,
        o.is_withheld,
        o.marker,
        coalesce(o.is_break_in_series, false) as is_break_in_series,
        cast(coalesce(o.numerator, cast(o.outcome_value * p.residents as double) / 100000) as double) as cases,
        cast(coalesce(o.denominator, p.residents) as double) as residents
    from {{ ref('fct_outcome_measure') }} as o
    inner join measures as m on o.measure_code = m.source_codes and m.source_kind = 'outcome'
    left join (
        select council_code, financial_year, '65_plus' as people, population_65_plus as residents from people
        union all
        select council_code, financial_year, '18_64' as people, population_18_64 as residents from people
    ) as p
        on o.council_code = p.council_code and o.financial_year = p.financial_year and m.people = p.people
    where o.breakdown = 'Total' and o.geography_kind in ('council', 'england')
),

outcomes as (
    select
        o.council_code,
        o.financial_year,
        cast(null as string) as statement,
        o.measure,
        cast(o.outcome_value as double) as value,
        case
            when o.unit = 'per_100k' and o.residents > 0
                then 100000 * {{ byar_lower('o.cases', 1.959964) }} / o.residents
        end as lower_value,
        case
            when o.unit = 'per_100k' and o.residents > 0
                then 100000 * {{ byar_upper('o.cases', 1.959964) }} / o.residents
        end as upper_value,
        cast(e.outcome_value as double) as england_value,
        case
            when o.outcome_value is not null then 'published'
            when o.is_suppressed or o.is_withheld then 'suppressed'
            else 'not reported'
        end as status,
        o.is_break_in_series,
        o.marker
    from published_outcomes as o
    left join published_outcomes as e
        on o.financial_year = e.financial_year and o.measure = e.measure and e.geography_kind = 'england'
    where o.geography_kind = 'council'
),

perimeters as (
    select
        h.council_code,
        h.financial_year,
        h.statement,
        m.measure,
        h.adult_social_care_gbp,
        h.adult_social_care_low_gbp,
        h.adult_social_care_high_gbp,
        h.population_65_plus,
        h.is_modelled
    from {{ ref('int_prevention_headlines') }} as h
    inner join measures as m on h.perimeter = m.source_codes and m.source_kind = 'perimeter'
    where h.cost_view = 'direct' and h.outcome_code = 'delay_and_reduce_need_65_plus'
),

prevention as (
    select
        council_code,
        financial_year,
        statement,
        measure,
        cast(adult_social_care_gbp as double) / nullif(population_65_plus, 0) as value,
        cast(adult_social_care_low_gbp as double) / nullif(population_65_plus, 0) as lower_value,
        cast(adult_social_care_high_gbp as double) / nullif(population_65_plus, 0) as upper_value,
        sum(adult_social_care_gbp) over same_year
        / nullif(sum(case when adult_social_care_gbp is not null then population_65_plus end) over same_year, 0)
            as england_value,
        case
            when adult_social_care_gbp is null then 'not broken down'
            when population_65_plus is null then 'no population'
            when is_modelled then 'modelled'
            else 'published'
        end as status,
        false as is_break_in_series,
        cast(null as string) as marker
    from perimeters
    window same_year as (partition by financial_year, statement, measure)
)

select * from spending
union all
select * from outcomes
union all
select * from prevention
