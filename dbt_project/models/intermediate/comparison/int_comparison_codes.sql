-- Codes that stand for the same area, so that a list drawn up on one year's codes serves another's: each code
-- with itself, and with codes before and after it on the same footprint (two steps at most).
with steps as (
    select from_code as code, to_code as same_area_code
    from {{ ref('core_council_succession') }} where carries_series
    union
    select to_code, from_code
    from {{ ref('core_council_succession') }} where carries_series
),

self as (
    select council_code as code, council_code as same_area_code from {{ ref('core_council_spans') }}
)

select code, same_area_code from self
union
select code, same_area_code from steps
union
select a.code, b.same_area_code
from steps as a
inner join steps as b on a.same_area_code = b.code
