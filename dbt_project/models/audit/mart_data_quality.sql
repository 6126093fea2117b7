-- Every check of the refresh that made these tables, as it was found.
select
    check_name,
    severity,
    status,
    compared::bigint as compared,
    failed::bigint as failed,
    detail
from {{ source('raw', 'check_results') }}
