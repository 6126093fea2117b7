-- What reference publications say of themselves or of each other: residents that are no year older, an index that is
-- not 100 in its base year, a finance return that does not add up or does not go with the budget, and ranks that are
-- not those of their scores. One row is a check, publication and area, year or council outside limits.
with ages as (
    select e.release_id as publication, p.mid_year, p.age, sum(p.persons) as persons
    from {{ source('raw', 'population_cells') }} as p
    inner join {{ source('raw', 'releases') }} as e on p.release_id = e.release_id and e.is_serving
    where p.age between 0 and 89 and left(p.area_code, 3) in ('E06', 'E07', 'E08', 'E09', 'E10')
    group by e.release_id, p.mid_year, p.age
),

-- The residents of one age next to those who were the same age, a year younger or two years younger the year before.
older as (
    select
        n.publication, n.mid_year, o.publication as publication_before,
        sum(n.persons) filter (where n.age = o.age + 1) as persons,
        sum(o.persons) filter (where n.age = o.age + 1) as persons_before,
        sum(abs(n.persons - o.persons)) filter (where n.age = o.age) as at_the_same_age,
        sum(abs(n.persons - o.persons)) filter (where n.age = o.age + 1) as a_year_older,
        sum(abs(n.persons - o.persons)) filter (where n.age = o.age + 2) as two_years_older
    from ages as n
    inner join ages as o on n.mid_year = o.mid_year + 1 and n.age - o.age between 0 and 2
    where n.age between 35 and 79
    group by n.publication, n.mid_year, o.publication
),

not_older as (
    select
        'population_not_a_year_older' as check_name, publication,
        {{ financial_year_from('mid_year') }} as financial_year, '' as council_code, '' as council_name,
        'ages 35 to 79' as item, 'residents of all areas' as item_name, publication_before as compared_with,
        cast(persons_before as decimal(18, 2)) as expected, cast(persons as decimal(18, 2)) as observed,
        cast(a_year_older as double) / nullif(least(at_the_same_age, two_years_older), 0) as factor
    from older
    -- Where all ages are alike, which way they moved cannot be told.
    where a_year_older - least(at_the_same_age, two_years_older) > 0.01 * persons
),

base_years as (
    select
        'deflator_base_year' as check_name, d.release_id as publication, d.financial_year, '' as council_code,
        '' as council_name, 'deflator_index' as item, 'GDP deflator of its base year' as item_name,
        'the base year of the header' as compared_with, cast(100 as decimal(18, 2)) as expected,
        cast(d.deflator_index as decimal(18, 2)) as observed, cast(d.deflator_index as double) as factor
    from {{ source('raw', 'deflators') }} as d
    inner join {{ source('raw', 'releases') }} as e on d.release_id = e.release_id and e.is_serving
    where d.financial_year = d.base_year and d.deflator_index is not null
),

returned as (
    select
        a.release_id, a.financial_year, a.measure, a.age_band, a.care_type, a.data_type, a.support_reason,
        a.support_setting, a.purpose, a.carer_support_type, a.cassr_code, a.region_code,
        coalesce(f.council_code, c.council_code) as council_code, c.council_name,
        1000 * a.amount_thousand_gbp as amount_gbp
    from {{ source('raw', 'asc_fr_cells') }} as a
    inner join {{ source('raw', 'releases') }} as e on a.release_id = e.release_id and e.is_serving
    left join {{ ref('stg_register__cassr_codes') }} as c on a.cassr_code = c.cassr_code
    left join {{ ref('former_cassr_codes') }} as f on a.cassr_code = f.cassr_code and a.financial_year = f.financial_year
),

return_rows as (
    select
        release_id, financial_year, coalesce(council_code, cassr_code, region_code) as council_code,
        any_value(coalesce(council_name, region_code)) as council_name,
        concat_ws(
            ' ', data_type, nullif(age_band, ''), care_type, support_reason, nullif(support_setting, ''),
            nullif(purpose, ''), nullif(carer_support_type, '')
        ) as item,
        sum(amount_gbp) filter (where measure = 'total_expenditure')
        - sum(amount_gbp) filter (where measure = 'total_income') as expected,
        sum(amount_gbp) filter (where measure = 'net_total_expenditure') as observed,
        sum(amount_gbp) filter (where measure = 'gross_total_expenditure')
        - sum(amount_gbp) filter (where measure = 'gross_current_expenditure')
        + sum(amount_gbp) filter (where measure = 'net_current_expenditure') as observed_by_gross
    from returned
    group by all
),

return_additions as (
    select
        'return_does_not_add_up' as check_name, r.release_id as publication, r.financial_year, r.council_code,
        r.council_name, r.item || ', ' || o.item as item, replace(r.item, '_', ' ') || ', ' || o.item as item_name,
        o.compared_with, cast(o.expected as decimal(18, 2)) as expected, cast(o.observed as decimal(18, 2)) as observed,
        cast(o.observed - o.expected as double) as factor
    from return_rows as r
    cross join lateral (
        select 'net expenditure' as item, 'its expenditure less its income' as compared_with, r.expected, r.observed
        union all
        select 'net current expenditure', 'its net expenditure less its capital charges', r.observed, r.observed_by_gross
    ) as o
),

return_totals as (
    select
        release_id, financial_year, council_code, any_value(council_name) as council_name,
        sum(amount_gbp) as amount_gbp
    from returned
    where data_type = 'mandatory' and measure = 'net_current_expenditure' and cassr_code is not null
    group by release_id, financial_year, council_code
),

