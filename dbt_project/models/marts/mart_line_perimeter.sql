-- What each budget line gives to each perimeter, with its bounds: the width says which line to map first.
select
    l.council_code,
    l.financial_year,
    l.statement,
    b.outcome_code,
    b.measure as perimeter,
    l.line_code,
    f.line_name,
    l.section,
    {{ to_gbp('l.amount_pence') }} as line_amount_gbp,
    {{ to_gbp('b.central_pence') }} as amount_gbp,
    {{ to_gbp('b.low_pence') }} as amount_low_gbp,
    {{ to_gbp('b.high_pence') }} as amount_high_gbp,
    {{ to_gbp('b.high_pence - b.low_pence') }} as width_gbp,
    b.is_modelled
from {{ ref('int_allocation_bounds') }} as b
inner join {{ ref('outcomes') }} as o on b.outcome_code = o.outcome_code and o.has_line_detail
inner join {{ ref('int_apportioned_lines') }} as l on b.line_key = l.line_key
left join {{ ref('fct_budget_line') }} as f
    on
        l.council_code = f.council_code
        and l.financial_year = f.financial_year
        and l.statement = f.statement
        and l.line_code = f.line_code
        and f.measure = 'net_current_expenditure'
        and f.body_kind = 'council'
where
    b.measure_kind = 'perimeter'
    and b.cost_view = 'direct'
    and not l.is_restated
    and (b.central_pence != 0 or b.low_pence != 0 or b.high_pence != 0)
