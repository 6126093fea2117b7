-- Financial years from the start of the register. Forecast years have a growth rate and no index: the index is
-- chained from the last published one.
with recursive chained (financial_year, deflator_index, is_forecast, release_id) as (
    select financial_year, deflator_index, false as is_forecast, release_id
    from {{ ref('stg_deflators__years') }}
    where not is_forecast
    union all
    select
        f.financial_year,
        cast(c.deflator_index * (100 + f.growth_percent) * 0.01 as decimal(18, 6)) as deflator_index,
        true as is_forecast,
        f.release_id
    from chained as c
    inner join {{ ref('stg_deflators__years') }} as f
        on f.is_forecast and f.financial_year = {{ financial_year_shift('c.financial_year', 1) }}
),

bounds as (
    select
        {{ financial_year_start("'" ~ var("first_register_year") ~ "'") }} as first_start,
        greatest(
            coalesce((select max({{ financial_year_start('financial_year') }}) from {{ ref('stg_deflators__years') }}), 0),
            coalesce(
                (
                    select max({{ financial_year_start('financial_year') }})
                    from {{ source('raw', 'releases') }}
                    where financial_year is not null
                ),
                0
            )
        ) as last_start
),

years as (
    select
        {{ financial_year_from('s.start_year') }} as financial_year,
        make_date(cast(s.start_year as bigint), 4, 1) as starts_on,
        make_date(cast(s.start_year as bigint) + 1, 3, 31) as ends_on
    from bounds as b
    cross join lateral {{ one_row_each(numbers_between('b.first_start', 'b.last_start')) }} as s (start_year)
)

select
    y.financial_year,
    y.starts_on,
    y.ends_on,
    c.deflator_index,
    cast(round(cast(p.deflator_index as double) / nullif(c.deflator_index, 0), 9) as decimal(18, 9)) as real_terms_factor,
    '{{ var("price_year") }}' as price_year,
    coalesce(c.is_forecast, false) as is_deflator_forecast,
    c.release_id as deflator_release_id
from years as y
left join chained as c on y.financial_year = c.financial_year
left join chained as p on p.financial_year = '{{ var("price_year") }}'
