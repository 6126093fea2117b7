-- Which councils make up England, each region, class, combined area and partnership in each financial year, as one
-- row an area, council and year. Every council that is in a year is a member of its areas, whether it answered
-- or not, so that an area can say how many of its councils are in a figure.
with standing as (
    select c.council_code, c.region, c.class, c.council_class_name, y.financial_year
    from {{ ref('dim_council') }} as c
    inner join {{ ref('dim_financial_year') }} as y
        on y.financial_year >= c.valid_from_year and y.financial_year <= coalesce(c.valid_to_year, '9999-00')
)

select 'england' as area_kind, 'E92000001' as area_code, 'England' as area_name, council_code, financial_year
from standing
union all
select 'region', coalesce(r.region_code, s.region), s.region, s.council_code, s.financial_year
from standing as s
left join {{ ref('region_codes') }} as r on s.region = r.region
where s.region is not null
union all
select 'class', class, council_class_name, council_code, financial_year
from standing
where class is not null
union all
select 'combined_area', a.combined_area_code, a.combined_area_name, s.council_code, s.financial_year
from standing as s
inner join {{ ref('dim_combined_area') }} as a on s.council_code = a.council_code
union all
select distinct 'partnership', p.partnership_code, p.partnership_name, s.council_code, s.financial_year
from standing as s
inner join {{ ref('dim_partnership') }} as p
    on s.council_code = p.council_code and s.financial_year >= p.valid_from_year
    and s.financial_year <= coalesce(p.valid_to_year, '9999-00')
