select
    release_id,
    release_of,
    source,
    financial_year,
    wave,
    file,
    sha256,
    edition,
    edition_order,
    is_serving,
    is_verified,
    is_sample,
    publisher,
    licence,
    page,
    published_on
from {{ source('raw', 'releases') }}
