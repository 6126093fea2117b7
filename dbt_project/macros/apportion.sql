{#-
  Exact apportionment in integers. Money is in pence, weights are whole numbers, and nothing passes through a
  floating-point type, so every engine gives the same pennies. Engine differences (wide integers, integer
  division) live in the dispatched macros here and nowhere else.
-#}

{#- An integer type wide enough for pence × weight: both may have eighteen digits. -#}
{% macro wide_int() -%}{{ return(adapter.dispatch('wide_int', 'prevention')()) }}{%- endmacro %}
{% macro default__wide_int() -%}decimal(38, 0){%- endmacro %}
{% macro duckdb__wide_int() -%}hugeint{%- endmacro %}

{#- Quotient of two non-negative whole numbers, rounded down, exactly. The divisor must not be zero. -#}
{% macro int_div(dividend, divisor) -%}{{ return(adapter.dispatch('int_div', 'prevention')(dividend, divisor)) }}{%- endmacro %}
{% macro default__int_div(dividend, divisor) -%}
  cast((({{ dividend }}) - ({{ dividend }}) % ({{ divisor }})) / ({{ divisor }}) as decimal(38, 0))
{%- endmacro %}
{% macro duckdb__int_div(dividend, divisor) -%}(({{ dividend }}) // ({{ divisor }})){%- endmacro %}

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

{#-
  Largest remainder (Hamilton) rounding, set-based.

  relation   rows to be given money: one row a recipient, every recipient of a group present
  group_by   column naming the group (one line, or one service of a line)
  amount     the group's amount in pence, the same on each of its rows; any sign, zero too
  weight     the recipient's whole-number weight, not negative; a group's weights must not all be zero
  tie        column that settles equal remainders, ascending
  result     name of the column that carries the recipient's pence
  keep       list of columns of the relation to carry through

  Each recipient gets the quotient of |amount| × weight by the group's weight; the pennies left over go one
  each to the largest remainders. A negative amount is shared by its absolute value and the sign restored,
  so a credit splits exactly as a charge does. The result sums to the amount in every group.
-#}
{% macro largest_remainder(relation, group_by, amount, weight, tie, result, keep) %}
select {{ keep | join(', ') }},
    cast(sign({{ amount }}) * (lr_quotient + case when lr_rank <= lr_left_over then 1 else 0 end) as bigint) as {{ result }}
from (
    select *,
        row_number() over (partition by {{ group_by }} order by lr_remainder desc, {{ tie }}) as lr_rank,
        abs({{ amount }}) - sum(lr_quotient) over (partition by {{ group_by }}) as lr_left_over
    from (
        select *, lr_product - lr_quotient * lr_total_weight as lr_remainder
        from (
            -- Wide division is the dear step: a recipient of the whole needs none, and the remainder is a difference.
            select *,
                case when {{ weight }} = lr_total_weight then cast(abs({{ amount }}) as {{ wide_int() }})
                    else {{ int_div('lr_product', 'lr_total_weight') }} end as lr_quotient
            from (
                select *,
                    cast(abs({{ amount }}) as {{ wide_int() }}) * {{ weight }} as lr_product,
                    cast(sum({{ weight }}) over (partition by {{ group_by }}) as {{ wide_int() }}) as lr_total_weight
                from {{ relation }}
            ) as lr_weighed
        ) as lr_quotients
    ) as lr_divided
) as lr_ranked
{% endmacro %}

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

{#- Pence as pounds in the prices of the price year; null where the year has no deflator. -#}
{% macro real_gbp(pence, factor) -%}
  cast(round(cast({{ to_gbp(pence) }} as decimal(24, 2)) * cast({{ factor }} as decimal(12, 8)), 2) as decimal(18, 2))
{%- endmacro %}
