-- The one place where published £ thousand become pounds: times 1,000, rounded half away from zero to the
-- penny. Most publications print whole thousands; a few print more places than a penny needs.
with cells as (
    select * from {{ source('raw', 'finance_cells') }}
),

editions as (
    select release_id, release_of, edition_order, is_serving, is_verified, published_on
    from {{ source('raw', 'releases') }}
)

select
    c.release_id,
    e.release_of,
    e.edition_order,
    e.is_serving,
    e.is_verified,
    e.published_on,
    c.source,
    c.financial_year,
    c.statement,
    c.body_code,
    c.body_name,
    c.body_name_published,
    -- London boroughs are L to 2021-22 and LB after.
    case c.body_class when 'LB' then 'L' else c.body_class end as body_class,
    c.is_control,
    c.ons_code,
    c.flag,
    c.line_code,
    c.line_name,
    c.section,
    c.measure,
    coalesce(t.line_code is not null, false) as is_total,
    coalesce(c.section like '%!_of!_which' escape '!' or c.section in ('memorandum', 'notes'), false) as is_memorandum,
    cast(round(c.amount_thousand_gbp * 1000, 2) as decimal(18, 2)) as amount_gbp,
    c.marker,
    c.value_text,
    c.sheet,
    c.source_row,
    c.source_column
from cells as c
inner join editions as e on c.release_id = e.release_id
left join {{ ref('budget_line_totals') }} as t on c.line_code = t.line_code
