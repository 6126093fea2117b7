-- Council figures that no table may show or let be worked out: what the publisher withheld, and what would give
-- it away. Measures that share counts (a linked group) are withheld together. When any breakdown is withheld,
-- every breakdown is, and only the total stays, so that no residual can be taken; a total too small to hide its
-- parts goes as well.
with suppressed as (
    select distinct geography_code as council_code, financial_year, linked_group, breakdown
    from {{ ref('core_outcomes_served') }}
    where geography_kind = 'council' and is_suppressed
),

touched as (
    select
        council_code,
        financial_year,
        linked_group,
        bool_or(breakdown = 'Total') as is_total_suppressed
    from suppressed
    group by council_code, financial_year, linked_group
)

select
    s.geography_code as council_code,
    s.financial_year,
    s.measure_code,
    s.breakdown,
    s.is_suppressed
from {{ ref('core_outcomes_served') }} as s
inner join touched as t
    on
        s.geography_code = t.council_code
        and s.financial_year = t.financial_year
        and s.linked_group = t.linked_group
where
    s.geography_kind = 'council'
    and (
        s.breakdown != 'Total'
        or t.is_total_suppressed
        or least(s.numerator, s.denominator) < 2 * {{ var('suppression_half_width') }}
    )
