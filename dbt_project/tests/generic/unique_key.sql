{#- No two rows share these columns, and there is at least one row: a key test on nothing proves nothing
    (of part of the series a table may be rightly empty). -#}
{% test unique_key(model, columns, allow_empty=false) %}
with keys as (
    select {% for c in columns %}coalesce(cast({{ c }} as varchar), '') as {{ c }}{{ ", " if not loop.last }}{% endfor %}
    from {{ model }}
)
select '{{ columns | join(", ") }} repeated' as problem, {{ columns | join(" || '|' || ") }} as key_found
from keys
group by all
having count(*) > 1
{% if not allow_empty %}
union all
select 'the table is empty', '' from (select count(*) as found from keys) where found = 0 and {{ something_is_due() }}
{% endif %}
{% endtest %}
