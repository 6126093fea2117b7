-- The central interval of each figure, in pounds off its central amount: nine in ten. Mean, variance and skew are
-- exact sums over the errors of all rules; their ends are those of the gamma distribution that has all three, so there
-- is no chance in them. One row a council or area, year, statement, outcome, perimeter and panel, direct cost view, whole pounds.
{%- set sets = ['adult_social_care', 'amount'] %}
with of_councils as (
    select
        council_code, financial_year, statement, outcome_code, perimeter, error_key,
        max(correlation_share) as correlation_share,
        {% for set in sets %}
        {% for moment in ['mean', 'error', 'skew'] %}
        cast(sum({% if set == 'adult_social_care' %}case when is_adult_social_care then {{ moment }}_gbp else 0 end{% else %}{{ moment }}_gbp{% endif %})
            as bigint) as {{ set }}_{{ moment }}_gbp{{ "," if not (loop.last and set == 'amount') }}
        {% endfor %}
        {% endfor %}
    from {{ ref('int_interval_terms') }}
    group by council_code, financial_year, statement, outcome_code, perimeter, error_key
),

-- The part that councils err in together adds up before it is squared; the part each errs in alone after.
of_errors as (
    select
        m.area_kind, m.area_code, m.panel, t.financial_year, t.statement, t.outcome_code, t.perimeter, t.error_key,
        {% for set in sets %}
        sum(t.{{ set }}_mean_gbp) as {{ set }}_mean_gbp,
        cast(round(max(t.correlation_share) * power(cast(sum(t.{{ set }}_error_gbp) as double), 2)
            + (1 - max(t.correlation_share)) * sum(cast(t.{{ set }}_error_gbp as {{ wide_int() }}) * t.{{ set }}_error_gbp)) as {{ wide_int() }})
            as {{ set }}_variance,
        cast(round(max(t.correlation_share) * power(cast(sum(t.{{ set }}_skew_gbp) as double), 3)
            + (1 - max(t.correlation_share)) * sum(cast(t.{{ set }}_skew_gbp as {{ wide_int() }}) * t.{{ set }}_skew_gbp * t.{{ set }}_skew_gbp))
            as {{ wide_int() }}) as {{ set }}_third{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_interval_members') }} as m
    inner join of_councils as t
        on m.council_code = t.council_code and m.financial_year = t.financial_year and m.statement = t.statement
    group by
        m.area_kind, m.area_code, m.panel, t.financial_year, t.statement, t.outcome_code, t.perimeter, t.error_key
),

moments as (
    select
        area_kind, area_code, panel, financial_year, statement, outcome_code, perimeter,
        {% for set in sets %}
        cast(sum({{ set }}_mean_gbp) as double) as {{ set }}_mean_gbp,
        sqrt(cast(sum({{ set }}_variance) as double)) as {{ set }}_error_gbp,
        coalesce(cast(sum({{ set }}_third) as double) / nullif(cast(sum({{ set }}_variance) as double), 0), 0) as {{ set }}_lean_gbp{{ "," if not loop.last }}
        {% endfor %}
    from of_errors
    group by area_kind, area_code, panel, financial_year, statement, outcome_code, perimeter
)

select
    area_kind,
    area_code,
    panel,
    financial_year,
    statement,
    outcome_code,
    'direct' as cost_view,
    perimeter,
    {% for set in sets %}
    cast(round({{ set }}_error_gbp) as bigint) as {{ set }}_error_gbp,
    {% for end, point in [('middle', '0'), ('low', '-' ~ interval_quantile()), ('high', interval_quantile())] %}
    cast(round({{ error_quantile(set ~ '_mean_gbp', set ~ '_error_gbp', set ~ '_lean_gbp', point) }}) as bigint)
        as {{ set }}_{{ end }}_off_gbp{{ "," if not loop.last }}
    {% endfor %}{{ "," if not loop.last }}
    {% endfor %}
from moments
