{#-
  The published tables that a line of a given kind goes into, in name order: fct_budget_line, and every mart below a
  model that reads lines of that kind from it, as dbt's own lineage has it. A model says which kinds it reads in
  `meta.reads_lines`; one that says nothing is taken to read them all.

  kind   `control` (a printed total of authorities), `other` (no council, or no net current expenditure), `total`
         (a council's adult social care as a whole), `subtotal` (another total line), `service` (any other line)
-#}
{% macro marts_made_of(kind) -%}
  {%- if not execute -%}{{ return('') }}{%- endif -%}
  {%- set start = 'model.prevention.fct_budget_line' -%}
  {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list -%}
  {%- set found = ['fct_budget_line'] -%}
  {%- set seen = [model.unique_id] -%}
  {%- set waiting = [] -%}
  {%- for node in models -%}
    {%- if start in node.depends_on.nodes and kind in node.config.meta.get('reads_lines', [kind]) -%}
      {%- do waiting.append(node.unique_id) -%}
    {%- endif -%}
  {%- endfor -%}
  {#- Jinja has no while: a chain of models cannot be longer than there are models. -#}
  {%- for _ in models if waiting -%}
    {%- set present = waiting.pop() -%}
    {%- if present not in seen -%}
      {%- do seen.append(present) -%}
      {%- set node = graph.nodes[present] -%}
      {%- if node.schema == 'marts' -%}{%- do found.append(node.name) -%}{%- endif -%}
      {%- for child in models if present in child.depends_on.nodes and child.unique_id not in seen -%}
        {%- if child.unique_id not in waiting -%}{%- do waiting.append(child.unique_id) -%}{%- endif -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(found | unique | sort | join(', ')) }}
{%- endmacro %}
