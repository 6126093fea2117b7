{#-
  A list of waves, codes, units or findings: the rows that come with the project (a seed), and those that the codebook
  workbooks of this warehouse add. To be read from like a table; columns and types are those declared with the seed.

  name   name of the list, which is that of the seed and of the sheet
-#}
{% macro codebook_list(name) -%}
  {%- set shipped, added, editions = ref(name), source('raw', 'codebook_rows'), source('raw', 'releases') -%}
  {%- set types = graph.nodes['seed.prevention.' ~ name].config.column_types if execute else {} -%}
(
    select {% for column in types %}{{ column }}{{ ', ' if not loop.last }}{% else %}*{% endfor %} from {{ shipped }}
    {%- if types %}
    union all
    select
        {%- for column, type in types.items() %}
        cast(nullif({{ json_field('r.fields', column) }}, '') as {{ engine_type(type) }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ added }} as r
    inner join {{ editions }} as e on r.release_id = e.release_id and e.is_serving
    where r.list_name = '{{ name }}'
    {%- endif %}
)
{%- endmacro %}
