{#-
  How dbt makes tables on Spark, where dbt-spark's own way does not do: types are declared by DuckDB's names, and the
  texts of a seed hold apostrophes and blanks.
-#}

{#- A value of a seed as a literal. -#}
{% macro spark_literal(value) -%}
  {%- if value is none -%}{{ return('null') }}{%- endif -%}
  {{ return("'" ~ (value | string | replace("\\", "\\\\") | replace("'", "\\'")) ~ "'") }}
{%- endmacro %}

{#- The columns of a contract, each selected by name and cast to its type: a column that is missing fails. -#}
{% macro spark__get_select_subquery(sql) %}
select
    {% for column in model['columns'].values() -%}
    cast({{ column['name'] }} as {{ engine_type(column['data_type']) }}) as {{ column['name'] }}{{ ',' if not loop.last }}
    {% endfor %}
from (
    {{ sql }}
) as declared
{%- endmacro %}

{#- dbt compares types as the engine names them, before that cast. DuckDB's build of the same model compares them. -#}
{% macro spark__get_assert_columns_equivalent(sql) -%}{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) %}
  {%- set types = model['config'].get('column_types', {}) -%}
  {%- call statement('_') -%}
    create table {{ this.render() }} (
        {%- for name in agate_table.column_names %}
        {{ name }} {{ engine_type(types.get(name) or adapter.convert_type(agate_table, loop.index0)) }}{{ ',' if not loop.last }}
        {%- endfor %}
    ) using parquet
  {%- endcall -%}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
  {%- set types = model['config'].get('column_types', {}) -%}
  {%- set sql -%}
    insert into {{ this.render() }}
    select
        {%- for name in agate_table.column_names %}
        cast({{ name }} as {{ engine_type(types.get(name) or adapter.convert_type(agate_table, loop.index0)) }}){{ ',' if not loop.last }}
        {%- endfor %}
    from values
    {%- for row in agate_table.rows %}
        ({% for value in row %}{{ spark_literal(value) }}{{ ', ' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
    {%- endfor %}
    as seed ({{ agate_table.column_names | join(', ') }})
  {%- endset -%}
  {%- if agate_table.rows | length > 0 -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
  {%- endif -%}
  {{ return(sql) }}
{% endmacro %}
