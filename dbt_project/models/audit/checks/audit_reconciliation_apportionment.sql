-- The six invariants of the apportionment, council-year by council-year: what was expected, what was found, how
-- many things were compared and how many differ. Expectations come from the published lines, findings from the
-- published allocations; neither from the engine in between. For each check one more row says how many
-- council-years were compared against how many have money, so that a check of nothing fails.
with matched as (
    select * from {{ ref('audit_lines_compared') }}
),

published_totals as (
    select council_code, financial_year, statement, section, line_code, coalesce(superseded_gbp, amount_gbp) as amount_gbp
    from {{ ref('fct_budget_line') }}
    where
        body_kind = 'council'
        and council_code is not null
        and measure = 'net_current_expenditure'
        and amount_gbp is not null
        and is_total
        and line_code in ('360', '390')
),

line_sums as (
    select
        'allocations_sum_to_line' as check_name,
        'apportionment' as publication,
        financial_year,
        statement,
        council_code as group_name,
        'all lines in scope' as line_code,
        cost_view as measure,
        cast(coalesce(sum(published_gbp), 0) as decimal(18, 2)) as expected,
        cast(coalesce(sum(allocated_gbp), 0) as decimal(18, 2)) as observed,
        cast(0 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(count(*) filter (where published_gbp is distinct from allocated_gbp) as integer) as differing
    from matched
    where is_wanted and is_found
    group by council_code, financial_year, statement, cost_view
),

line_presence as (
    select
        'every_line_there_once' as check_name,
        'apportionment' as publication,
        financial_year,
        statement,
        council_code as group_name,
        'all lines in scope' as line_code,
        cost_view as measure,
        cast(count(*) filter (where is_wanted) as decimal(18, 2)) as expected,
        cast(count(*) filter (where is_found) as decimal(18, 2)) as observed,
        cast(0 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(count(*) filter (where not is_wanted or not is_found or cells <> distinct_cells) as integer) as differing
    from matched
    group by council_code, financial_year, statement, cost_view
),

own_rules as (
    select l.council_code, l.statement, l.financial_year, r.*
    from {{ ref('int_line_rules') }} as r
    inner join {{ ref('int_apportioned_lines') }} as l on r.line_key = l.line_key
    where not l.is_restated
),

line_shares as (
    select
        line_key, council_code, statement, financial_year,
        cast(max(line_shares) as decimal(38, 0)) as share_sum,
        min(case when weight < 0 or low_ppm < 0 or high_ppm > 1000000 or low_ppm > high_ppm then 0 else 1 end) as is_sound
    from own_rules
    group by line_key, council_code, statement, financial_year
),

service_shares as (
    select
        r.line_key, r.service_code, r.council_code, r.statement, r.financial_year,
        cast(sum(t.tier_weight) as decimal(38, 0)) as share_sum,
        min(case when t.tier_weight < 0 or t.low_ppm < 0 or t.high_ppm > 1000000 or t.low_ppm > t.high_ppm then 0 else 1 end)
            as is_sound
    from own_rules as r
    inner join {{ ref('int_service_rules') }} as t
        on r.tier_rule_set = t.tier_rule_set and r.tier_council_code = t.tier_council_code
        and r.tier_rule_year = t.rule_year and r.service_code = t.service_code
    group by r.line_key, r.service_code, r.council_code, r.statement, r.financial_year, t.outcome_code
),

shares as (
    select
        'shares_within_one' as check_name,
        'apportionment' as publication,
        financial_year,
        statement,
        council_code as group_name,
        'all lines in scope' as line_code,
        'largest sum of shares' as measure,
        cast(1 as decimal(18, 2)) as expected,
        cast(round(max(share_sum) / cast(1000000000000 as double), 2) as decimal(18, 2)) as observed,
        cast(0 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(count(*) filter (where share_sum > 1000000000000 or is_sound = 0) as integer) as differing
    from (
        select council_code, statement, financial_year, share_sum, is_sound from line_shares
        union all
        select council_code, statement, financial_year, share_sum, is_sound from service_shares
    ) as sums
    group by council_code, financial_year, statement
),

section_totals as (
    select
        'lines_sum_to_section_total' as check_name,
        min(m.release_id) as publication,
        m.financial_year,
        m.statement,
        m.council_code as group_name,
        t.line_code,
        'net_current_expenditure' as measure,
        max(t.amount_gbp) as expected,
        cast(coalesce(sum(m.allocated_gbp), 0) as decimal(18, 2)) as observed,
        -- Councils round each line to the thousand on its own: half a thousand a line, and a penny.
        cast(500 * count(*) + 0.01 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(0 as integer) as differing
    from matched as m
    inner join published_totals as t
        on m.council_code = t.council_code and m.financial_year = t.financial_year and m.statement = t.statement
        and m.section = t.section
    where m.cost_view = 'direct' and m.is_wanted
    group by m.council_code, m.financial_year, m.statement, m.section, t.line_code
),

view_totals as (
    select
        'cost_views_agree' as check_name,
        'apportionment' as publication,
        financial_year,
        statement,
        council_code as group_name,
        'all lines in scope' as line_code,
        'direct against full_cost' as measure,
        cast(coalesce(sum(allocated_gbp) filter (where cost_view = 'direct'), 0) as decimal(18, 2)) as expected,
        cast(coalesce(sum(allocated_gbp) filter (where cost_view = 'full_cost'), 0) as decimal(18, 2)) as observed,
        cast(0 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(0 as integer) as differing
    from matched
    where is_found
    group by council_code, financial_year, statement
),

totals_in_order as (
    select council_code, financial_year, statement,
        case when amount_low_gbp > amount_gbp or amount_gbp > amount_high_gbp then 1 else 0 end as is_out_of_order
    from {{ ref('mart_prevention_spend') }}
    union all
    select council_code, financial_year, statement,
        case when amount_low_gbp > amount_gbp or amount_gbp > amount_high_gbp then 1 else 0 end
    from {{ ref('mart_prevention_headline') }}
    union all
    select council_code, financial_year, statement, case when out_of_order > 0 then 1 else 0 end
    from matched
    where is_found
),

ranges as (
    select
        'low_central_high' as check_name,
        'apportionment' as publication,
        financial_year,
        statement,
        council_code as group_name,
        'all lines in scope' as line_code,
        'amounts out of order' as measure,
        cast(0 as decimal(18, 2)) as expected,
        cast(sum(is_out_of_order) as decimal(18, 2)) as observed,
        cast(0 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(sum(is_out_of_order) as integer) as differing
    from totals_in_order
    group by council_code, financial_year, statement
),

council_years as (
    select * from line_sums
    union all
    select * from line_presence
    union all
    select * from shares
    union all
    select * from section_totals
    union all
    select * from view_totals
    union all
    select * from ranges
),

checks as (
    select 'allocations_sum_to_line' as check_name
    union all select 'every_line_there_once'
    union all select 'shares_within_one'
    union all select 'lines_sum_to_section_total'
    union all select 'cost_views_agree'
    union all select 'low_central_high'
),

-- A council-year whose total is published counts as one that must be compared. Shares are looked at where a line is
-- published beside that total: a total by itself is unclassified, and no rule shares it.
with_money as (
    select
        count(distinct council_code || financial_year || statement) as council_years,
        (
            select count(distinct m.council_code || m.financial_year || m.statement)
            from matched as m
            where m.is_wanted and m.line_code <> '360'
        ) as council_years_with_lines
    from published_totals
    where section = 'adult_social_care' and line_code = '360'
),

coverage as (
    select
        c.check_name,
        'apportionment' as publication,
        'all years' as financial_year,
        'all statements' as statement,
        'all councils' as group_name,
        'all lines in scope' as line_code,
        'council-years compared' as measure,
        cast(
            max(case when c.check_name = 'shares_within_one' then w.council_years_with_lines else w.council_years end)
            as decimal(18, 2)
        ) as expected,
        cast(count(distinct y.group_name || y.financial_year || y.statement) as decimal(18, 2)) as observed,
        cast(0 as decimal(18, 2)) as tolerance,
        cast(count(distinct y.group_name || y.financial_year || y.statement) as integer) as compared,
        cast(0 as integer) as differing
    from checks as c
    cross join with_money as w
    left join council_years as y on c.check_name = y.check_name and y.compared > 0
    group by c.check_name
),

judged as (
    select *, cast(observed - expected as decimal(18, 2)) as difference, false as is_coverage from council_years
    union all
    select *, cast(observed - expected as decimal(18, 2)) as difference, true as is_coverage from coverage
),

-- A ledger that does not meet its line is set aside, not published: its gap is shown and its line keeps the
-- rules it would have had without it.
ledgers as (
    select distinct
        'ledger_against_published_line' as check_name,
        ledger_id as publication,
        financial_year,
        statement,
        council_code as group_name,
        line_code,
        'net_current_expenditure' as measure,
        {{ to_gbp('coalesce(published_pence, 0)') }} as expected,
        {{ to_gbp('ledger_pence') }} as observed,
        {{ to_gbp('ledger_pence - coalesce(published_pence, 0)') }} as difference,
        {{ to_gbp('tolerance_pence') }} as tolerance,
        ledger_status
    from {{ ref('int_ledger_services') }}
),

ledger_counts as (
    select ledger_id, line_code, cast(sum(cost_centres) as integer) as cost_centres
    from {{ ref('int_ledger_services') }}
    group by ledger_id, line_code
)

select
    j.check_name,
    j.publication,
    j.financial_year,
    j.statement,
    j.group_name,
    j.line_code,
    j.measure,
    j.expected,
    j.observed,
    j.difference,
    j.tolerance,
    j.compared,
    j.differing,
    case
        when j.is_coverage and (j.compared = 0 or j.observed < j.expected) then 'fail'
        when j.is_coverage then 'pass'
        when j.differing > 0 then 'fail'
        when j.check_name = 'shares_within_one' then 'pass'
        when abs(j.difference) <= j.tolerance then 'pass'
        when k.difference is not null and abs(j.difference - k.difference) <= 1 then 'known'
        else 'fail'
    end as status,
    case
        when j.is_coverage and (j.compared = 0 or j.observed < j.expected) then 'Council-years with money were not compared'
        when j.differing > 0 then 'Lines differ even where their sums agree: look them up in fct_allocation'
        when j.difference = 0 or j.is_coverage or j.check_name = 'shares_within_one' then null
        when abs(j.difference) <= j.tolerance then 'The council rounds each line and its total on their own'
        when k.difference is not null and abs(j.difference - k.difference) <= 1 then k.reason
        else 'New: not explained by rounding and not in the reviewed list of known discrepancies'
    end as reason
from judged as j
left join {{ ref('known_discrepancies') }} as k
    on j.check_name = k.check_name and j.publication = k.publication and j.group_name = k.group_name and j.line_code = k.line_code
-- Of files without money there is no council-year to compare.
where not (j.is_coverage and j.compared = 0 and j.expected = 0) or {{ something_is_due('revenue_account') }}
union all
select
    l.check_name,
    l.publication,
    l.financial_year,
    l.statement,
    l.group_name,
    l.line_code,
    l.measure,
    l.expected,
    l.observed,
    l.difference,
    l.tolerance,
    c.cost_centres,
    cast(0 as integer),
    case when l.ledger_status = 'used' then 'pass' else 'unreviewed' end,
    case l.ledger_status
        when 'used' then case when l.difference <> 0 then 'Within the declared tolerance: the split is scaled to the published line' end
        when 'outside_tolerance' then 'Outside the declared tolerance: the ledger was set aside for this line'
        when 'net_credit' then 'A service of the ledger is a net credit, which cannot be a share: set aside for this line'
        when 'no_money' then 'The ledger has no money on this line'
        else 'No published amount to compare with'
    end
from ledgers as l
inner join ledger_counts as c on l.publication = c.ledger_id and l.line_code = c.line_code
