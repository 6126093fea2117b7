{{ config(meta={"dagster": {"ref": {"name": "mart_prevention_headline"}}}) }}
-- A central interval takes in its central amount and lies inside the outer bounds, for councils and for areas.
{% set figures = ['adult_social_care', 'amount'] %}
with rows_of_all as (
    {% for mart in ['mart_prevention_headline', 'mart_national_headline', 'mart_area_headline'] %}
    select
        '{{ mart }}' as mart, financial_year, statement, perimeter, cost_view,
        {% for figure in figures %}
        {{ figure }}_gbp, {{ figure }}_low_gbp, {{ figure }}_high_gbp, {{ figure }}_central_low_gbp, {{ figure }}_central_high_gbp{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref(mart) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select *
from rows_of_all
where
    {% for figure in figures %}
    {{ figure }}_central_low_gbp > {{ figure }}_gbp or {{ figure }}_central_high_gbp < {{ figure }}_gbp
    or {{ figure }}_central_low_gbp < {{ figure }}_low_gbp - 1 or {{ figure }}_central_high_gbp > {{ figure }}_high_gbp + 1
    {{ "or" if not loop.last }}
    {% endfor %}
