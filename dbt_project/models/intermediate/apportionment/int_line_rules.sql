-- Step one, the rules of every line: which rule set won, and each service's weight and range. Precedence is
-- ledger, the council's own map, a shared map, the desk baseline; a line is never split between rule sets.
with best as (
    select line_key, min(precedence) as precedence
    from {{ ref('int_line_rule_candidates') }}
    group by line_key
),

won as (
    select c.*
    from {{ ref('int_line_rule_candidates') }} as c
    inner join best as b on c.line_key = b.line_key and c.precedence = b.precedence
),

line_totals as (
    select
        line_key,
        cast(coalesce(sum(share_weight), 0) as {{ wide_int() }}) as line_shares,
        cast(coalesce(sum(quantity), 0) as {{ wide_int() }}) as line_quantity
    from won
    group by line_key
),

-- Quantities share out what the shares of the line leave; all weights of a line are on one whole-number scale.
weighed as (
    select
        w.*,
        t.line_shares,
        cast(coalesce(w.share_weight, 0) * case when t.line_quantity > 0 then t.line_quantity else 1 end
            + case when t.line_quantity > 0 then greatest(1000000000000 - t.line_shares, 0) * coalesce(w.quantity, 0) else 0 end
            as {{ wide_int() }}) as weight,
        cast(1000000000000 * case when t.line_quantity > 0 then t.line_quantity else 1 end as {{ wide_int() }}) as full_weight
    from won as w
    inner join line_totals as t on w.line_key = t.line_key
),

-- A ledger's services take their tiers from the council's own map where that names them.
map_services as (
    select distinct s.council_code, s.statement, s.rule_year, s.map_id, t.service_code
    from {{ ref('int_serving_maps') }} as s
    inner join {{ ref('stg_service_map__tiers') }} as t on s.map_id = t.map_id and s.council_code = t.council_code
    where s.precedence = 2
),

ranged as (
    select
        w.*,
        case
            when w.precedence in (2, 3) then w.rule_set
            when w.precedence = 1 and m.map_id is not null then m.map_id
            else 'desk_baseline'
        end as tier_rule_set,
        l.council_code,
        l.rule_year,
        cast({{ int_div('w.weight * 1000000', 'w.full_weight') }} as bigint) as central_ppm,
        coalesce({{ share_ppm('c.range_points_share') }}, 0) as points_ppm
    from weighed as w
    inner join {{ ref('int_apportioned_lines') }} as l on w.line_key = l.line_key
    left join {{ ref('rule_confidence_ranges') }} as c on w.basis = c.basis and w.confidence = c.confidence
    left join map_services as m
        on w.precedence = 1 and l.council_code = m.council_code and l.statement = m.statement
        and l.rule_year = m.rule_year and w.service_code = m.service_code
)

select
    line_key,
    service_code,
    rule_set,
    definition_version,
    rule_id,
    basis,
    confidence,
    is_modelled,
    precedence,
    tier_rule_set,
    case when tier_rule_set = 'desk_baseline' then '*' else council_code end as tier_council_code,
    rule_year as tier_rule_year,
    line_shares,
    weight,
    full_weight,
    central_ppm,
    greatest(0, least(central_ppm, case
        when low_ppm is not null then low_ppm
        when relative_range is not null then cast(floor(central_ppm * (1 - relative_range)) as bigint)
        else central_ppm - points_ppm
    end)) as low_ppm,
    least(1000000, greatest(central_ppm, case
        when high_ppm is not null then high_ppm
        when relative_range is not null then cast(ceil(central_ppm * (1 + relative_range)) as bigint)
        else central_ppm + points_ppm
    end)) as high_ppm
from ranged
