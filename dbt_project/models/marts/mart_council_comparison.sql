-- Each headline measure of each council beside the median of others, with a rank where a rank means something.
with values_ as (
    select * from {{ ref('int_comparison_values') }}
),

grouped as (
    select *, 'england' as comparator, 'England' as comparator_name from values_
    union all
    select *, 'region' as comparator, region as comparator_name from values_
    union all
    select *, 'class' as comparator, council_class_name as comparator_name from values_
    union all
    select *, 'deprivation_decile' as comparator,
        'Deprivation tenth ' || deprivation_decile || ' of 10 (1 most deprived)' as comparator_name
    from values_
),

in_groups as (
    select
        council_code, financial_year, statement, measure, value, withhold_reason, comparator, comparator_name,
        comparator_name is not null as has_peers,
        case when comparator_name is not null then
            {{ median_of('case when is_comparable then value end', 6, over='same_group') }}
        end as comparator_value,
        case when comparator_name is not null then
            count(value) filter (where is_comparable) over (
                partition by financial_year, statement, measure, comparator, comparator_name
            )
        end as compared_councils,
        case when comparator_name is not null then
            count(*) filter (where withhold_reason is null) over (
                partition by financial_year, statement, measure, comparator, comparator_name
            )
        end as rank_of,
        case when withhold_reason is null and comparator_name is not null then
            rank() over (
                partition by financial_year, statement, measure, comparator, comparator_name, withhold_reason is null
                order by value desc
            )
        end as rank
    from (
        select
            g.*,
            g.council_code not in (select council_code from {{ ref('council_rank_exclusions') }}) as is_comparable
        from grouped as g
    )
    window same_group as (partition by financial_year, statement, measure, comparator, comparator_name)
),

neighbours as (
    select * from {{ ref('int_council_neighbours') }}
),

beside_neighbours as (
    select
        v.council_code, v.financial_year, v.statement, v.measure, v.value, v.withhold_reason,
        count(o.council_code) as neighbours,
        {{ median_of('o.value', 6) }} as comparator_value,
        count(o.value) as compared_councils,
        count(o.council_code) filter (where o.withhold_reason is null) as ranked_neighbours,
        count(o.council_code) filter (where o.withhold_reason is null and o.value > v.value) as above
    from values_ as v
    left join neighbours as n on v.council_code = n.council_code
    left join values_ as o
        on
            n.neighbour_code = o.council_code
            and v.financial_year = o.financial_year
            and v.statement is not distinct from o.statement
            and v.measure = o.measure
    group by v.council_code, v.financial_year, v.statement, v.measure, v.value, v.withhold_reason
),

compared as (
    select
        council_code, financial_year, statement, measure, comparator, comparator_name, value, comparator_value,
        has_peers, compared_councils, rank_of, rank, withhold_reason
    from in_groups
    union all
    select
        council_code, financial_year, statement, measure,
        'nearest_neighbours' as comparator,
        case when neighbours > 0 then neighbours || ' statistical neighbours' end as comparator_name,
        value, comparator_value,
        neighbours > 0 as has_peers,
        compared_councils,
        ranked_neighbours + case when withhold_reason is null then 1 else 0 end as rank_of,
        case when withhold_reason is null and neighbours > 0 then above + 1 end as rank,
        withhold_reason
    from beside_neighbours
),

judged as (
    select
        *,
        case
            when withhold_reason is not null then withhold_reason
            when not has_peers and comparator = 'nearest_neighbours' then 'no list of neighbours names this council'
            when not has_peers then 'the index of deprivation does not cover this council'
            when rank_of < {{ var('fewest_ranked_councils') }} then 'too few councils can be ranked'
        end as reason
    from compared
)

select
    council_code,
    financial_year,
    statement,
    measure,
    comparator,
    comparator_name,
    value,
    cast(round(comparator_value, 6) as decimal(18, 6)) as comparator_value,
    cast(value - round(comparator_value, 6) as decimal(18, 6)) as difference,
    cast(coalesce(compared_councils, 0) as integer) as compared_councils,
    cast(case when reason is null then rank end as integer) as rank,
    cast(case when reason is null then rank_of end as integer) as rank_of,
    cast(case when reason is null then ceil(4.0 * rank / rank_of) end as integer) as quartile,
    reason is null as is_ranked,
    reason as withhold_reason
from judged
