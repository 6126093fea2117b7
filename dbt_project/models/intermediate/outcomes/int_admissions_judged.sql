-- Admissions of people aged 65 and over to care homes with their interval and two pairs of limits, and how each rate
-- stands against them: what chance alone would keep to (Poisson), and the usual spread between councils, which adds
-- the variance between them. One row a council and year. The words never gainsay the council's own interval.
with limits as (
    select
        a.*,
        d.dispersion_factor,
        coalesce(d.is_overdispersed, false) as is_overdispersed,
        d.between_council_variance,
        100000 / nullif(a.residents, 0) as per_100k,
        {{ byar_lower('a.admissions', 1.959964) }} as lower_count,
        {{ byar_upper('a.admissions', 1.959964) }} as upper_count,
        {% for kind, between in [('chance', '0'), ('control', 'd.between_council_variance')] %}
        {{ funnel_lower('a.expected', 1.959964, between) }} as {{ kind }}_lower_95,
        {{ funnel_upper('a.expected', 1.959964, between) }} as {{ kind }}_upper_95,
        {{ funnel_lower('a.expected', 3.090232, between) }} as {{ kind }}_lower_998,
        {{ funnel_upper('a.expected', 3.090232, between) }} as {{ kind }}_upper_998{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_admissions') }} as a
    left join {{ ref('int_admissions_dispersion') }} as d on a.financial_year = d.financial_year
),

rated as (
    select
        *,
        {% for kind in ['chance', 'control'] %}
        {% for limit in ['lower_95', 'upper_95', 'lower_998', 'upper_998'] %}
        cast(round({{ kind }}_{{ limit }} * per_100k, 1) as decimal(18, 1)) as {{ kind }}_{{ limit }}_per_100k,
        {% endfor %}
        {% endfor %}
        cast(round(lower_count * per_100k, 1) as decimal(18, 1)) as admissions_lower_per_100k,
        cast(round(upper_count * per_100k, 1) as decimal(18, 1)) as admissions_upper_per_100k
    from limits
),

classed as (
    select
        *,
        case
            when admissions is null or expected is null then null
            when
                (admissions > control_upper_95 or admissions < control_lower_95)
                and england_per_100k between admissions_lower_per_100k and admissions_upper_per_100k then 'too_few_to_tell'
            when admissions > control_upper_998 then 'above_998'
            when admissions < control_lower_998 then 'below_998'
            when admissions > control_upper_95 then 'above_95'
            when admissions < control_lower_95 then 'below_95'
            when admissions_lower_per_100k > england_per_100k then 'inside_above_england'
            when admissions_upper_per_100k < england_per_100k then 'inside_below_england'
            else 'inside_like_england'
        end as spread_class
    from rated
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
    cast(l.between_council_variance as decimal(18, 8)) as between_council_variance,
    l.spread_class,
    case l.spread_class
        when 'too_few_to_tell' then 'too few people to be told apart from England'
        when 'above_998' then 'far above the usual spread between councils'
        when 'below_998' then 'far below the usual spread between councils'
        when 'above_95' then 'above the usual spread between councils'
        when 'below_95' then 'below the usual spread between councils'
        when 'inside_above_england' then 'above England, and inside the usual spread between councils'
        when 'inside_below_england' then 'below England, and inside the usual spread between councils'
        when 'inside_like_england' then 'within the usual spread between councils, and not told apart from England'
    end as against_chance,
    l.is_break_in_series,
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
from classed as l
