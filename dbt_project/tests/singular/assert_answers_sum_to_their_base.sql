{{ config(meta={"dagster": {"ref": {"name": "int_coding_summary"}}}) }}
-- An item with one answer has one per unit: over all codes the units sum to those coded, decided or not.
with summed as (
    select document_type, wave, series, item_code, base_name, sum(numerator) as numerator, min(denominator) as denominator
    from {{ ref('int_coding_summary') }}
    where item_answer_type = 'one_answer'
    group by document_type, wave, series, item_code, base_name
)

select * from summed where numerator > denominator
