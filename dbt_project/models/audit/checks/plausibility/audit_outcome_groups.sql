-- Councils' outcomes against the group they are part of: counts that do not add up to the region's, a council that has
-- its region's figures, and a region's councils that fit the row above or below better than their own. One row is a
-- check, publication, place and measure outside limits. NOT FOR PUBLICATION: group counts may betray a withheld council.
with outcomes as (
    select *, cast(left(financial_year, 4) as integer) as starts
    from {{ ref('core_outcomes_served') }}
    where breakdown = 'Total'
),

grouped as {{ evaluated_once() }} (
    select
        g.release_id, g.financial_year, g.geography_code as group_code, g.geography_name as group_name,
        g.measure_code, g.measure_name, g.numerator as group_numerator, g.denominator as group_denominator,
        g.outcome_value as group_value, o.geography_code, o.geography_name, o.numerator, o.denominator,
        o.outcome_value, o.starts, o.source_row
    from outcomes as g
    inner join {{ ref('core_outcome_groups') }} as m
        on
            g.geography_kind = m.geography_kind
            and g.geography_code = m.geography_code
            and g.financial_year = m.financial_year
    inner join outcomes as o
        on
            m.council_code = o.geography_code and m.financial_year = o.financial_year
            and g.measure_code = o.measure_code and o.geography_kind = 'council'
    where g.geography_kind = 'region'
),

sums as (
    select
        any_value(release_id) as release_id, financial_year, group_code, any_value(group_name) as group_name,
        measure_code, any_value(measure_name) as measure_name, count(*) = count(numerator) as is_whole,
        any_value(group_numerator) as group_numerator, sum(numerator) as numerator,
        any_value(group_denominator) as group_denominator, sum(denominator) as denominator
    from grouped
    group by financial_year, group_code, measure_code
),

-- A region that councils nobody can place might be part of is compared with none: its councils are not known.
unplaced as (
    select distinct s.financial_year
    from (select distinct financial_year from outcomes) as s
    inner join {{ ref('dim_council') }} as d
        on
            d.region is null and s.financial_year >= d.valid_from_year
            and s.financial_year <= coalesce(d.valid_to_year, '9999-00')
),

-- What is withheld can only make the councils add up to less; then the counts themselves are not told.
added as (
    select
        'counts_off_their_region' as check_name, s.release_id as publication, s.financial_year,
        s.group_code as council_code, s.group_name as council_name, s.measure_code || ' ' || c.item as item,
        s.measure_name || ', ' || c.item as item_name, 'the counts of its councils' as compared_with,
        case when s.is_whole then c.expected end as expected, case when s.is_whole then c.observed end as observed,
        case
            when s.is_whole or c.expected > c.observed
                then cast(c.expected - c.observed as double)
            else 0
        end as factor
    from sums as s
    cross join lateral (
        select 'numerator' as item, s.numerator as expected, s.group_numerator as observed
        union all
        select 'denominator', s.denominator, s.group_denominator
    ) as c
    where
        c.expected is not null and c.observed is not null
        and s.financial_year not in (select financial_year from unplaced)
),

likened as (
    select
        'outcomes_of_its_region' as check_name, any_value(release_id) as publication, financial_year,
        geography_code as council_code, any_value(geography_name) as council_name, group_code as item,
        'most of its rates' as item_name, 'the rates of ' || any_value(group_name) as compared_with,
        avg(cast(outcome_value = group_value as integer)) as factor
    from grouped
    where outcome_value is not null and group_value is not null
    group by financial_year, geography_code, group_code
    having count(*) >= 5
),

-- Councils of a region in the order of the file, beside their rates of the year before.
in_order as (
    select
        n.release_id, n.financial_year, n.group_code, n.group_name, n.measure_code, n.measure_name,
        cast(n.outcome_value as double) as rate, cast(o.outcome_value as double) as rate_before,
        row_number() over (partition by n.financial_year, n.group_code, n.measure_code order by n.source_row) as place
    from grouped as n
    inner join outcomes as o
        on
            n.geography_code = o.geography_code and n.measure_code = o.measure_code and n.starts = o.starts + 1
            and o.geography_kind = 'council'
    inner join {{ ref('plausible_outcome_moves') }} as m on n.measure_code = m.measure_code and m.is_steady
    where n.outcome_value is not null and o.outcome_value is not null
),

shifted as (
    select
        'outcomes_a_row_off' as check_name, any_value(n.release_id) as publication, n.financial_year,
        n.group_code as council_code, any_value(n.group_name) as council_name, n.measure_code as item,
        any_value(n.measure_name) as item_name, 'the year before, a row above or below' as compared_with,
        least(sum(abs(n.rate - above.rate_before)), sum(abs(n.rate - below.rate_before)))
        / nullif(sum(abs(n.rate - n.rate_before)), 0) as factor
    from in_order as n
    inner join in_order as above
        on
            n.financial_year = above.financial_year and n.group_code = above.group_code
            and n.measure_code = above.measure_code and n.place = above.place + 1
    inner join in_order as below
        on
            n.financial_year = below.financial_year and n.group_code = below.group_code
            and n.measure_code = below.measure_code and n.place = below.place - 1
    group by n.financial_year, n.group_code, n.measure_code
    having count(*) >= 5
),

-- The publisher leaves out whom it withholds, and so does a lost row: each is looked at once.
left_out as (
    select
        'council_without_outcomes' as check_name, release_id as publication, financial_year,
        geography_code as council_code, any_value(geography_name) as council_name,
        {{ joined('measure_code', ' ') }} as item,
        count(*) || ' of its measures (' || {{ joined('lower(measure_name)', '; ', order_by='measure_code') }} || ')'
            as item_name,
        'the other councils of the year' as compared_with, count(*) as factor
    from outcomes
    where geography_kind = 'council' and marker = 'absent'
    group by release_id, financial_year, geography_code
),

findings as (
    select * from added
    union all
    select
        check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
        null, null, factor
    from left_out
    union all
    select
        check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
        null, null, factor
    from likened
    union all
    select
        check_name, publication, financial_year, council_code, council_name, item, item_name, compared_with,
        null, null, factor
    from shifted
)

select t.*
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
