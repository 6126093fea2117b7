-- Councils that add up to more than the publication's own total. Missing returns can only make them add up to less,
-- so a provisional edition is held to this too. One row is a publication, group and line.
select
    'councils_above_the_total' as check_name,
    t.release_of as publication,
    t.financial_year,
    '' as council_code,
    '' as council_name,
    t.group_code || ' ' || t.line_code as item,
    'line ' || t.line_code || ', total row ' || t.group_code as item_name,
    t.release_of as compared_with,
    t.expected,
    t.observed,
    cast(t.observed as double) / cast(t.expected as double) as factor
from {{ ref('audit_control_total_comparison') }} as t
inner join {{ ref('plausibility_checks') }} as c on c.check_name = 'councils_above_the_total'
where
    t.measure = 'net_current_expenditure'
    and t.expected > 0
    and t.observed - t.expected > t.tolerance + 2000000
    and cast(t.observed as double) / cast(t.expected as double) > c.highest_factor
