{#
  Models whose rows of a council follow from that council's rows of what they read (`built_by_council` in the meta of
  their config) are built anew for the councils whose rows have changed, and keep the rows of the others. Whole councils,
  since a council's map moves the year before as well, read under the rules of the year after. What such a model reads
  of all councils at once is listed in `whole`: when that has changed, all of the model is built.

  `built.councils` holds a checksum of the rows of each council of a relation, by version; `built.inputs` the version of
  everything that a model was last built from. Rows of no single council are those of `*`: they belong to each.
#}

{#- Councils more than which a model is built whole: then that is not dearer. -#}
{% macro most_councils() %}{{ return(40) }}{% endmacro %}

{% macro columns_of(relation) %}
  {%- set columns = [] -%}
  {%- for row in run_query("describe " ~ relation).rows -%}{%- do columns.append(row[0]) -%}{%- endfor -%}
  {{ return(columns) }}
{% endmacro %}

{#- The column that says whose a row is: a council's code, or a line that has one; none where there is neither. -#}
{% macro council_column(columns) %}
  {%- for column in ['council_code', 'line_key', 'tier_council_code'] if column in columns -%}{{ return(column) }}{%- endfor -%}
  {{ return(none) }}
{% endmacro %}

{#- Whether a row called `counted` is of these councils or of `*`. A line that is there no more is nobody's. -#}
{% macro is_of_councils(column, councils) %}
  {%- if column == 'line_key' -%}
    {{ return("counted.line_key in (select line_key from " ~ lines_relation() ~ " where council_code in " ~ council_list(councils) ~ ")") }}
  {%- endif -%}
  {{ return("(counted." ~ column ~ " is null or counted." ~ column ~ " in " ~ council_list(councils) ~ ")") }}
{% endmacro %}

{% macro lines_relation() %}
  {{ return(graph.nodes['model.' ~ project_name ~ '.int_apportioned_lines'].relation_name) }}
{% endmacro %}

{% macro council_list(councils) %}{{ return("('" ~ (councils + ['*']) | join("', '") ~ "')") }}{% endmacro %}

{#- Note a checksum of the rows of each council, or of these and `*` beside those of the others in an earlier version. -#}
{% macro note_councils(relation, column, version, councils=none, earlier=none) %}
  {%- if column is none -%}{{ return(none) }}{%- endif -%}
  {%- set noted = "unique_id = '" ~ model.unique_id ~ "' and version = " -%}
  {%- do run_query("delete from built.councils where " ~ noted ~ "'" ~ version ~ "'") -%}
  {%- set lines = " left join " ~ lines_relation() ~ " as of_line on counted.line_key = of_line.line_key" -%}
  {%- do run_query(
      "insert into built.councils select '" ~ model.unique_id ~ "', '" ~ version ~ "', coalesce("
      ~ ("of_line.council_code" if column == 'line_key' else "counted." ~ column) ~ ", '*') as council, "
      ~ "sum(hash(counted)), count(*) from " ~ relation ~ " as counted" ~ (lines if column == 'line_key' else "")
      ~ ((" where " ~ is_of_councils(column, councils)) if councils is not none else "") ~ " group by council"
  ) -%}
  {#- So that a relation without rows is known too. -#}
  {%- do run_query("insert into built.councils values ('" ~ model.unique_id ~ "', '" ~ version ~ "', '', 0, 0)") -%}
  {%- if councils is not none -%}
    {%- do run_query(
        "insert into built.councils select unique_id, '" ~ version ~ "', council, content, rows from built.councils "
        ~ "where " ~ noted ~ "'" ~ earlier ~ "' and council not in " ~ council_list(councils + [''])
    ) -%}
  {%- endif -%}
{% endmacro %}

{% macro has_councils(unique_id, version) %}
  {{ return(run_query(
      "select count(*) from built.councils where unique_id = '" ~ unique_id ~ "' and version = '" ~ version ~ "'"
  ).rows[0][0] > 0) }}
{% endmacro %}

{#- What was noted before the version was known. -#}
{% macro rename_noted(noted_as, version) %}
  {%- do run_query("delete from built.councils where unique_id = '" ~ model.unique_id ~ "' and version = '" ~ version ~ "'") -%}
  {%- do run_query(
      "update built.councils set version = '" ~ version ~ "' where unique_id = '" ~ model.unique_id ~ "' and version = '" ~ noted_as ~ "'"
  ) -%}
{% endmacro %}

{% macro text_version() %}
  {{ return(local_md5((compiled_code or sql) | replace(env_var('PREVENTION_RAW', 'raw'), 'raw') ~ tojson(model.get('columns', {})))) }}
{% endmacro %}

{#- Note what this model has been built from. -#}
{% macro note_inputs(record) %}
  {%- if not model.config.meta.get('built_by_council') -%}{{ return(none) }}{%- endif -%}
  {%- do run_query("delete from built.inputs where unique_id = '" ~ model.unique_id ~ "'") -%}
  {%- set rows = ["('" ~ model.unique_id ~ "', 'sql', '" ~ text_version() ~ "')"] -%}
  {%- for parent in model.depends_on.nodes -%}
    {%- do rows.append("('" ~ model.unique_id ~ "', '" ~ parent ~ "', '" ~ record.get(parent, {}).get('version', '') ~ "')") -%}
  {%- endfor -%}
  {%- do run_query("insert into built.inputs values " ~ rows | join(', ')) -%}
{% endmacro %}

{#- The councils for which this model has to be built; none where it has to be built whole. -#}
{% macro councils_to_build(record) %}
  {%- set declared = model.config.meta.get('built_by_council') -%}
  {%- if not declared or env_var('PREVENTION_LEAVE_UNCHANGED', '') != 'yes' -%}{{ return(none) }}{%- endif -%}
  {%- set seen = {} -%}
  {%- for row in run_query("select input, version from built.inputs where unique_id = '" ~ model.unique_id ~ "'").rows -%}
    {%- do seen.update({row[0]: row[1]}) -%}
  {%- endfor -%}
  {%- if seen.get('sql') != text_version() -%}{{ return(none) }}{%- endif -%}
  {%- set councils = [] -%}
  {%- for parent in model.depends_on.nodes if record.get(parent, {}).get('version') != seen.get(parent) -%}
    {%- set version = record.get(parent, {}).get('version') -%}
    {%- if not version or parent.split('.')[2] in declared.whole -%}{{ return(none) }}{%- endif -%}
    {%- if not has_councils(parent, version) or not has_councils(parent, seen.get(parent)) -%}{{ return(none) }}{%- endif -%}
    {%- set changed = run_query(
        "select council from (select council, content, rows from built.councils where unique_id = '" ~ parent
        ~ "' and version in ('" ~ version ~ "', '" ~ seen[parent] ~ "')) group by council, content, rows having count(*) = 1"
    ).columns[0].values() -%}
    {#- What has changed in its columns alone. -#}
    {%- if not changed or '*' in changed -%}{{ return(none) }}{%- endif -%}
    {%- for council in changed if council not in councils -%}{%- do councils.append(council) -%}{%- endfor -%}
  {%- endfor -%}
  {{ return(councils if councils and councils | length <= most_councils() else none) }}
{% endmacro %}

{#- The model's SQL over the rows that these councils and `*` have of everything it reads by council. -#}
{% macro sql_of_councils(councils) %}
  {%- set declared = model.config.meta.get('built_by_council') -%}
  {%- set restricted = namespace(sql=compiled_code) -%}
  {%- for parent in model.depends_on.nodes if parent.split('.')[2] not in declared.whole and parent in graph.nodes -%}
    {%- set relation = graph.nodes[parent].relation_name -%}
    {%- set column = council_column(columns_of(relation)) -%}
    {%- if column is not none -%}
      {%- set restricted.sql = restricted.sql | replace(
          relation, "(select counted.* from " ~ relation ~ " as counted where " ~ is_of_councils(column, councils) ~ ")"
      ) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(restricted.sql) }}
{% endmacro %}

{#- Put the rows of these councils and of `*` in the place of those there. -#}
{% macro build_councils(councils, column) %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- call statement('main') -%}
    delete from {{ this }} as counted where {{ is_of_councils(column, councils) }};
    {%- if column == 'line_key' %}
    delete from {{ this }} as counted where not exists (select 1 from {{ lines_relation() }} as l where l.line_key = counted.line_key);
    {%- endif %}
    insert into {{ this }} by name select * from ({{ sql_of_councils(councils) }})
  {%- endcall -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do adapter.commit() -%}
{% endmacro %}
