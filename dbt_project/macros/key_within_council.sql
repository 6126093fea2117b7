{#- A whole number for each row: a row more of one council moves no key of another's. Of 64 bits from the first factor on,
    since ranks have 32 on Spark and later keys are products of this one. -#}
{% macro key_within_council(council_code, order_by) -%}
  cast(100000 as bigint) * dense_rank() over (order by {{ council_code }})
    + row_number() over (partition by {{ council_code }} order by {{ order_by }})
{%- endmacro %}
