-- Which councils a published group row covers. A group nobody can place covers every council, to be safe.
with councils as (
    select
        d.council_code,
        d.valid_from_year,
        d.valid_to_year,
        r.region_code,
        case
            when d.class != 'london_borough' then d.class
            when c.council_type ilike 'inner%' then 'inner_london'
            when c.council_type ilike 'outer%' then 'outer_london'
        end as type_code
    from {{ ref('dim_council') }} as d
    left join {{ ref('region_codes') }} as r on d.region = r.region
    left join {{ ref('stg_register__cassr_codes') }} as c on d.council_code = c.council_code
),

groups as (
    select distinct geography_kind, geography_code, financial_year
    from {{ ref('core_outcomes_served') }}
    where geography_kind != 'council'
)

select g.geography_kind, g.geography_code, g.financial_year, c.council_code
from groups as g
inner join councils as c
    on
        g.financial_year >= c.valid_from_year
        and g.financial_year <= coalesce(c.valid_to_year, '9999-00')
        and (
            g.geography_kind = 'england'
            or (g.geography_kind = 'region' and coalesce(c.region_code, g.geography_code) = g.geography_code)
            or (
                g.geography_kind = 'council_type'
                and (
                    coalesce(c.type_code, g.geography_code) = g.geography_code
                    or g.geography_code like 'unnamed_%'
                )
            )
        )
