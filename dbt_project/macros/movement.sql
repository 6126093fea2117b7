{#- Pence grown in the proportion now : then of two positive budgets, to the nearest penny, exactly; the sign is kept. -#}
{% macro grown_with(pence, now_budget, then_budget) -%}
  cast({{ sign_of(pence) }} * {{ int_div(
      '(cast(abs(' ~ pence ~ ') as ' ~ wide_int() ~ ') * ' ~ now_budget ~ ' * 2 + ' ~ then_budget ~ ')',
      '(cast(' ~ then_budget ~ ' as ' ~ wide_int() ~ ') * 2)') }} as bigint)
{%- endmacro %}
