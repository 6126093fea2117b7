{#-
  Exact apportionment in integers. Money is in pence, weights are whole numbers, and nothing passes through a
  floating-point type, so every engine gives the same pennies. Engine differences in numbers (wide integers, integer
  division) live in the dispatched macros here, those in text, lists and tables in macros/dialect.
-#}

{#- An integer type wide enough for pence × weight: both may have eighteen digits. -#}
{% macro wide_int() -%}{{ return(adapter.dispatch('wide_int', 'prevention')()) }}{%- endmacro %}
{% macro default__wide_int() -%}decimal(38, 0){%- endmacro %}
{% macro duckdb__wide_int() -%}hugeint{%- endmacro %}

{#- Quotient of two whole numbers, rounded towards zero, exactly. The divisor must not be zero. -#}
{% macro int_div(dividend, divisor) -%}{{ return(adapter.dispatch('int_div', 'prevention')(dividend, divisor)) }}{%- endmacro %}
{% macro default__int_div(dividend, divisor) -%}
  cast((cast({{ dividend }} as decimal(38, 0)) - ({{ dividend }}) % ({{ divisor }})) / ({{ divisor }}) as decimal(38, 0))
{%- endmacro %}
{% macro duckdb__int_div(dividend, divisor) -%}(({{ dividend }}) // ({{ divisor }})){%- endmacro %}

{#- A number rounded to places that a column says, none to six. -#}
{% macro rounded_to(number, places) -%}{{ return(adapter.dispatch('rounded_to', 'prevention')(number, places)) }}{%- endmacro %}
{% macro default__rounded_to(number, places) -%}round({{ number }}, {{ places }}){%- endmacro %}
{#- Spark wants the places written out. -#}
{% macro spark__rounded_to(number, places) -%}
  case {{ places }}{% for fixed in range(7) %} when {{ fixed }} then round({{ number }}, {{ fixed }}){% endfor %} end
{%- endmacro %}

{#- The middle of DECIMAL numbers with `places` places, rounded down to them where it lies between two. -#}
{% macro median_of(number, places, over='') -%}
  {{ return(adapter.dispatch('median_of', 'prevention')(number, places, over)) }}
{%- endmacro %}
{% macro default__median_of(number, places, over) -%}median({{ number }}){{ ' over ' ~ over if over }}{%- endmacro %}
{#- Spark would give a float: its median of whole numbers is exact to the half. -#}
{% macro spark__median_of(number, places, over) -%}
  cast(
    floor(median(cast({{ number }} * 1{{ '0' * places }} as bigint)){{ ' over ' ~ over if over }}) * 0.{{ '0' * (places - 1) }}1
    as decimal(18, {{ places }})
  )
{%- endmacro %}

{#- Pounds as whole pence, and back: by multiplication, since dividing decimals gives a float on some engines. -#}
{% macro to_pence(amount_gbp) -%}cast(({{ amount_gbp }}) * 100 as bigint){%- endmacro %}
{% macro to_gbp(pence) -%}
  cast(cast({{ pence }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}

{#- A share as a whole number of million-millionths (twelve places), and as parts per million (ranges). -#}
{% macro share_weight(share) -%}cast(cast({{ share }} as decimal(38, 12)) * 1000000000000 as {{ wide_int() }}){%- endmacro %}
{% macro share_ppm(share) -%}cast(round(cast({{ share }} as decimal(38, 12)) * 1000000) as bigint){%- endmacro %}

{#- The ratio of two amounts as DECIMAL with `places` places, or null when the divisor is null or zero. -#}
{% macro ratio(dividend, divisor, places=6) -%}
  cast(round(cast({{ dividend }} as double) / nullif(cast({{ divisor }} as double), 0), {{ places }}) as decimal(18, {{ places }}))
{%- endmacro %}

{#- An absolute amount times millionths of millionths, rounded down or up to the penny: what a share of it can be. -#}
{% macro share_rounded_down(amount, share) -%}
cast({{ int_div('cast(abs(' ~ amount ~ ') as ' ~ wide_int() ~ ') * (' ~ share ~ ')', '1000000000000') }} as bigint)
{%- endmacro %}
{% macro share_rounded_up(amount, share) -%}
cast({{ int_div('cast(abs(' ~ amount ~ ') as ' ~ wide_int() ~ ') * (' ~ share ~ ') + 999999999999', '1000000000000') }} as bigint)
{%- endmacro %}

{#- The lower of two confidence grades. -#}
{% macro lower_confidence(first, second) -%}
  case when 'low' in ({{ first }}, {{ second }}) then 'low' when 'medium' in ({{ first }}, {{ second }}) then 'medium' else 'high' end
{%- endmacro %}

{#-
  Least and most that a set of a line's cells can hold, as signed pence. `low` and `high` are the sums of the
  set's own bounds, `line_low` and `line_high` those of all cells of the line, all as absolute amounts; `amount`
  is the line's signed amount. A credit turns the bounds round, so low <= central <= high holds for it too.
-#}
{% macro set_low(amount, low, high, line_low, line_high) -%}
  case when {{ amount }} < 0
    then -least({{ high }}, abs({{ amount }}) - ({{ line_low }} - {{ low }}))
    else greatest({{ low }}, abs({{ amount }}) - ({{ line_high }} - {{ high }}))
  end
{%- endmacro %}
{% macro set_high(amount, low, high, line_low, line_high) -%}
  case when {{ amount }} < 0
    then -greatest({{ low }}, abs({{ amount }}) - ({{ line_high }} - {{ high }}))
    else least({{ high }}, abs({{ amount }}) - ({{ line_low }} - {{ low }}))
  end
{%- endmacro %}

{#- Pounds for each head, to the penny, from pence; null where the population is not known. -#}
{% macro per_head(pence, population) -%}
  cast(round(cast({{ pence }} as double) / 100 / nullif(cast({{ population }} as double), 0), 2) as decimal(18, 2))
{%- endmacro %}

{#- Residents that a figure of an outcome is divided by: those whom the outcome is for. -#}
{% macro population_of(relation, group_column='population_group') -%}
  case when {{ relation }}.{{ group_column }} = '65_plus' then {{ relation }}.population_65_plus else {{ relation }}.population_18_plus end
{%- endmacro %}

{#- Pence as pounds in the prices of the price year; null where the year has no deflator. -#}
{% macro real_gbp(pence, factor) -%}
  cast(round(cast({{ to_gbp(pence) }} as decimal(24, 2)) * cast({{ factor }} as decimal(12, 8)), 2) as decimal(18, 2))
{%- endmacro %}
