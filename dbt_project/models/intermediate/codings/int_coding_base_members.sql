-- Which units belong to each base that a percentage is taken of.
with bases as (
    select base_name, document_type, item_code, unnest(string_split(codes, '|')) as code
    from {{ ref('coding_bases') }}
)

select distinct b.base_name, a.document_type, a.wave, a.series, a.is_latest_series, a.unit_code
from bases as b
inner join {{ ref('int_codings_agreed') }} as a
    on b.document_type = a.document_type and b.item_code = a.item_code and b.code = a.code
where a.is_present
