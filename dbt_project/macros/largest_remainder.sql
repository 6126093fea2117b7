{#-
  Largest remainder (Hamilton) rounding: whole pence shared out by whole-number weights, to the penny.

  Each recipient gets the quotient of |amount| × weight by the group's weight; the pennies left over go one each
  to the largest remainders, equal remainders in the order of `place`. A negative amount is shared by its absolute
  value and the sign restored, so a credit splits exactly as a charge does. What is given sums to the amount.

  Two forms give the same pennies. `shared_by_row` holds a group in one row, its weights side by side, and ranks
  remainders by comparing pairs: no sort, no window, memory flat. It takes groups of few recipients whose products
  provably fit in 64 bits: |amount| <= narrow_limit, which is (2^63 - 1) over the group's weight. Every other group goes
  through `shared_by_window`, in wide integers. `amounts` maps each amount to the name of its result, so that
  several measures of a line (net, gross, income) pass through together.
-#}

{#- Recipients a row can hold; groups with more take the window form. -#}
{% macro row_places() -%}{{ return(range(1, 5)) }}{%- endmacro %}

{#-
  One row a group from one row a recipient (`place` 1, 2, …; `weight`): its weights side by side, without the power of
  ten they all share, which changes neither a quotient nor the order of the remainders.
-#}
{% macro weights_by_row(relation, group_by) %}
select
    {{ group_by | join(', ') }},
    {% for place in row_places() %}
    cast(coalesce(max(case when place = {{ place }} then {{ int_div('weight', 'lr_unit') }} end), 0) as bigint) as weight_{{ place }},
    {% endfor %}
    cast(sum({{ int_div('weight', 'lr_unit') }}) as bigint) as total_weight,
    cast({{ int_div('9223372036854775807', 'cast(sum(' ~ int_div('weight', 'lr_unit') ~ ') as bigint)') }} as bigint) as narrow_limit
from (
    select r.*, u.lr_unit
    from {{ relation }} as r
    inner join (
        select {{ group_by | join(', ') }},
            case
                {% for zeros in [21, 18, 15, 12, 9, 6, 3] %}
                when max(weight % {{ wide_power_of_ten(zeros) }}) = 0 then {{ wide_power_of_ten(zeros) }}
                {% endfor %}
                else cast(1 as {{ wide_int() }})
            end as lr_unit
        from {{ relation }}
        group by {{ group_by | join(', ') }}
        having max(place) <= {{ row_places() | length }} and sum(weight) > 0
    ) as u on {% for column in group_by %}r.{{ column }} = u.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
) as lr_reduced
group by {{ group_by | join(', ') }}
having sum({{ int_div('weight', 'lr_unit') }}) <= 9223372036854775807
{% endmacro %}

{% macro wide_power_of_ten(zeros) -%}cast('1{{ '0' * zeros }}' as {{ wide_int() }}){%- endmacro %}

{#- Whether the row form may take a group: all of its amounts are within the limit. -#}
{% macro fits_by_row(amounts) -%}
{% for amount in amounts %}abs({{ amount }}) <= narrow_limit{{ ' and ' if not loop.last }}{% endfor %}
{%- endmacro %}

{#-
  Each amount of a row shared out by weight_1, weight_2, …: columns <result>_1, <result>_2, … beside those kept. Quotients
  are rounded towards zero, so those of a credit carry its sign; remainders are compared without it.
-#}
{% macro shared_by_row(relation, amounts, keep) %}
{%- set places = row_places() -%}
select
    {{ keep | join(', ') }},
    {% for amount, result in amounts.items() %}{% set outer = loop %}{% for place in places %}
    {{ result }}_q{{ place }} + case
        when {% for other in places if other != place -%}
            case when {{ result }}_r{{ other }} {{ '>=' if other < place else '>' }} {{ result }}_r{{ place }} then 1 else 0 end{{ ' + ' if not loop.last }}
        {%- endfor %} < {{ result }}_left then {{ sign_of(amount) }}
        else 0
    end as {{ result }}_{{ place }}{{ ',' if not (loop.last and outer.last) }}
    {% endfor %}{% endfor %}
from (
    select *,
        {% for amount, result in amounts.items() %}
        abs({{ amount }}{% for place in places %} - {{ result }}_q{{ place }}{% endfor %}) as {{ result }}_left{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select *,
            {% for amount, result in amounts.items() %}{% set outer = loop %}{% for place in places %}
            {{ int_div(amount ~ ' * weight_' ~ place, 'total_weight') }} as {{ result }}_q{{ place }},
            abs({{ amount }} * weight_{{ place }} % total_weight) as {{ result }}_r{{ place }}{{ ',' if not (loop.last and outer.last) }}
            {% endfor %}{% endfor %}
        from {{ relation }}
    ) as lr_divided
) as lr_ranked
{% endmacro %}

{#- What `shared_by_row` gave the recipient at this place. -#}
{% macro at_place(result, place) -%}
cast(case {{ place }}{% for number in row_places() %} when {{ number }} then {{ result }}_{{ number }}{% endfor %} end as bigint)
{%- endmacro %}

{#- The same from one row a recipient, for groups of any size and weights of any width. -#}
{% macro shared_by_window(relation, group_by, amounts, keep) %}
{%- set group = group_by | join(', ') -%}
select
    {{ keep | join(', ') }},
    {% for amount, result in amounts.items() %}
    cast({{ sign_of(amount) }} * ({{ result }}_quotient + case
        when row_number() over (partition by {{ group }} order by {{ result }}_remainder desc, place)
            <= abs({{ amount }}) - sum({{ result }}_quotient) over (partition by {{ group }}) then 1
        else 0
    end) as bigint) as {{ result }}{{ ',' if not loop.last }}
    {% endfor %}
from (
    select *,
        {% for result in amounts.values() %}
        {{ result }}_product - {{ result }}_quotient * lr_total_weight as {{ result }}_remainder{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select *,
            {% for result in amounts.values() %}
            {{ int_div(result ~ '_product', 'lr_total_weight') }} as {{ result }}_quotient{{ ',' if not loop.last }}
            {% endfor %}
        from (
            select *,
                {% for amount, result in amounts.items() %}
                cast(abs({{ amount }}) as {{ wide_int() }}) * weight as {{ result }}_product,
                {% endfor %}
                cast(sum(weight) over (partition by {{ group }}) as {{ wide_int() }}) as lr_total_weight
            from {{ relation }}
        ) as lr_weighed
    ) as lr_quotients
) as lr_divided
{% endmacro %}
