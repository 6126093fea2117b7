{{ config(meta={"dagster": {"ref": {"name": "mart_council_comparison"}}}) }}
-- Counted again, council against council: a rank is one more than the ranked councils with a higher value, equal
-- values share it, `rank_of` is all that are ranked, the quartile is the first whose share of them holds the rank,
-- and the comparator value is the middle of the values compared. Fails too when nothing was compared.
with shown as (
    select *, coalesce(statement, '') as statement_or_none
    from {{ ref('mart_council_comparison') }}
    where comparator_name is not null
),

one_group as (
    select * from shown where comparator != 'nearest_neighbours'
),

counted as (
    select
        a.council_code, a.financial_year, a.statement_or_none, a.measure, a.comparator,
        1 + count(*) filter (where b.value > a.value) as rank_counted,
        count(*) as rank_of_counted
    from one_group as a
    inner join one_group as b
        on
            a.financial_year = b.financial_year and a.statement_or_none = b.statement_or_none and a.measure = b.measure
            and a.comparator = b.comparator and a.comparator_name = b.comparator_name
    where a.is_ranked and b.is_ranked
    group by all
),

ordered as (
    select
        financial_year, statement_or_none, measure, comparator, comparator_name, value,
        row_number() over (
            partition by financial_year, statement_or_none, measure, comparator, comparator_name order by value
        ) as place,
        count(*) over (partition by financial_year, statement_or_none, measure, comparator, comparator_name) as places
    from one_group
    where
        value is not null
        and council_code not in (select council_code from {{ ref('council_rank_exclusions') }})
),

middles as (
    select
        financial_year, statement_or_none, measure, comparator, comparator_name,
        avg(cast(value as double)) as middle
    from ordered
    where place in ({{ int_div('places + 1', '2') }}, {{ int_div('places', '2') }} + 1)
    group by all
),

neighbours as (
    select
        a.council_code, a.financial_year, a.statement_or_none, a.measure, a.comparator,
        1 + count(*) filter (where b.is_ranked and b.value > a.value) as rank_counted,
        1 + count(*) filter (where b.is_ranked) as rank_of_counted
    from shown as a
    inner join {{ ref('int_council_neighbours') }} as n on a.council_code = n.council_code
    -- Whether a council can be ranked at all is said once for the whole of England.
    inner join shown as b
        on
            n.neighbour_code = b.council_code and b.comparator = 'england'
            and a.financial_year = b.financial_year and a.statement_or_none = b.statement_or_none and a.measure = b.measure
    where a.comparator = 'nearest_neighbours' and a.is_ranked
    group by all
),

again as (
    select * from counted
    union all
    select * from neighbours
)

select
    'rank' as problem, s.council_code, s.financial_year, s.statement, s.measure, s.comparator,
    a.rank_counted || ' of ' || a.rank_of_counted as expected, s.rank || ' of ' || s.rank_of as observed
from shown as s
left join again as a
    on
        s.council_code = a.council_code and s.financial_year = a.financial_year
        and s.statement_or_none = a.statement_or_none and s.measure = a.measure and s.comparator = a.comparator
where
    s.is_ranked
    and (
        s.rank is distinct from a.rank_counted or s.rank_of is distinct from a.rank_of_counted
        or s.quartile is distinct from
        1 + (4 * s.rank > s.rank_of)::int + (4 * s.rank > 2 * s.rank_of)::int + (4 * s.rank > 3 * s.rank_of)::int
    )
union all
select
    'comparator value', s.council_code, s.financial_year, s.statement, s.measure, s.comparator,
    m.middle::string, s.comparator_value::string
from one_group as s
left join middles as m
    on
        s.financial_year = m.financial_year and s.statement_or_none = m.statement_or_none and s.measure = m.measure
        and s.comparator = m.comparator and s.comparator_name = m.comparator_name
where
    (s.comparator_value is null) != (m.middle is null)
    or abs(s.comparator_value - m.middle) > 0.000002
    or s.difference is distinct from cast(s.value - s.comparator_value as decimal(18, 6))
union all
select 'nothing was ranked', null, null, null, null, null, 'at least one rank', '0'
from (select count(*) as ranked from again) as found
where ranked = 0 and {{ something_is_due() }}
