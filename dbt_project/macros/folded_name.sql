{#- A unit's name as it is compared: no case, no punctuation, no words for the kind of authority. As in
    ingest/submitted/codings/unit_register.py. -#}
{% macro folded_name(name) -%}
  {%- set plain = matches_replaced("replace(lower(" ~ name ~ "), '&', ' and ')", '[^a-z0-9]+', ' ') -%}
  {%- set kinds = 'the|london|royal|metropolitan|borough|county|city|district|council|unitary|authority|mbc|ua|of|health|and'
    ~ '|wellbeing|board|council s' -%}
  trim({{ matches_replaced(matches_replaced(plain, '\\b(' ~ kinds ~ ')\\b', ' '), ' +', ' ') }})
{%- endmacro %}
