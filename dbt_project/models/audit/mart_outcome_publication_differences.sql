-- Outcomes of which another publication of the same publisher's figures gives another value than the one that is
-- served. Where the served figure is withheld or recomputed, the other is left out: it would give it away.
with others as (
    select r.*, m.measure_code, m.measure_name, m.unit
    from {{ ref('stg_outcomes__rows') }} as r
    inner join {{ ref('ascof_measures') }} as m
        on
            r.published_code = m.published_code
            and r.framework_year >= m.framework_from
            and r.framework_year <= coalesce(m.framework_to, '9999-00')
    where r.source != 'lga_extract' and r.outcome_value is not null
)

select
    f.geography_kind,
    f.geography_code,
    f.geography_name,
    f.financial_year,
    f.measure_code,
    f.measure_name,
    f.unit,
    f.breakdown,
    f.outcome_value,
    cast(o.outcome_value as decimal(18, 4)) as other_value,
    cast(o.outcome_value - f.outcome_value as decimal(18, 4)) as difference,
    f.source,
    o.source as other_source,
    f.release_id,
    o.release_id as other_release_id
from {{ ref('fct_outcome_measure') }} as f
inner join others as o
    on
        f.geography_kind = o.geography_kind
        and f.geography_code = o.geography_code
        and f.financial_year = o.financial_year
        and f.measure_code = o.measure_code
        and f.breakdown = o.breakdown
        and f.release_id != o.release_id
where
    f.outcome_value is not null
    and not f.is_recomputed
    and f.outcome_value != cast(o.outcome_value as decimal(18, 4))
