-- Does each publication add up, down its authorities and across its lines? Adult social care, public health and
-- total service expenditure are by themselves, England and every class; all other lines and measures of a group
-- are in one row with the sum of those differences that rounding cannot explain. A difference is `pass` within
-- rounding, `known` if it is the reviewed one, `not_checked` if the publication prints no total, and `fail` otherwise,
-- but `unreviewed` in a new edition of the outturn: it is published again under one name, form by form, while
-- missing returns come in, so that nobody can have reviewed what does not fit yet.
with lines as (
    select
        *,
        measure = 'net_current_expenditure'
        and (
            line_code in ('360', '390', '799')
            or (source in ('ro4', 'ro5') and line_code in ('490', '509', '590', '599'))
        ) as is_key_line
    from {{ ref('audit_control_total_comparison') }}
),

key_lines as (
    select
        'authorities_sum_to_control_total' as check_name,
        release_of as publication,
        source,
        financial_year,
        statement,
        is_verified,
        group_code as group_name,
        line_code,
        measure,
        expected,
        observed,
        tolerance,
        1 as compared,
        cast(abs(difference) > tolerance as integer) as differing,
        not_returned
    from lines
    where is_key_line
),

other_lines as (
    select
        'authorities_sum_to_control_total' as check_name,
        release_of as publication,
        source,
        financial_year,
        statement,
        is_verified,
        group_code as group_name,
        'all other lines' as line_code,
        'all measures' as measure,
        cast(0 as decimal(18, 2)) as expected,
        cast(
            coalesce(sum(abs(difference)) filter (where abs(difference) > tolerance), 0) as decimal(18, 2)
        ) as observed,
        cast(1 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(count(*) filter (where abs(difference) > tolerance) as integer) as differing,
        cast(max(not_returned) as integer) as not_returned
    from lines
    where not is_key_line
    group by release_of, source, financial_year, statement, is_verified, group_code
),

-- Files of one day that repeat each other: the sum of differences between cells both have. One published on another
-- day restates what it repeats; mart_restatements and fct_budget_line say so.
served as (
    select * from {{ ref('fct_budget_line_edition') }}
    where
        is_serving
        and marker is distinct from 'not_money'
        and (financial_year, statement) in (
            select financial_year, statement
            from {{ ref('audit_control_total_comparison') }}
            group by financial_year, statement
            having count(distinct release_of) > 1
        )
),

twins as (
    select
        a.source, a.financial_year, a.statement, a.is_verified and b.is_verified as is_verified, a.body_code,
        a.line_code, a.measure, a.amount_gbp as amount_a, b.amount_gbp as amount_b, a.release_of, b.release_of as other
    from served as a
    inner join served as b
        on
            a.financial_year = b.financial_year
            and a.statement = b.statement
            and a.body_code = b.body_code
            and a.line_code = b.line_code
            and a.measure = b.measure
            and a.published_on is not distinct from b.published_on
            and (
                (a.source = b.source and a.release_of < b.release_of)
                or (a.source = 'ro3' and b.source = 'rsx' and a.line_code in ('330', '360', '390'))
            )
),

agreement as (
    select
        case when source = 'ro3' then 'forms_agree' else 'duplicate_files_agree' end as check_name,
        release_of || ' and ' || other as publication,
        source,
        financial_year,
        statement,
        is_verified,
        'all bodies' as group_name,
        'all shared lines' as line_code,
        'all measures' as measure,
        cast(0 as decimal(18, 2)) as expected,
        cast(
            coalesce(sum(abs(amount_a - amount_b)), 0)
            + count(*) filter (where (amount_a is null) != (amount_b is null)) as decimal(18, 2)
        ) as observed,
        cast(1 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(count(*) filter (where amount_a is distinct from amount_b) as integer) as differing,
        0 as not_returned
    from twins
    group by all
),

-- Lines of a section add up to its total, council by council; each figure is rounded by itself.
sections as (
    select
        release_of,
        source,
        financial_year,
        statement,
        is_verified,
        section,
        body_code,
        sum(amount_gbp) filter (where not is_total and not is_memorandum) as parts,
        sum(amount_gbp) filter (where is_total) as total,
        count(amount_gbp) as figures
    from {{ ref('fct_budget_line_edition') }}
    where
        is_serving
        and body_kind = 'council'
        and source in ('ra', 'ro3')
        and measure = 'net_current_expenditure'
        and section in ('adult_social_care', 'public_health', 'childrens_social_care')
    group by release_of, source, financial_year, statement, is_verified, section, body_code
),

additions as (
    select
        'lines_sum_to_total' as check_name,
        release_of as publication,
        source,
        financial_year,
        statement,
        is_verified,
        'all councils' as group_name,
        section as line_code,
        'net_current_expenditure' as measure,
        cast(0 as decimal(18, 2)) as expected,
        cast(
            coalesce(sum(abs(parts - total)) filter (where abs(parts - total) > 500 * figures), 0) as decimal(18, 2)
        ) as observed,
        cast(1 as decimal(18, 2)) as tolerance,
        cast(count(*) as integer) as compared,
        cast(count(*) filter (where abs(parts - total) > 500 * figures) as integer) as differing,
        0 as not_returned
    from sections
    where parts is not null and total is not null
    group by release_of, source, financial_year, statement, is_verified, section
),

comparisons as (
    select * from key_lines
    union all
    select * from other_lines
    union all
    select * from agreement
    union all
    select * from additions
),

-- A difference is reviewed for one edition; what was reviewed of a release holds for its editions without an own one.
reviewed as (
    select distinct e.release_of, coalesce(k.publication, e.release_of) as publication
    from {{ ref('fct_budget_line_edition') }} as e
    left join {{ ref('known_discrepancies') }} as k on e.release_id = k.publication
    where e.is_serving
),

toleranced as (
    select
        t.*,
        cast(t.observed - t.expected as decimal(18, 2)) as difference,
        r.is_provisional,
        r.reason as rounding_reason
    from comparisons as t
    inner join {{ ref('reconciliation_rounding') }} as r on t.source = r.source
)

select
    t.check_name,
    t.publication,
    t.financial_year,
    t.statement,
    t.group_name,
    t.line_code,
    t.measure,
    t.expected,
    t.observed,
    t.difference,
    t.tolerance,
    t.compared,
    t.differing,
    t.not_returned,
    case
        when t.difference = 0 then 'pass'
        when k.difference is not null and abs(t.difference - k.difference) <= 1 then 'known'
        when abs(t.difference) <= t.tolerance then 'pass'
        when not t.is_verified and (t.is_provisional or (t.not_returned > 0 and t.check_name = 'authorities_sum_to_control_total'))
            then 'unreviewed'
        else 'fail'
    end as status,
    case
        when t.difference = 0 then null
        when k.difference is not null and abs(t.difference - k.difference) <= 1 then k.reason
        when abs(t.difference) <= t.tolerance then t.rounding_reason
        when t.is_provisional and not t.is_verified
            then 'A new edition of the outturn, which nobody has reviewed yet'
        when not t.is_verified and t.not_returned > 0 and t.check_name = 'authorities_sum_to_control_total'
            then 'A new budget, which nobody has reviewed yet: ' || t.not_returned || ' authorities made no return'
        when k.difference is not null
            then 'The reviewed difference is ' || k.difference || ': ' || k.reason
        else 'New: not in the reviewed list of known discrepancies'
    end as reason,
    coalesce(v.publication, t.publication) as reviewed_as
from toleranced as t
left join reviewed as v on t.publication = v.release_of
left join {{ ref('known_discrepancies') }} as k
    on
        t.check_name = k.check_name
        and coalesce(v.publication, t.publication) = k.publication
        and t.group_name = k.group_name
        and t.line_code = k.line_code

union all

-- A publication without totals of its own is here too, so that nobody takes its absence for agreement. Budgets have come
-- out without since 2023-24: of one that nobody has reviewed yet it is said, and stops nothing.
select
    'authorities_sum_to_control_total' as check_name,
    c.release_of as publication,
    c.financial_year,
    c.statement,
    'Eng' as group_name,
    c.line_code,
    c.measure,
    cast(null as decimal(18, 2)) as expected,
    cast(sum(c.amount_gbp) as decimal(18, 2)) as observed,
    cast(null as decimal(18, 2)) as difference,
    cast(null as decimal(18, 2)) as tolerance,
    0 as compared,
    0 as differing,
    cast(count(*) filter (where c.flag = 'no_return') as integer) as not_returned,
    case when w.release_of is not null then 'not_checked' else 'unreviewed' end as status,
    coalesce(
        w.reason, 'The file prints no England row, so that its figures cannot be checked against its own totals'
    ) as reason,
    c.release_of as reviewed_as
from {{ ref('fct_budget_line_edition') }} as c
left join {{ ref('publications_without_totals') }} as w on c.release_of = w.release_of
where
    c.is_serving
    and (
        w.release_of is not null
        or (
            not c.is_verified
            and c.source = 'ra'
            and c.financial_year >= '2023-24'
            and c.release_of not in (select release_of from {{ ref('audit_control_total_comparison') }})
        )
    )
    and c.body_kind != 'control'
    and c.measure = 'net_current_expenditure'
    and c.line_code in ('360', '390', '799')
group by c.release_of, c.financial_year, c.statement, c.line_code, c.measure, w.release_of, w.reason
