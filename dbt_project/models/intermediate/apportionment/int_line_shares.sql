-- Step one, every line's list of shares: its rules, and the rest that no rule claims as a row of its own. Together
-- the weights of a line are the whole of it. Lines restated under the next year's rules are there where those
-- rules differ. What a share rests on is kept here; later steps carry rule_key.
with lines as (
    select l.line_key, l.rule_year
    from {{ ref('int_apportioned_lines') }} as l
    left join {{ ref('int_restated_years') }} as r
        on l.council_code = r.council_code and l.statement = r.statement and l.rule_year = r.rule_year
    where not l.is_restated or r.rule_year is not null
),

claimed as (
    select r.*
    from {{ ref('int_line_rules') }} as r
    inner join lines as l on r.line_key = l.line_key
),

claims as (
    select
        line_key,
        min(rule_set) as rule_set,
        min(definition_version) as definition_version,
        max(case when is_modelled then 1 else 0 end) = 1 as is_modelled,
        cast(max(full_weight) - sum(weight) as {{ wide_int() }}) as left_weight,
        sum(low_ppm) as low_ppm,
        sum(high_ppm) as high_ppm
    from claimed
    group by line_key
),

recipients as (
    select
        line_key, service_code, rule_set, definition_version, rule_id, basis, confidence, is_modelled,
        tier_rule_set, tier_council_code, tier_rule_year, weight, low_ppm, high_ppm
    from claimed
    -- A ledger may leave money open under the very name of the remainder.
    union all
    select
        l.line_key,
        'unclassified',
        coalesce(c.rule_set, 'none'),
        coalesce(c.definition_version, ''),
        'remainder',
        'remainder',
        'low',
        coalesce(c.is_modelled, false),
        'none',
        '*',
        l.rule_year,
        coalesce(c.left_weight, 1),
        cast(greatest(0, 1000000 - coalesce(c.high_ppm, 0)) as bigint),
        cast(greatest(0, 1000000 - coalesce(c.low_ppm, 0)) as bigint)
    from lines as l
    left join claims as c on l.line_key = c.line_key
    where coalesce(c.left_weight, 1) > 0
)

select
    -- In the order of the rules' names within a line, so that the first of a line's keys is its first name too; and
    -- whatever other lines have.
    1000000 * line_key + row_number() over (partition by line_key order by rule_id, service_code) as rule_key,
    row_number() over (partition by line_key order by service_code) as place,
    *
from recipients
