-- Step one, every rule that could give money of a line to a service: from ledgers, a council's own map, shared
-- maps and the desk baseline, each with its precedence. Of a council's maps of one kind that hold for a year, the
-- one that begins last serves, whole, and of those the highest definition version.
-- The desk baseline splits no line of a return that does not say what its money is for: `rule_section` names the
-- section whose baseline rules hold.
with targets as (
    select
        l.line_key, l.council_code, l.statement, l.section, l.line_code, l.financial_year, l.rule_year,
        case when coalesce(r.is_total_only or r.is_broken_down, true) then l.section else 'not_broken_down' end as rule_section
    from {{ ref('int_apportioned_lines') }} as l
    left join {{ ref('int_return_breakdowns') }} as r
        on l.council_code = r.council_code and l.financial_year = r.financial_year and l.statement = r.statement
),

used_ledgers as (
    select * from {{ ref('int_ledger_services') }} where ledger_status = 'used'
),

-- A ledger of the year of the rules serves; on money of another year it splits by its own year where it has it.
ledgers as (
    select
        t.line_key,
        l.line_code,
        l.ledger_id,
        l.service_code,
        l.net_pence,
        case when l.financial_year = t.financial_year then 0 else 1 end as other_year,
        min(case when l.financial_year = t.financial_year then 0 else 1 end) over (partition by t.line_key) as own_year
    from targets as t
    inner join used_ledgers as l
        on t.council_code = l.council_code and t.statement = l.statement and t.line_code = l.line_code
        and l.financial_year in (t.financial_year, t.rule_year)
    where exists (
        select 1
        from used_ledgers as r
        where
            r.council_code = t.council_code and r.statement = t.statement and r.line_code = t.line_code
            and r.financial_year = t.rule_year
    )
),

map_lines as (
    select *, case map_kind when 'council' then 2 else 3 end as precedence
    from {{ ref('stg_service_map__lines') }}
),

baseline_lines as (
    select distinct rule_section, line_code, rule_year from targets
),

baseline as (
    select *
    from (
        select
            t.line_code as target_line_code,
            t.rule_year,
            b.*,
            dense_rank() over (
                partition by t.rule_section, t.line_code, t.rule_year
                order by case when b.line_code = '*' then 1 else 0 end,
                    cast(b.definition_version as decimal(18, 6)) desc
            ) as place
        from baseline_lines as t
        inner join {{ ref('desk_baseline_lines') }} as b
            on t.rule_section = b.section
            and b.line_code in (t.line_code, '*')
            and t.rule_year >= b.valid_from_year
            and t.rule_year <= coalesce(b.valid_to_year, '9999-00')
    ) as placed
    where place = 1
),

drivers as (
    select
        s.*,
        y.rule_year,
        abs({{ financial_year_start('y.rule_year') }} - {{ financial_year_start('s.driver_year') }}) as driver_age,
        min(abs({{ financial_year_start('y.rule_year') }} - {{ financial_year_start('s.driver_year') }}))
            over (partition by s.council_code, s.support_reason, y.rule_year) as nearest_age
    from {{ ref('int_asc_fr_splits') }} as s
    cross join (select distinct rule_year from targets) as y
),

-- Of two returns equally far away the earlier serves.
nearest_drivers as (
    select d.*, a.confidence, a.relative_range_share
    from (
        select *, min(driver_year) over (partition by council_code, support_reason, rule_year) as nearest_year
        from drivers
        where driver_age = nearest_age
    ) as d
    inner join {{ ref('driver_age_ranges') }} as a
        on d.driver_level = a.driver_level and d.driver_age >= a.age_from_years and d.driver_age <= a.age_to_years
    where d.driver_year = d.nearest_year
),

-- Outturn returns print some lines by age beside the line itself: the council's own split of the same year, which
-- serves its budget of that year too, since budgets print no ages. Money of another year is split by its own year's
-- where that is held, else by that of the year of the rules: a split that is new is no change in the mix of lines.
age_lines as (
    select
        council_code,
        financial_year,
        left(line_code, 3) as line_code,
        substr(line_code, 5) as age_band,
        {{ to_pence('amount_gbp') }} as age_pence
    from {{ ref('fct_budget_line') }}
    where
        section = 'adult_social_care_of_which'
        and statement = 'outturn'
        and measure = 'net_current_expenditure'
        and body_kind = 'council'
        and substr(line_code, 4) in ('_65_plus', '_18_64')
        and amount_gbp is not null
),

usable_age_lines as (
    select a.*
    from age_lines as a
    inner join (
        select council_code, financial_year, line_code
        from age_lines
        group by council_code, financial_year, line_code
        having count(*) = 2 and min(age_pence) >= 0 and sum(age_pence) > 0
    ) as u
        on a.council_code = u.council_code and a.financial_year = u.financial_year and a.line_code = u.line_code
),

