{#- Columns of agreement that every figure resting on codings carries; `r` is the reliability of its item or theme. -#}
{% macro reliability_columns(r) -%}
  {{ r }}.alpha,
  {{ r }}.alpha_lower,
  {{ r }}.alpha_upper,
  {{ r }}.percent_agreement,
  {{ r }}.is_reliable,
  {{ r }}.reliability,
  {{ r }}.reliability_note
{%- endmacro %}
