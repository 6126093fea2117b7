-- Every published cell of every edition. What is served is chosen in fct_budget_line.
with cells as (
    select * from {{ ref('stg_finance__cells') }}
),

bodies as (
    select distinct body_code, ons_code, financial_year from cells where not is_control
),

-- Later years print ONS codes; for earlier ones the E-code leads to the council that had it in that year.
councils as (
    select b.body_code, b.financial_year, max(coalesce(by_ons.council_code, by_ecode.council_code)) as council_code
    from bodies as b
    left join {{ ref('dim_council') }} as by_ons
        on
            b.ons_code = by_ons.council_code
            and b.financial_year >= by_ons.valid_from_year
            and b.financial_year <= coalesce(by_ons.valid_to_year, '9999-00')
    left join {{ ref('dim_council') }} as by_ecode
        on
            b.body_code = by_ecode.ecode
            and b.financial_year >= by_ecode.valid_from_year
            and b.financial_year <= coalesce(by_ecode.valid_to_year, '9999-00')
    group by b.body_code, b.financial_year
)

select
    c.source,
    c.body_code,
    c.body_name,
    case when not c.is_control then c.body_code end as ecode,
    case when c.is_control then 'control' when k.council_code is not null then 'council' else 'other_body' end
        as body_kind,
    k.council_code,
    c.body_class,
    c.financial_year,
    c.statement,
    c.line_code,
    c.line_name,
    c.section,
    c.is_total,
    c.is_memorandum,
    c.measure,
    c.amount_gbp,
    c.marker,
    c.flag,
    c.release_id,
    c.release_of,
    c.edition_order,
    c.is_serving,
    c.is_verified,
    c.published_on,
    c.sheet,
    c.source_row,
    c.source_column
from cells as c
left join councils as k on c.body_code = k.body_code and c.financial_year = k.financial_year
