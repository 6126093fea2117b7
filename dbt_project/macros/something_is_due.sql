{#-
  Whether a table or comparison that holds nothing is a fault. It is where every series that the marts are made from
  is held over more than one year of budgets; of part of them some tables are rightly empty, and say so.
-#}
{% macro something_is_due() -%}
  {{ return('true' if env_var('PREVENTION_SERIES_HELD', 'all') == 'all' else 'false') }}
{%- endmacro %}