return_and_budget as (
    select
        'return_off_the_budget' as check_name, t.release_id as publication, t.financial_year, t.council_code,
        m.council_name, '360' as item, 'net current expenditure on adult social care' as item_name,
        m.publication as compared_with, cast(m.amount_gbp as decimal(18, 2)) as expected,
        cast(t.amount_gbp as decimal(18, 2)) as observed,
        cast(t.amount_gbp as double) / nullif(cast(m.amount_gbp as double), 0) as factor
    from return_totals as t
    inner join {{ ref('audit_council_money') }} as m
        on
            t.council_code = m.council_code and t.financial_year = m.financial_year
            and m.line_code = '360' and m.statement = 'budget' and m.is_standing
    where m.amount_gbp > 0
),

-- The return and the budget give the same services by the same names: by age and reason for support, and the rest.
-- Social support is left out: councils enter it in one of the two and not in the other.
services as {{ evaluated_once() }} (
    select
        t.release_id, t.financial_year, t.council_code, m.council_name, m.publication, m.line_code,
        t.service, t.age_band, cast(t.amount_gbp as double) as returned, cast(m.amount_gbp as double) as budgeted
    from (
        select
            release_id, financial_year, council_code, coalesce(age_band, '') as age_band,
            replace(support_reason, '_', ' ') as service, sum(amount_gbp) as amount_gbp
        from returned
        where data_type = 'mandatory' and measure = 'net_current_expenditure' and cassr_code is not null
        group by all
    ) as t
    inner join {{ ref('audit_council_money') }} as m
        on
            t.council_code = m.council_code and t.financial_year = m.financial_year
            and m.statement = 'budget' and m.is_standing and not m.is_total
            and m.line_name not like 'Social support%'
            and contains(lower(m.line_name), t.service)
            and contains(m.line_name, case t.age_band when '65_plus' then '65+' when '18_64' then '18' else '' end)
    where t.amount_gbp >= 200000 and m.amount_gbp >= 200000
),

services_apart as {{ evaluated_once() }} (
    select
        a.release_id, a.financial_year, a.publication, a.council_code, b.council_code as other_code,
        any_value(a.council_name) as council_name, avg(abs(ln(cast(a.returned as double) / b.budgeted))) as distance
    from services as a
    inner join services as b
        on a.release_id = b.release_id and a.financial_year = b.financial_year and a.line_code = b.line_code
    group by a.release_id, a.financial_year, a.publication, a.council_code, b.council_code
    having count(*) >= 7
),

returns_exchanged as (
    select
        'returns_exchanged' as check_name, a.release_id as publication, a.financial_year, a.council_code,
        a.council_name, b.council_name as item, 'with the return of ' || b.council_name as item_name,
        a.publication as compared_with, cast(null as decimal(18, 2)) as expected,
        cast(null as decimal(18, 2)) as observed, (a.distance + b.distance) / nullif(x.distance + y.distance, 0) as factor
    from services_apart as a
    inner join services_apart as b
        on a.release_id = b.release_id and a.council_code = b.other_code and a.other_code = b.council_code
    inner join services_apart as x
        on a.release_id = x.release_id and a.council_code = x.council_code and x.council_code = x.other_code
    inner join services_apart as y
        on b.release_id = y.release_id and b.council_code = y.council_code and y.council_code = y.other_code
    where a.council_code != b.council_code
),

-- Spending on younger and on older people of the same service, each beside the budget of the other.
ages_exchanged as (
    select
        'return_ages_exchanged' as check_name, a.release_id as publication, a.financial_year, a.council_code,
        any_value(a.council_name) as council_name, '' as item, 'ages 18 to 64 and 65 and over' as item_name,
        any_value(a.publication) as compared_with, cast(null as decimal(18, 2)) as expected,
        cast(null as decimal(18, 2)) as observed,
        avg(abs(ln(cast(a.returned as double) / b.budgeted))) / nullif(avg(abs(ln(cast(a.returned as double) / a.budgeted))), 0) as factor
    from services as a
    inner join services as b
        on
            a.release_id = b.release_id and a.financial_year = b.financial_year and a.council_code = b.council_code
            and a.service = b.service and a.age_band != b.age_band
    where a.age_band != '' and b.age_band != ''
    group by a.release_id, a.financial_year, a.council_code
    having count(*) >= 5
),

scores as (
    select
        d.release_id, d.domain, d.council_code, any_value(d.council_name) as council_name,
        replace(d.measure, 'rank_of_', '') as measure,
        any_value(d.value) filter (where left(d.measure, 8) <> 'rank_of_') as score,
        any_value(d.value) filter (where left(d.measure, 8) = 'rank_of_') as printed_rank
    from {{ source('raw', 'deprivation_cells') }} as d
    inner join {{ source('raw', 'releases') }} as e on d.release_id = e.release_id and e.is_serving
    group by all
    having score is not null and printed_rank is not null
),

ranked as (
    select *, rank() over (partition by release_id, domain, measure order by score desc) as rank_of_score from scores
),

ranks as (
    select
        'rank_off_its_score' as check_name, release_id as publication, '' as financial_year, council_code,
        council_name, domain || ' ' || measure as item,
        'rank of the ' || replace(measure, '_', ' ') || ' (' || domain || ')' as item_name,
        'the scores of all councils' as compared_with, cast(rank_of_score as decimal(18, 2)) as expected,
        cast(printed_rank as decimal(18, 2)) as observed, cast(printed_rank - rank_of_score as double) as factor
    from ranked
),

findings as (
    select * from not_older
    union all
    select * from base_years
    union all
    select * from return_additions
    union all
    select * from return_and_budget
    union all
    select * from returns_exchanged
    union all
    select * from ages_exchanged
    union all
    select * from ranks
)

select t.*
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor not between c.lowest_factor and c.highest_factor
