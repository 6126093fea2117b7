{#-
  What the engines write differently about text and lists. DuckDB's form is the default; Spark's is beside it.
-#}

{#- Texts of a group one after the other, in order, nulls left out; null where there is none. With `distinct` each text
    once, in the order of the texts themselves. `where` says which rows count. -#}
{% macro joined(text, separator, order_by=none, where=none, distinct=false) -%}
  {{ return(adapter.dispatch('joined', 'prevention')(text, separator, order_by or text, where, distinct)) }}
{%- endmacro %}
{% macro default__joined(text, separator, order_by, where, distinct) -%}
  string_agg({{ 'distinct ' if distinct }}{{ text }}, '{{ separator }}' order by {{ order_by }})
  {%- if where %} filter (where {{ where }}){% endif %}
{%- endmacro %}
{#- Spark can neither filter an ordered aggregate nor have two distinct ones: what does not count is null instead, and
    each text once is a set put in order. -#}
{% macro spark__joined(text, separator, order_by, where, distinct) -%}
  {%- set counted = 'case when ' ~ where ~ ' then ' ~ text ~ ' end' if where else text -%}
  {%- if distinct -%}
  case when count({{ counted }}) > 0 then array_join(array_sort(collect_set({{ counted }})), '{{ separator }}') end
  {%- else -%}
  listagg({{ counted }}, '{{ separator }}') within group (order by {{ order_by }})
  {%- endif -%}
{%- endmacro %}

{#- The parts of a text between separators, as a list. -#}
{% macro parts_of(text, separator) -%}
  {{ return(adapter.dispatch('parts_of', 'prevention')(text, separator)) }}
{%- endmacro %}
{% macro default__parts_of(text, separator) -%}string_split({{ text }}, '{{ separator }}'){%- endmacro %}
{% macro spark__parts_of(text, separator) -%}split({{ text }}, '[{{ separator[0] }}]{{ separator[1:] }}'){%- endmacro %}

{#- One row for each element of a list, as an expression of a select. -#}
{% macro one_row_each(list) -%}{{ return(adapter.dispatch('one_row_each', 'prevention')(list)) }}{%- endmacro %}
{% macro default__one_row_each(list) -%}unnest({{ list }}){%- endmacro %}
{% macro spark__one_row_each(list) -%}explode({{ list }}){%- endmacro %}

{#- How many elements a list has. -#}
{% macro elements_in(list) -%}{{ return(adapter.dispatch('elements_in', 'prevention')(list)) }}{%- endmacro %}
{% macro default__elements_in(list) -%}len({{ list }}){%- endmacro %}
{% macro spark__elements_in(list) -%}array_size({{ list }}){%- endmacro %}

{#- All whole numbers from the first to the last, as a list. -#}
{% macro numbers_between(first, last) -%}
  {{ return(adapter.dispatch('numbers_between', 'prevention')(first, last)) }}
{%- endmacro %}
{% macro default__numbers_between(first, last) -%}generate_series({{ first }}, {{ last }}){%- endmacro %}
{% macro spark__numbers_between(first, last) -%}sequence({{ first }}, {{ last }}){%- endmacro %}

{#- Every match of a regular expression replaced. -#}
{% macro matches_replaced(text, pattern, replacement) -%}
  {{ return(adapter.dispatch('matches_replaced', 'prevention')(text, pattern, replacement)) }}
{%- endmacro %}
{% macro default__matches_replaced(text, pattern, replacement) -%}
  regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}
{% macro spark__matches_replaced(text, pattern, replacement) -%}
  regexp_replace({{ text }}, r'{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{#- A field of a JSON text, as text. -#}
{% macro json_field(json, field) -%}{{ return(adapter.dispatch('json_field', 'prevention')(json, field)) }}{%- endmacro %}
{% macro default__json_field(json, field) -%}json_extract_string({{ json }}, '$.{{ field }}'){%- endmacro %}
{% macro spark__json_field(json, field) -%}get_json_object({{ json }}, '$.{{ field }}'){%- endmacro %}

{#- A whole number with a comma between thousands. -#}
{% macro with_thousands(number) -%}{{ return(adapter.dispatch('with_thousands', 'prevention')(number)) }}{%- endmacro %}
{% macro default__with_thousands(number) -%}format('{:,}', {{ number }}){%- endmacro %}
{% macro spark__with_thousands(number) -%}format_number({{ number }}, 0){%- endmacro %}

{#- Rows of two selections put together by the names of their columns; Spark's SQL goes by position, and the comparison
of its tables with DuckDB's sees a column that has moved. -#}
{% macro union_by_name() -%}{{ return(adapter.dispatch('union_by_name', 'prevention')()) }}{%- endmacro %}
{% macro default__union_by_name() -%}union all by name{%- endmacro %}
{% macro spark__union_by_name() -%}union all{%- endmacro %}

{#- All columns but those named, to be written after `*`. -#}
{% macro but_columns(columns) -%}{{ return(adapter.dispatch('but_columns', 'prevention')(columns)) }}{%- endmacro %}
{% macro default__but_columns(columns) -%}exclude ({{ columns | join(', ') }}){%- endmacro %}
{% macro spark__but_columns(columns) -%}except ({{ columns | join(', ') }}){%- endmacro %}

{#- Whether a number is above, below or at zero: 1, -1 or 0, as a whole number. -#}
{% macro sign_of(number) -%}{{ return(adapter.dispatch('sign_of', 'prevention')(number)) }}{%- endmacro %}
{% macro default__sign_of(number) -%}sign({{ number }}){%- endmacro %}
{% macro spark__sign_of(number) -%}cast(sign({{ number }}) as int){%- endmacro %}

{#- Said of a common table expression that is read more than once: it is worked out once. Spark has no word for it. -#}
{% macro evaluated_once() -%}{{ return(adapter.dispatch('evaluated_once', 'prevention')()) }}{%- endmacro %}
{% macro default__evaluated_once() -%}materialized{%- endmacro %}
{% macro spark__evaluated_once() -%}{%- endmacro %}

{#- A declared type as the engine calls it. -#}
{% macro engine_type(data_type) -%}{{ return(adapter.dispatch('engine_type', 'prevention')(data_type)) }}{%- endmacro %}
{% macro default__engine_type(data_type) -%}{{ return(data_type) }}{%- endmacro %}
{% macro spark__engine_type(data_type) -%}{{ return(data_type | replace('varchar', 'string')) }}{%- endmacro %}
