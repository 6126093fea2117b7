-- What the finance return says each council, each region and England spend on people aged 65 and over, by support
-- reason and service: whole hundredths of a pound, so that a part of a cell stays a whole number. Client
-- contributions to care at home are in a setting of their own (negative, without gross cost); they are taken off
-- the community settings in proportion.
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

-- A setting may stand for another service where the support reason is another.
placed as (
    select c.*, x.service_code, x.cell_percent, x.is_community
    from geographies as c
    inner join {{ ref('asc_fr_services') }} as x
        on c.care_type = x.care_type and c.support_setting = coalesce(x.support_setting, '')
        and c.purpose = coalesce(x.purpose, '') and c.support_reason = coalesce(x.support_reason, c.support_reason)
),

known as (
    select
        financial_year, geography_level, geography_code, support_reason, service_code, cell_percent, is_community,
        greatest(net_gbp, 0) as net_gbp
    from placed
    union all
    select
        financial_year, geography_level, geography_code, 'all', service_code, cell_percent, is_community,
        greatest(sum(net_gbp), 0)
    from placed
    group by
        financial_year, geography_level, geography_code, service_code, cell_percent, is_community, care_type,
        support_setting, purpose
),

with_all_reasons as (
    select financial_year, geography_level, geography_code, support_reason, care_type, support_setting, purpose, net_gbp
    from geographies
    union all
    select financial_year, geography_level, geography_code, 'all', care_type, support_setting, purpose, sum(net_gbp)
    from geographies
    group by financial_year, geography_level, geography_code, care_type, support_setting, purpose
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
)

select financial_year, geography_level, geography_code, support_reason, service_code, cast(sum(quantity) as bigint) as quantity
from quantities
group by financial_year, geography_level, geography_code, support_reason, service_code
