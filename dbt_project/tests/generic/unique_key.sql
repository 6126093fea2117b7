{#- No two rows share these columns, and there is at least one row: a key test on nothing proves nothing
    (of part of the series a table may be rightly empty). Columns are grouped as they are, nulls among themselves;
    only what is repeated is turned into text. -#}
{% test unique_key(model, columns, allow_empty=false) %}
with repeated as (
    select {{ columns | join(", ") }}
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1
)
select
    '{{ columns | join(", ") }} repeated' as problem,
    {% for c in columns %}coalesce(cast({{ c }} as string), ''){{ " || '|' || " if not loop.last }}{% endfor %} as key_found
from repeated
{% if not allow_empty %}
union all
select 'the table is empty', ''
from (select count(*) as found from {{ model }})
where found = 0 and {{ something_is_due() }}
{% endif %}
{% endtest %}
