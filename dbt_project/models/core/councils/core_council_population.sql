-- Residents of each council on the boundary it had in the year. Estimates are published on the next year's
-- boundaries, so a council that has ended is rebuilt from its successors, where these are wholly its own.
-- Bournemouth, Poole and old Dorset in 2018-19 cannot be: a district changed hands, and nothing is carried.
with areas as (
    select * from {{ ref('stg_population__areas') }}
),

succession as (
    select
        from_code,
        to_code,
        change_kind,
        carries_series,
        count(*) over (partition by from_code) as successors,
        count(*) over (partition by to_code) as predecessors
    from {{ ref('core_council_succession') }}
),

council_years as (
    select c.council_code, y.financial_year
    from {{ ref('core_council_spans') }} as c
    inner join (select distinct financial_year from areas) as y
        on
            y.financial_year >= c.valid_from_year
            and y.financial_year <= coalesce(c.valid_to_year, '9999-00')
),

-- Each council's related codes, with how a figure may be put together from them; a lower rank is preferred.
relations as (
    select council_code, council_code as area_code, 1 as preference, 'published' as basis, 1 as parts
    from (select distinct council_code from council_years)
    union all
    select from_code, to_code, 2, 'same_area_successor', 1
    from succession where carries_series and successors = 1 and predecessors = 1
    union all
    select to_code, from_code, 3, 'same_area_predecessor', 1
    from succession where carries_series and successors = 1 and predecessors = 1
    union all
    select from_code, to_code, 4, 'rebuilt_from_successors', successors
    from succession
    where
        change_kind = 'split'
        and from_code not in (select from_code from succession where predecessors > 1)
    union all
    select to_code, from_code, 5, 'rebuilt_from_predecessors', predecessors
    from succession
    where
        change_kind = 'merge'
        and to_code not in (select to_code from succession where successors > 1)
),

put_together as (
    select
        y.council_code,
        y.financial_year,
        r.basis,
        r.preference,
        cast(sum(a.population_65_plus) as bigint) as population_65_plus,
        cast(sum(a.population_18_plus) as bigint) as population_18_plus,
        cast(sum(a.population_all) as bigint) as population_all,
        min(a.release_id) as release_id
    from council_years as y
    inner join relations as r on y.council_code = r.council_code
    inner join areas as a on r.area_code = a.area_code and y.financial_year = a.financial_year
    group by y.council_code, y.financial_year, r.basis, r.preference, r.parts
    having count(*) = r.parts
),

best as (
    select *
    from put_together
    qualify row_number() over (partition by council_code, financial_year order by preference) = 1
)

select
    y.council_code,
    y.financial_year,
    b.population_65_plus,
    b.population_18_plus,
    b.population_all,
    coalesce(b.basis, 'not_carried') as population_basis,
    b.release_id
from council_years as y
left join best as b on y.council_code = b.council_code and y.financial_year = b.financial_year
