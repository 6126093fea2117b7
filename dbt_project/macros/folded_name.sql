{#- A unit's name as it is compared: no case, no punctuation, no words for the kind of authority. As in
    ingest/submitted/codings/unit_register.py. -#}
{% macro folded_name(name) -%}
  trim(regexp_replace(regexp_replace(
    regexp_replace(replace(lower({{ name }}), '&', ' and '), '[^a-z0-9]+', ' ', 'g'),
    '\b(the|london|royal|metropolitan|borough|county|city|district|council|unitary|authority|mbc|ua|of|health|and|wellbeing|board|council s)\b',
    ' ', 'g'
  ), ' +', ' ', 'g'))
{%- endmacro %}
