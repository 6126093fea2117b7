{#- Whole counts as a percentage to two places, rounded half up in integers; null where there is no base. -#}
{% macro percent(numerator, denominator) -%}
  cast({{ int_div('20000 * (' ~ numerator ~ ') + (' ~ denominator ~ ')', 'nullif(2 * (' ~ denominator ~ '), 0)') }} * 0.01 as decimal(9, 2))
{%- endmacro %}
