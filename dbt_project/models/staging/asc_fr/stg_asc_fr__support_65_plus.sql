-- Long- and short-term support of people aged 65 and over by support reason and setting, net current
-- expenditure (what the budget form asks for), mandatory rows only: voluntary rows repeat their money.
select
    a.financial_year,
    case
        when a.cassr_code is not null then 'council'
        when a.region_code = 'E92000001' then 'england'
        else 'region'
    end as geography_level,
    coalesce(f.council_code, c.council_code) as council_code,
    a.region_code,
    a.support_reason,
    a.care_type,
    coalesce(a.support_setting, '') as support_setting,
    coalesce(a.purpose, '') as purpose,
    cast(round(a.amount_thousand_gbp * 1000) as bigint) as net_gbp,
    a.release_id,
    a.sheet,
    a.source_row,
    a.source_column
from {{ source('raw', 'asc_fr_cells') }} as a
inner join {{ source('raw', 'releases') }} as e on a.release_id = e.release_id and e.is_serving
left join {{ ref('stg_register__cassr_codes') }} as c on a.cassr_code = c.cassr_code
left join {{ ref('former_cassr_codes') }} as f on a.cassr_code = f.cassr_code and a.financial_year = f.financial_year
where
    a.data_type = 'mandatory'
    and a.age_band = '65_plus'
    and a.care_type in ('long_term', 'short_term')
    and a.measure = 'net_current_expenditure'
