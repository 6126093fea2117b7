-- Admissions of people aged 65 and over to care homes with their interval and control limits, and how each rate
-- stands against them. One row a council and year.
with limits as (
    select
        a.*,
        d.dispersion_factor,
        coalesce(d.is_overdispersed, false) as is_overdispersed,
        100000 / nullif(a.residents, 0) as per_100k,
        {{ byar_lower('a.admissions', 1.959964) }} as lower_count,
        {{ byar_upper('a.admissions', 1.959964) }} as upper_count,
        {{ funnel_lower('a.expected', 1.959964, 'd.factor_applied') }} as lower_95,
        {{ funnel_upper('a.expected', 1.959964, 'd.factor_applied') }} as upper_95,
        {{ funnel_lower('a.expected', 3.090232, 'd.factor_applied') }} as lower_998,
        {{ funnel_upper('a.expected', 3.090232, 'd.factor_applied') }} as upper_998
    from {{ ref('int_admissions') }} as a
    left join {{ ref('int_admissions_dispersion') }} as d on a.financial_year = d.financial_year
)

select
    l.council_code,
    l.financial_year,
    l.admissions_per_100k,
    cast(round(l.lower_count * l.per_100k, 1) as decimal(18, 1)) as admissions_lower_per_100k,
    cast(round(l.upper_count * l.per_100k, 1) as decimal(18, 1)) as admissions_upper_per_100k,
    l.england_per_100k,
    cast(round(l.lower_95 * l.per_100k, 1) as decimal(18, 1)) as control_lower_95_per_100k,
    cast(round(l.upper_95 * l.per_100k, 1) as decimal(18, 1)) as control_upper_95_per_100k,
    cast(round(l.lower_998 * l.per_100k, 1) as decimal(18, 1)) as control_lower_998_per_100k,
    cast(round(l.upper_998 * l.per_100k, 1) as decimal(18, 1)) as control_upper_998_per_100k,
    l.dispersion_factor,
    l.is_overdispersed,
    case
        when l.admissions is null or l.expected is null then null
        when l.admissions > l.upper_998 then 'more than expected by chance'
        when l.admissions < l.lower_998 then 'fewer than expected by chance'
        when l.admissions > l.upper_95 then 'somewhat more than expected by chance'
        when l.admissions < l.lower_95 then 'somewhat fewer than expected by chance'
        else 'within what chance alone would give'
    end as against_chance,
    l.is_count_estimated,
    l.population_65_plus,
    l.population_basis,
    l.marker,
    l.is_suppressed,
    case
        when l.admissions_per_100k is null and l.marker = 'absent' then 'the publication shows no figure for this council'
        when l.admissions_per_100k is null then 'suppressed by the publisher'
        when l.residents is null then 'no population for the boundary of this year: no interval and no limits'
    end as missing_reason,
    nullif(
        concat_ws(
            '. ',
            l.series_note,
            case when l.is_count_estimated then 'the count behind the interval is the rate times residents' end,
            case
                when l.population_basis in ('rebuilt_from_successors', 'rebuilt_from_predecessors')
                    then 'residents are the sum of the councils this one was split into or merged from'
            end,
            l.council_note
        ),
        ''
    ) as comparability_note,
    l.release_id
from limits as l
