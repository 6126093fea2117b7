-- English upper-tier and single-tier authorities: those with adult social care duties. The registry is
-- published as two files with the same authorities; the first that lists one is used.
with serving as (
    select r.*
    from {{ source('raw', 'council_register') }} as r
    inner join {{ source('raw', 'releases') }} as e on r.release_id = e.release_id and e.is_serving
    where
        r.nation = 'England'
        and r.authority_type in ('CTY', 'UA', 'MD', 'LBO', 'CC')
        and r.council_code is not null
)

select
    registry_code,
    council_code,
    ecode,
    official_name,
    nice_name as council_name,
    authority_type,
    region,
    try_cast(start_date as date) as started_on,
    -- Published last days are 31 March or the 1 April on which the successor began.
    case
        when month(try_cast(end_date as date)) = 4 and day(try_cast(end_date as date)) = 1
            then try_cast(end_date as date) - 1
        else try_cast(end_date as date)
    end as ended_on,
    replaced_by,
    release_id
from serving
qualify row_number() over (partition by council_code order by release_id) = 1
