-- Step two: why each service is there. One row a line, service, outcome, tier and part of it, in pence, inside the pence
-- that step one gave the service; so a change of tiers moves no money between services. Low and high are the
-- least and most the cell could be by its own rules, as absolute amounts.
{%- set amounts = {'service_pence': 'tier_pence', 'service_gross_pence': 'tier_gross_pence'} %}
with by_list as (
    {{ weights_by_row(ref('int_tier_shares'), ['tier_list_key']) }}
),

lists as (
    select distinct tier_list_key, tier_rule_set, tier_council_code, tier_rule_year, service_code
    from {{ ref('int_tier_shares') }}
),

-- One row a line, service and outcome.
services as (
    select a.line_key, a.rule_key, a.service_pence, a.service_gross_pence, i.tier_list_key
    from {{ ref('int_allocation_services') }} as a
    inner join {{ ref('int_line_shares') }} as s on a.rule_key = s.rule_key
    inner join lists as i
        on s.tier_rule_set = i.tier_rule_set and s.tier_council_code = i.tier_council_code
        and s.tier_rule_year = i.tier_rule_year and s.service_code = i.service_code
),

narrow_services as (
    select s.line_key, s.rule_key, s.service_pence, s.service_gross_pence, w.*
    from services as s
    inner join by_list as w on s.tier_list_key = w.tier_list_key
    where {{ fits_by_row(amounts) }}
),

shared as (
    {{ shared_by_row('narrow_services', amounts, keep=['line_key', 'rule_key', 'tier_list_key']) }}
),

wide_recipients as (
    select s.line_key, s.rule_key, s.tier_list_key, s.service_pence, s.service_gross_pence, t.tier_rule_key, t.place, t.weight
    from services as s
    inner join {{ ref('int_tier_shares') }} as t on s.tier_list_key = t.tier_list_key
    left join by_list as w on s.tier_list_key = w.tier_list_key
    where w.tier_list_key is null or not ({{ fits_by_row(amounts) }})
),

given as (
    select
        n.line_key, n.rule_key, t.tier_rule_key, {{ at_place('tier_pence', 't.place') }} as tier_pence,
        {{ at_place('tier_gross_pence', 't.place') }} as tier_gross_pence
    from shared as n
    inner join {{ ref('int_tier_shares') }} as t on n.tier_list_key = t.tier_list_key
    union all
    {{ shared_by_window('wide_recipients', ['rule_key', 'tier_list_key'], amounts, keep=['line_key', 'rule_key', 'tier_rule_key']) }}
)

select
    g.line_key,
    s.service_code,
    t.outcome_code,
    t.tier,
    t.tier_part,
    g.rule_key,
    g.tier_rule_key,
    {{ lower_confidence('s.confidence', 't.confidence') }} as confidence,
    s.is_modelled or t.is_modelled as is_modelled,
    t.is_home_care,
    g.tier_pence,
    g.tier_gross_pence,
    least(abs(g.tier_pence), {{ share_rounded_down('l.amount_pence', 's.low_ppm * t.low_ppm') }}) as low_pence,
    greatest(abs(g.tier_pence), {{ share_rounded_up('l.amount_pence', 's.high_ppm * t.high_ppm') }}) as high_pence
from given as g
inner join {{ ref('int_line_shares') }} as s on g.rule_key = s.rule_key
inner join {{ ref('int_tier_shares') }} as t on g.tier_rule_key = t.tier_rule_key
inner join {{ ref('int_apportioned_lines') }} as l on g.line_key = l.line_key
