-- The way back of the lines that a published driver splits: each council's share of a support reason for a service,
-- and every cell of the finance return it is made of. A setting of client contributions is taken off care at home in
-- proportion, so its cell is with each community service.
with shares as (
    select
        *,
        cast(sum(quantity) over (partition by council_code, driver_year, support_reason) as decimal(38, 0)) as reason_quantity
    from {{ ref('int_asc_fr_splits') }}
),

settings as (
    select care_type, coalesce(support_setting, '') as support_setting, coalesce(purpose, '') as purpose, support_reason,
        service_code, is_community
    from {{ ref('asc_fr_services') }}
),

cells as (
    select
        s.*,
        case geography_level when 'council' then council_code when 'region' then region_code else 'england' end as geography_code
    from {{ ref('stg_asc_fr__support_65_plus') }} as s
),

served as (
    select c.*, x.service_code, false as is_contribution
    from cells as c
    inner join settings as x
        on c.care_type = x.care_type and c.support_setting = x.support_setting and c.purpose = x.purpose
        and c.support_reason = coalesce(x.support_reason, c.support_reason)
    union all
    select c.*, x.service_code, true
    from cells as c
    cross join (select distinct service_code from settings where is_community) as x
    where
        c.care_type = 'long_term' and c.net_gbp < 0
        and c.support_setting not in (select support_setting from settings where care_type = 'long_term')
)

select
    s.council_code,
    s.driver_year,
    s.support_reason,
    s.service_code,
    {{ ratio('s.quantity', 's.reason_quantity') }} as driver_share,
    s.driver_level,
    o.geography_code as source_geography_code,
    c.support_reason as cell_support_reason,
    c.care_type,
    c.support_setting,
    c.purpose,
    c.is_contribution,
    cast(c.net_gbp as decimal(18, 2)) as cell_net_gbp,
    c.release_id,
    c.sheet,
    c.source_row,
    c.source_column
from shares as s
inner join {{ ref('int_asc_fr_sources') }} as o
    on s.council_code = o.council_code and s.driver_year = o.driver_year and s.support_reason = o.support_reason
inner join served as c
    on o.driver_year = c.financial_year and o.geography_level = c.geography_level and o.geography_code = c.geography_code
    and s.service_code = c.service_code and s.support_reason in (c.support_reason, 'all')
