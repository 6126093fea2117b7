{#- Limits for counts. z is the standard normal deviate: 1.959964 for 95 per cent, 3.090232 for 99.8. -#}

{#- Byar's approximation of the exact Poisson limits of an observed count; the lower limit of zero is zero. -#}
{% macro byar_lower(count, z) -%}
  case
      when {{ count }} <= 0 then 0
      else {{ count }} * power(greatest(1 - cast(1 as double) / (9 * {{ count }}) - {{ z }} / (3 * sqrt({{ count }})), 0), 3)
  end
{%- endmacro %}

{% macro byar_upper(count, z) -%}
  ({{ count }} + 1) * power(1 - cast(1 as double) / (9 * ({{ count }} + 1)) + {{ z }} / (3 * sqrt({{ count }} + 1)), 3)
{%- endmacro %}

{#- Limits around what is expected, on the square-root scale, where the spread of a Poisson count is one half.
    `between` is the variance between councils of the root of observed over expected (the additive, random-effects
    form of Spiegelhalter 2005): zero gives the limits that chance alone would keep to, and it weighs the more the
    larger the count, because chance weighs the less. -#}
{% macro funnel_lower(expected, z, between) -%}
  power(greatest(sqrt({{ expected }}) - {{ z }} * sqrt(0.25 + {{ expected }} * {{ between }}), 0), 2)
{%- endmacro %}

{% macro funnel_upper(expected, z, between) -%}
  power(sqrt({{ expected }}) + {{ z }} * sqrt(0.25 + {{ expected }} * {{ between }}), 2)
{%- endmacro %}
