-- Money that does not go with the rest of its own series. One row is a check, publication, council and line whose
-- figure lies outside what the true publications of ten years show; the limits are in plausibility_checks.
with money as (
    select * from {{ ref('audit_council_money') }}
),

-- How a line moved in most councils is the measure of how it moved in one.
moves as (
    select
        *,
        cast(amount_gbp as double) / nullif(other_amount_gbp, 0) as move,
        median(cast(amount_gbp as double) / nullif(other_amount_gbp, 0)) over (partition by publication, line_code) as usual
    from money
    where is_total and other_amount_gbp is not null and abs(other_amount_gbp) >= 5000000
),

whole_files as (
    select
        'file_in_another_unit' as check_name, publication, financial_year, '' as council_code, '' as council_name,
        line_code as item, line_name as item_name, any_value(other_publication) as compared_with,
        cast(median(other_amount_gbp) as decimal(18, 2)) as expected,
        cast(median(amount_gbp) as decimal(18, 2)) as observed,
        any_value(usual) as factor
    from moves
    where line_code in ('360', '799')
    group by publication, financial_year, line_code, line_name
),

-- One column may be in another unit, or another line's, while its section's total is not.
whole_columns as (
    select
        'column_in_another_unit' as check_name, publication, financial_year, '' as council_code, '' as council_name,
        line_code as item, any_value(line_name) as item_name, any_value(other_publication) as compared_with,
        cast(median(other_amount_gbp) as decimal(18, 2)) as expected,
        cast(median(amount_gbp) as decimal(18, 2)) as observed,
        median(cast(amount_gbp as double) / nullif(other_amount_gbp, 0)) as factor
    from money
    where abs(amount_gbp) >= 1000 and abs(other_amount_gbp) >= 1000
        and greatest(abs(amount_gbp), abs(other_amount_gbp)) >= 50000
    group by publication, financial_year, line_code
    having count(*) >= 20
),

council_totals as (
    select
        case when line_code in ('360', '799') then 'council_total_off_its_years' else 'section_total_off_its_years' end
            as check_name, publication, financial_year, council_code, council_name,
        line_code as item, line_name as item_name, other_publication as compared_with,
        cast(other_amount_gbp * usual as decimal(18, 2)) as expected, amount_gbp as observed,
        move / nullif(usual, 0) as factor
    from moves
    where line_code in ('330', '360', '390', '799')
),

-- A figure against every other year of the council's own series, which must be steady to say anything.
series as (
    select
        n.publication, n.financial_year, n.council_code, n.council_name, n.line_code, n.line_name,
        any_value(n.amount_gbp) as amount_gbp,
        max(o.amount_gbp) as highest, min(o.amount_gbp) as lowest,
        -- Of years with the same amount the first named: a finding is known again by what it was compared with.
        min_by(o.publication, (-o.amount_gbp, o.publication)) as highest_in,
        min_by(o.publication, (o.amount_gbp, o.publication)) as lowest_in
    from money as n
    inner join money as o
        on
            n.form = o.form and n.body_code = o.body_code and n.line_code = o.line_code
            and n.starts != o.starts and o.is_standing
    where not n.is_total and n.section in ('adult_social_care', 'public_health', 'housing', 'cultural')
    group by n.publication, n.financial_year, n.council_code, n.council_name, n.line_code, n.line_name
    having count(*) >= 2 and min(o.amount_gbp) >= 200000 and max(o.amount_gbp) <= 4 * min(o.amount_gbp)
),

lines as (
    select
        'line_off_its_years' as check_name, publication, financial_year, council_code, council_name,
        line_code as item, line_name as item_name,
        case when amount_gbp > highest then highest_in else lowest_in end as compared_with,
        case when amount_gbp > highest then highest else lowest end as expected, amount_gbp as observed,
        case when amount_gbp > highest then cast(amount_gbp as double) / highest else cast(amount_gbp as double) / lowest end as factor
    from series
    where amount_gbp > 0 and greatest(amount_gbp, lowest) >= 1000000 and not (amount_gbp between lowest and highest)
),

turned as (
    select
        'line_turned_negative' as check_name, publication, financial_year, council_code, council_name,
        line_code as item, line_name as item_name, lowest_in as compared_with, lowest as expected,
        amount_gbp as observed, cast(amount_gbp as double) / lowest as factor
    from series
    where amount_gbp <= -1000000
),

statements as (
    select
        b.financial_year, b.council_code, b.council_name, b.line_code, b.line_name, b.publication as budget,
        o.publication, b.amount_gbp as budget_gbp, o.amount_gbp,
        cast(o.amount_gbp as double) / nullif(b.amount_gbp, 0) as ratio,
        median(cast(o.amount_gbp as double) / nullif(b.amount_gbp, 0))
            over (partition by o.publication, b.publication, b.line_code) as usual
    from money as b
    inner join money as o
        on b.starts = o.starts and b.body_code = o.body_code and b.line_code = o.line_code
    where
        b.statement = 'budget' and o.statement = 'outturn' and o.form = 'summary' and b.is_standing
        and b.line_code in ('360', '799') and b.amount_gbp >= 5000000
),

budgets_and_outturn as (
    select
        'outturn_off_its_budget' as check_name, publication, financial_year, council_code, council_name,
        line_code as item, line_name as item_name, budget as compared_with,
        cast(budget_gbp * usual as decimal(18, 2)) as expected, amount_gbp as observed, ratio / nullif(usual, 0) as factor
    from statements
),

forms as (
    select
        'outturn_forms_disagree' as check_name, a.publication, a.financial_year, a.council_code, a.council_name,
        a.line_code as item, a.line_name as item_name, b.publication as compared_with,
        b.amount_gbp as expected, a.amount_gbp as observed, cast(a.amount_gbp as double) / nullif(b.amount_gbp, 0) as factor
    from money as a
    inner join money as b
        on a.starts = b.starts and a.body_code = b.body_code and a.line_code = b.line_code
    where
        a.form = 'summary' and b.form = 'ro3' and abs(a.amount_gbp - b.amount_gbp) > 2000
        -- A summary published later restates the lines; mart_restatements and the reconciliation name what it changed.
        and not coalesce(a.published_on > b.published_on, false)
),

findings as (
    select * from whole_files
    union all select * from whole_columns
    union all select * from council_totals
    union all select * from lines
    union all select * from turned
    union all select * from budgets_and_outturn
    union all select * from forms
)

select t.*
from findings as t
inner join {{ ref('plausibility_checks') }} as c on t.check_name = c.check_name
where t.factor is null or t.factor not between c.lowest_factor and c.highest_factor
