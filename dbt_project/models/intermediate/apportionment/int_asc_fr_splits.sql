-- The external driver: how each council's spending on people aged 65 and over by support reason divides
-- between settings. Client contributions to care at home stand in a setting of their own (negative, without
-- gross cost); they are taken off the community settings in proportion. A council without a usable figure
-- takes its predecessors', then its region's, then England's, and says so in driver_level.
with cells as (
    select * from {{ ref('stg_asc_fr__support_65_plus') }}
),

geographies as (
    select
        financial_year,
        geography_level,
        case geography_level when 'council' then council_code when 'region' then region_code else 'england' end as geography_code,
        support_reason,
        care_type,
        support_setting,
        purpose,
        net_gbp
    from cells
),

with_all_reasons as (
    select financial_year, geography_level, geography_code, support_reason, care_type, support_setting, purpose, net_gbp
    from geographies
    union all
    select financial_year, geography_level, geography_code, 'all', care_type, support_setting, purpose, sum(net_gbp)
    from geographies
    group by financial_year, geography_level, geography_code, care_type, support_setting, purpose
),

known as (
    select
        c.financial_year,
        c.geography_level,
        c.geography_code,
        c.support_reason,
        x.service_code,
        x.cell_percent,
        x.is_community,
        greatest(c.net_gbp, 0) as net_gbp
    from with_all_reasons as c
    inner join {{ ref('asc_fr_services') }} as x
        on c.care_type = x.care_type and c.support_setting = coalesce(x.support_setting, '') and c.purpose = coalesce(x.purpose, '')
),

contributions as (
    select c.financial_year, c.geography_level, c.geography_code, c.support_reason, sum(c.net_gbp) as contribution_gbp
    from with_all_reasons as c
    where c.care_type = 'long_term' and c.net_gbp < 0
        and c.support_setting not in (select support_setting from {{ ref('asc_fr_services') }} where care_type = 'long_term')
    group by c.financial_year, c.geography_level, c.geography_code, c.support_reason
),

community as (
    select financial_year, geography_level, geography_code, support_reason, cast(sum(net_gbp * cell_percent) as bigint) as community_hundredths
    from known
    where is_community
    group by financial_year, geography_level, geography_code, support_reason
),

-- Quantities are whole hundredths of a pound so that a part of a cell stays a whole number.
quantities as (
    select
        k.financial_year,
        k.geography_level,
        k.geography_code,
        k.support_reason,
        k.service_code,
        cast(case
            when k.is_community and c.community_hundredths > 0
                then {{ int_div(
                    'cast(k.net_gbp * k.cell_percent as ' ~ wide_int() ~ ') * greatest(c.community_hundredths + 100 * coalesce(t.contribution_gbp, 0), 0)',
                    'c.community_hundredths') }}
            else k.net_gbp * k.cell_percent
        end as bigint) as quantity
    from known as k
    left join community as c
        on k.financial_year = c.financial_year and k.geography_level = c.geography_level
        and k.geography_code = c.geography_code and k.support_reason = c.support_reason
    left join contributions as t
        on k.financial_year = t.financial_year and k.geography_level = t.geography_level
        and k.geography_code = t.geography_code and k.support_reason = t.support_reason
),

usable as (
    select financial_year, geography_level, geography_code, support_reason
    from quantities
    group by financial_year, geography_level, geography_code, support_reason
    having sum(quantity) > 0
),

councils as (
    select distinct council_code, region from {{ ref('dim_council') }}
),

-- A council row of the return carries its region's code; the register gives the region's name.
regions as (
    select distinct d.region, c.region_code
    from cells as c
    inner join councils as d on c.council_code = d.council_code
    where c.geography_level = 'council' and c.region_code is not null
),

candidates as (
    select council_code, 1 as preference, 'council' as driver_level, 'council' as geography_level, council_code as geography_code
    from councils
    union all
    select
        to_code, 2, case when carries_series then 'council' else 'predecessor' end, 'council', from_code
    from {{ ref('core_council_succession') }}
    union all
    select c.council_code, 3, 'region', 'region', r.region_code
    from councils as c
    inner join regions as r on c.region = r.region
    union all
    select council_code, 4, 'england', 'england', 'england' from councils
),

chosen as (
    select
        u.financial_year,
        u.support_reason,
        k.council_code,
        k.driver_level,
        k.geography_level,
        k.geography_code,
        k.preference,
        min(k.preference) over (partition by u.financial_year, u.support_reason, k.council_code) as best
    from candidates as k
    inner join usable as u on k.geography_level = u.geography_level and k.geography_code = u.geography_code
)

select
    c.council_code,
    q.financial_year as driver_year,
    q.support_reason,
    q.service_code,
    min(c.driver_level) as driver_level,
    cast(sum(q.quantity) as bigint) as quantity
from chosen as c
inner join quantities as q
    on c.financial_year = q.financial_year and c.support_reason = q.support_reason
    and c.geography_level = q.geography_level and c.geography_code = q.geography_code
where c.preference = c.best
group by c.council_code, q.financial_year, q.support_reason, q.service_code
