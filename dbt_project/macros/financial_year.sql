{#- Financial years are text, `2021-22`, and sort as such. April to March. -#}

{#- The financial year that starts in April of a calendar year (an integer expression). -#}
{% macro financial_year_from(start_year) -%}
  (cast({{ start_year }} as string) || '-' || right(cast(({{ start_year }}) + 1 as string), 2))
{%- endmacro %}

{#- The calendar year in whose April a financial year starts, as an integer. -#}
{% macro financial_year_start(financial_year) -%}
  cast(left({{ financial_year }}, 4) as integer)
{%- endmacro %}

{#- The financial year a date falls in. -#}
{% macro financial_year_of(date) -%}
  {{ financial_year_from("(year(" ~ date ~ ") - case when month(" ~ date ~ ") < 4 then 1 else 0 end)") }}
{%- endmacro %}

{#- The financial year some years on (or back, for a negative number). -#}
{% macro financial_year_shift(financial_year, years) -%}
  {{ financial_year_from("(" ~ financial_year_start(financial_year) ~ " + (" ~ years ~ "))") }}
{%- endmacro %}
