{#-
  Moments of the error of a share, by the one declared family: a triangle on either side of the central share, falling
  to the low and to the high end, weighed so that the central share is the mean. Means are what sums of lines and of
  councils keep. Where the central share is itself an end (a whole service, or none of it), there is a triangle on
  the other side alone, and the mean is not the central share.
-#}
{% macro error_mean(low, central, high) -%}
  case when {{ central }} <= {{ low }} then ({{ high }} - {{ central }}) / 3
    when {{ central }} >= {{ high }} then ({{ low }} - {{ central }}) / 3 else 0 end
{%- endmacro %}
{% macro error_variance(low, central, high) -%}
  case when {{ central }} <= {{ low }} or {{ central }} >= {{ high }} then ({{ high }} - {{ low }}) * ({{ high }} - {{ low }}) / 18
    else ({{ central }} - {{ low }}) * ({{ high }} - {{ central }}) / 6 end
{%- endmacro %}
{#- Cube root of the third central moment: it scales with the amount, as a standard deviation does. -#}
{% macro error_skew_root(low, central, high) -%}
  cbrt(case when {{ central }} <= {{ low }} then power({{ high }} - {{ low }}, 3) / 135
    when {{ central }} >= {{ high }} then -power({{ high }} - {{ low }}, 3) / 135
    else ({{ central }} - {{ low }}) * ({{ high }} - {{ central }}) * ({{ low }} + {{ high }} - 2 * {{ central }}) / 10 end)
{%- endmacro %}

{#- The point of the standard normal distribution at the ends of an interval of nine in ten. -#}
{% macro interval_quantile() -%}1.644853627{%- endmacro %}

{#- The quantile of a sum of errors at a point of the standard normal distribution, from its mean, its standard
    deviation and its skewness times that: a gamma distribution moved to its place, by the cubes of Wilson and Hilferty.
    A larger point never gives a smaller quantile, however lopsided the sum; where it does not lean it is normal. -#}
{% macro error_quantile(mean, error, lean, point) -%}
  {{ mean }} + case
    when {{ error }} <= 0 then 0
    when abs({{ lean }}) < {{ error }} / 1000000 then {{ point }} * {{ error }}
    else 2 * {{ error }} * {{ error }} / {{ lean }} * (power(greatest(
      1 + {{ point }} * {{ lean }} / (6 * {{ error }}) - power({{ lean }} / (6 * {{ error }}), 2), 0), 3) - 1)
  end
{%- endmacro %}

{#- What a part gives up of what other parts of the whole gain: in proportion to the central shares of the parts that
    err; a part that is certain gives up nothing where two or more others err. Over a list of parts. -#}
{% macro giving(variance, central, list) -%}
  case
    when sum(case when {{ variance }} > 0 then 1 else 0 end) over (partition by {{ list }}) < 2
      or sum(case when {{ variance }} > 0 then {{ central }} else 0 end) over (partition by {{ list }}) <= 0 then {{ central }}
    when {{ variance }} > 0 then {{ central }} / sum(case when {{ variance }} > 0 then {{ central }} else 0 end) over (partition by {{ list }})
    else 0
  end
{%- endmacro %}

{#- Parts of one whole err against each other: scaled to the whole, their errors are widened so that the parts vary on
    average as much as declared. Over a list of parts, each giving its share of what the others gain; one where nothing
    varies. -#}
{% macro widening(variance, giving, list) -%}
  coalesce(sqrt(sum({{ variance }}) over (partition by {{ list }}) / nullif(
    sum({{ variance }} * (1 - 2 * {{ giving }})) over (partition by {{ list }})
    + sum({{ variance }}) over (partition by {{ list }}) * sum({{ giving }} * {{ giving }}) over (partition by {{ list }}), 0)), 1)
{%- endmacro %}

{#- Columns of a headline's central interval, from its row h and the interval's row i: never without the central
    amount, even where all its errors lie to one side, and never beyond the outer bounds, where an end by the expansion
    overshoots what all rules wrong together could give; null where there is no interval. -#}
{% macro central_interval_columns() -%}
  {%- for set, amount in [('adult_social_care', 'h.adult_social_care_gbp'), ('amount', 'h.amount_gbp')] %}
    {%- set low = 'case when i.area_code is not null then greatest(' ~ amount ~ ' + least(i.' ~ set ~ '_low_off_gbp, 0), h.' ~ set ~ '_low_gbp) end' %}
    {%- set high = 'case when i.area_code is not null then least(' ~ amount ~ ' + greatest(i.' ~ set ~ '_high_off_gbp, 0), h.' ~ set ~ '_high_gbp) end' %}
    cast({{ low }} as decimal(18, 2)) as {{ set }}_central_low_gbp,
    cast({{ high }} as decimal(18, 2)) as {{ set }}_central_high_gbp,
    cast({{ amount }} + i.{{ set }}_middle_off_gbp as decimal(18, 2)) as {{ set }}_middle_gbp
    {%- if set == 'adult_social_care' %},
    {{ ratio(low, 'h.adult_social_care_total_gbp') }} as share_of_adult_social_care_central_low_share,
    {{ ratio(high, 'h.adult_social_care_total_gbp') }} as share_of_adult_social_care_central_high_share
    {%- endif %}{{ "," if not loop.last }}
  {%- endfor %}
{%- endmacro %}
