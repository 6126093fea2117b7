{#-
  Whether a table or comparison that holds nothing is a fault. It is where every series that the marts are made from
  is held over more than one year of budgets; of part of them some tables are rightly empty, and say so. With `series`
  it is one also wherever that series alone is held: what needs no other has no excuse. The comment stays in the SQL.
-#}
{% macro something_is_due(series=none) -%}
  {%- set held = env_var('PREVENTION_SERIES_HELD', 'all').split(',') -%}
  {%- set due = 'true' if 'all' in held or series in held else 'false' -%}
  {{ return(due ~ ' /* where ' ~ (series or 'all') ~ ' is held */') }}
{%- endmacro %}