serving_age_lines as (
    select
        t.line_key,
        a.age_band,
        a.age_pence,
        case when a.financial_year = t.financial_year then 0 else 1 end as other_year,
        min(case when a.financial_year = t.financial_year then 0 else 1 end) over (partition by t.line_key) as own_year
    from targets as t
    inner join usable_age_lines as a
        on t.council_code = a.council_code and t.line_code = a.line_code
        and a.financial_year in (t.financial_year, t.rule_year)
)

select
    line_key,
    1 as precedence,
    ledger_id as rule_set,
    '' as definition_version,
    ledger_id || ':' || line_code || ':' || service_code as rule_id,
    service_code,
    'direct' as basis,
    'high' as confidence,
    cast(null as {{ wide_int() }}) as share_weight,
    cast(net_pence as {{ wide_int() }}) as quantity,
    cast(null as bigint) as low_ppm,
    cast(null as bigint) as high_ppm,
    cast(null as decimal(18, 12)) as relative_range,
    false as is_modelled
from ledgers
where other_year = own_year

union all

select
    t.line_key,
    m.precedence,
    m.map_id,
    m.definition_version,
    m.map_id || ':' || m.line_code || ':' || m.service_code,
    m.service_code,
    m.basis,
    m.confidence,
    case when m.driver_kind = 'share' then {{ share_weight('m.driver_value') }} end,
    case when m.driver_kind = 'quantity'
        then cast(round(cast(m.driver_value as decimal(38, 12)) * 10000) as {{ wide_int() }}) end,
    {{ share_ppm('m.low_share') }},
    {{ share_ppm('m.high_share') }},
    cast(null as decimal(18, 12)),
    false
from targets as t
inner join {{ ref('int_serving_maps') }} as s
    on t.council_code = s.council_code and t.statement = s.statement and t.rule_year = s.rule_year
inner join map_lines as m
    on s.map_id = m.map_id and s.precedence = m.precedence and t.council_code = m.council_code
    and t.line_code = m.line_code and m.statement in (t.statement, 'both')

union all

select
    t.line_key,
    5,
    'desk_baseline',
    b.definition_version,
    b.rule_id,
    b.service_code,
    b.basis,
    b.confidence,
    case when b.driver_kind = 'share' then {{ share_weight('b.driver_value') }} end,
    case when b.driver_kind = 'quantity'
        then cast(round(cast(b.driver_value as decimal(38, 12)) * 10000) as {{ wide_int() }}) end,
    {{ share_ppm('b.low_share') }},
    {{ share_ppm('b.high_share') }},
    cast(null as decimal(18, 12)),
    true
from targets as t
inner join baseline as b
    on t.rule_section = b.section and t.line_code = b.target_line_code and t.rule_year = b.rule_year
where b.driver_kind not in ('asc_fr', 'age_split')

union all

select
    t.line_key,
    5,
    'desk_baseline',
    b.definition_version,
    b.rule_id,
    d.service_code,
    b.basis,
    {{ lower_confidence('b.confidence', 'd.confidence') }},
    cast(null as {{ wide_int() }}),
    cast(d.quantity as {{ wide_int() }}),
    cast(null as bigint),
    cast(null as bigint),
    d.relative_range_share,
    true
from targets as t
inner join baseline as b
    on t.rule_section = b.section and t.line_code = b.target_line_code and t.rule_year = b.rule_year
inner join nearest_drivers as d
    on b.driver_key = d.support_reason and t.council_code = d.council_code and t.rule_year = d.rule_year
where b.driver_kind = 'asc_fr'

union all

-- Within the desk baseline a council's own split by age comes before the England one.
select
    t.line_key,
    4,
    'desk_baseline',
    b.definition_version,
    b.rule_id,
    b.service_code,
    b.basis,
    b.confidence,
    cast(null as {{ wide_int() }}),
    cast(a.age_pence as {{ wide_int() }}) * cast(round(cast(b.driver_value as decimal(38, 12)) * 1000) as bigint),
    cast(null as bigint),
    cast(null as bigint),
    cast(cast(b.high_share - b.low_share as double) / (2 * b.driver_value) as decimal(18, 12)),
    true
from targets as t
inner join baseline as b
    on t.rule_section = b.section and t.line_code = b.target_line_code and t.rule_year = b.rule_year
inner join serving_age_lines as a
    on t.line_key = a.line_key and b.driver_key = a.age_band
where b.driver_kind = 'age_split' and a.other_year = a.own_year
