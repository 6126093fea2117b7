{{ config(meta={"dagster": {"ref": {"name": "fct_outcome_measure"}}}) }}
-- Whatever is shown as a marker in the serving publication shows no figure and is flagged, but for nothing over
-- nothing. Fails too when a measure is served of which no row came through.
with marked as (
    select r.geography_kind, r.geography_code, r.financial_year, r.published_code, r.breakdown, r.source
    from {{ ref('stg_outcomes__rows') }} as r
    where
        (r.numerator_marker is not null or r.denominator_marker is not null or r.outcome_marker is not null)
        and not (coalesce(r.numerator, -1) = 0 and coalesce(r.denominator, -1) = 0)
)

select m.geography_code, m.financial_year, m.published_code, m.breakdown
from marked as m
inner join {{ ref('fct_outcome_measure') }} as f
    on
        m.geography_kind = f.geography_kind
        and m.geography_code = f.geography_code
        and m.financial_year = f.financial_year
        and m.published_code = f.published_code
        and m.breakdown = f.breakdown
        and m.source = f.source
where not f.is_suppressed or coalesce(f.numerator, f.denominator, f.outcome_value, f.recomputed_value) is not null
union all
select 'nothing came through', financial_year, measure_code, null
from (
    select r.financial_year, m.measure_code, count(f.geography_code) as found
    from {{ ref('stg_outcomes__rows') }} as r
    inner join {{ ref('ascof_measures') }} as m
        on
            r.published_code = m.published_code
            and r.framework_year >= m.framework_from
            and r.framework_year <= coalesce(m.framework_to, '9999-00')
    left join {{ ref('fct_outcome_measure') }} as f
        on r.financial_year = f.financial_year and m.measure_code = f.measure_code
    where r.source != 'lga_extract'
    group by r.financial_year, m.measure_code
)
where found = 0
