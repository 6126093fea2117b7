{# A figure as a person reads it: whole from a thousand on, with thousands apart; one decimal below. #}
{% macro in_words(figure) %}
case
    when abs({{ figure }}) >= 1000 then {{ with_thousands('cast(round(' ~ figure ~ ') as bigint)') }}
    else cast(cast({{ figure }} as decimal(18, 1)) as string)
end
{% endmacro %}
