{#
  A refresh begins with the models of the one before. What is a function of the same things is left as it is: each
  node's record holds the key (its SQL and settings, and the version of everything it reads) it was built by, and
  the version of what came of it. A model built anew that holds the rows it held keeps its version, so that nothing
  that reads it is built. A test that held is not run again while its key is the same.

  `built.record` is a log: the last row of a node counts, and one without a key says that the node is being built.
  orchestration/reuse.py begins it and gives the versions of raw tables and seeds. dbt called by hand knows none of
  them: it builds what it is told to, and what it builds is built again by the next refresh.
#}

{% macro has_versions() %}{{ return(env_var('PREVENTION_LEAVE_UNCHANGED', '') != '') }}{% endmacro %}

{% macro forget_node() %}
  {%- set held = run_query(
      "select count(*) from duckdb_tables() where database_name = current_database() "
      ~ "and schema_name = 'built' and table_name = 'record'"
  ) -%}
  {%- if held.rows[0][0] -%}{%- do write_record(none) -%}{%- endif -%}
{% endmacro %}

{% macro record_of_node() %}
  {%- set wanted = model.depends_on.nodes + [model.unique_id] -%}
  {%- set found = run_query(
      "select unique_id, key, version, content from built.record where unique_id in ('" ~ wanted | join("', '") ~ "') "
      ~ "qualify row_number() over (partition by unique_id order by number desc) = 1"
  ) -%}
  {%- set record = {} -%}
  {%- for row in found.rows -%}
    {%- do record.update({row[0]: {'key': row[1], 'version': row[2], 'content': row[3]}}) -%}
  {%- endfor -%}
  {{ return(record) }}
{% endmacro %}

{# What this node is a function of; none while the version of something it reads is not known. #}
{% macro key_of_node(record) %}
  {#- Where the raw tables lie changes nothing: their versions do. -#}
  {%- set text = (compiled_code or sql) | replace(env_var('PREVENTION_RAW', 'raw'), 'raw') -%}
  {%- set parts = [text, model.config.materialized, tojson(model.get('columns', {}))] -%}
  {%- for parent in model.depends_on.nodes | sort -%}
    {%- set version = record.get(parent, {}).get('version') -%}
    {%- if not version -%}{{ return(none) }}{%- endif -%}
    {%- do parts.append(parent ~ ' ' ~ version) -%}
  {%- endfor -%}
  {{ return(local_md5(parts | join('\n'))) }}
{% endmacro %}

{% macro write_record(key, version=none, content=none) %}
  {%- set values = [] -%}
  {%- for value in (model.unique_id, key, version, content) -%}
    {%- do values.append('null' if value is none else "'" ~ value ~ "'") -%}
  {%- endfor -%}
  {%- do run_query(
      "insert into built.record select " ~ values | join(', ') ~ ", nextval('built.number')"
  ) -%}
{% endmacro %}

{# The rows of a relation in whatever order, with the names and types of its columns, as one text. What is noted of its
   councils as of a version need not be worked out again. #}
{% macro content_of(relation, column=none, noted_as=none) %}
  {%- set shape = run_query("describe " ~ relation) -%}
  {%- set columns = [] -%}
  {%- for row in shape.rows -%}{%- do columns.append(row[0] ~ ' ' ~ row[1]) -%}{%- endfor -%}
  {%- if column is not none -%}
    {%- set counted = "select sum(content), sum(rows) from built.councils where unique_id = '" ~ model.unique_id
      ~ "' and version = '" ~ noted_as ~ "'" -%}
  {%- else -%}
    {%- set counted = "select sum(hash(counted)), count(*) from " ~ relation ~ " as counted" -%}
  {%- endif -%}
  {%- set rows = run_query(counted).rows[0] -%}
  {{ return(local_md5(columns | join(', ')) ~ ' ' ~ rows[0] ~ ' ' ~ rows[1]) }}
{% endmacro %}

{% macro may_be_left(record, key) %}
  {{ return(
      env_var('PREVENTION_LEAVE_UNCHANGED', '') == 'yes'
      and key is not none
      and record.get(model.unique_id, {}).get('key') == key
  ) }}
{% endmacro %}

{% materialization table, adapter="duckdb", supported_languages=["sql"] %}
  {%- if not has_versions() -%}
    {%- do forget_node() -%}
    {{ return(dbt.materialization_table_duckdb()) }}
  {%- endif -%}
  {%- set record = record_of_node() -%}
  {%- set key = key_of_node(record) -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- if existing is not none and existing.is_table and may_be_left(record, key) -%}
    {%- call noop_statement('main', 'UNCHANGED', 'UNCHANGED', 0) -%}{{ compiled_code }}{%- endcall -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
  {%- endif -%}

  {%- set last = record.get(model.unique_id, {}) -%}
  {%- set had = existing is not none and existing.is_table and last.get('version') -%}
  {%- set column = none -%}
  {%- set councils = none -%}
  {%- set content = last.get('content') -%}
  {%- if had -%}
    {%- set column = council_column(columns_of(existing)) -%}
    {%- if column is not none and not has_councils(model.unique_id, last.version) -%}
      {%- do note_councils(existing, column, last.version) -%}
    {%- endif -%}
    {%- set content = content or content_of(existing, column, last.version) -%}
    {%- set councils = councils_to_build(record) if column is not none else none -%}
  {%- endif -%}
  {%- do write_record(none) -%}
  {%- if councils is not none -%}
    {%- do build_councils(councils, column) -%}
    {%- set relations = {'relations': [this.incorporate(type='table')]} -%}
  {%- else -%}
    {%- set relations = dbt.materialization_table_duckdb() -%}
  {%- endif -%}
  {%- set version = invocation_id ~ ' ' ~ model.unique_id -%}
  {%- if had -%}
    {%- set column = council_column(columns_of(this)) -%}
    {%- do note_councils(this, column, version, councils, last.version) -%}
    {%- set found = content_of(this, column, version) -%}
    {%- if found == content -%}{%- set version = last.version -%}{%- endif -%}
    {%- do write_record(key, version, found) -%}
  {%- else -%}
    {%- do write_record(key, version) -%}
  {%- endif -%}
  {%- do note_inputs(record) -%}
  {{ return(relations) }}
{% endmaterialization %}

{# A view is always made: it costs nothing, and its version is what it shows, which is not looked at again under its key. #}
{% materialization view, adapter="duckdb" %}
  {%- set relations = dbt.materialization_view_default() -%}
  {%- if not has_versions() -%}{{ return(relations) }}{%- endif -%}
  {%- set record = record_of_node() -%}
  {%- set key = key_of_node(record) -%}
  {%- if may_be_left(record, key) -%}{{ return(relations) }}{%- endif -%}
  {%- set column = council_column(columns_of(this)) -%}
  {%- do note_councils(this, column, 'seen') -%}
  {%- set content = content_of(this, column, 'seen') -%}
  {%- do rename_noted('seen', content) -%}
  {%- do write_record(key, content, content) -%}
  {{ return(relations) }}
{% endmaterialization %}

{% materialization test, adapter="duckdb" %}
  {%- if not has_versions() -%}{{ return(dbt.materialization_test_default()) }}{%- endif -%}
  {%- set record = record_of_node() -%}
  {%- set key = key_of_node(record) -%}
  {%- if may_be_left(record, key) -%}
    {%- call statement('main', fetch_result=True) -%}
      select 0 as failures, false as should_warn, false as should_error
    {%- endcall -%}
    {{ return({'relations': []}) }}
  {%- endif -%}
  {%- set relations = dbt.materialization_test_default() -%}
  {%- if load_result('main').data[0][0] == 0 -%}
    {%- do write_record(key) -%}
    {# A test ends its transaction by taking it back. #}
    {%- do adapter.commit() -%}
  {%- endif -%}
  {{ return(relations) }}
{% endmaterialization %}
