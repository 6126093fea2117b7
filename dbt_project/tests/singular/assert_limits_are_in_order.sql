{{ config(meta={"dagster": {"ref": {"name": "mart_spend_against_admissions"}}}) }}
-- Every rate lies in its interval, and the control limits lie around the England rate, the wider outside the
-- narrower. Fails too when there was no rate to look at.
select council_code, financial_year, admissions_per_100k
from {{ ref('mart_spend_against_admissions') }}
where
    admissions_per_100k not between admissions_lower_per_100k - 0.1 and admissions_upper_per_100k + 0.1
    or england_per_100k not between control_lower_95_per_100k and control_upper_95_per_100k
    or control_lower_998_per_100k > control_lower_95_per_100k
    or control_upper_998_per_100k < control_upper_95_per_100k
    or (admissions_per_100k is null and missing_reason is null)
    or (is_suppressed and (admissions_per_100k is not null or against_chance is not null))
union all
select 'no rate was looked at', null, null
from (
    select count(admissions_lower_per_100k) as intervals, count(control_upper_998_per_100k) as limits
    from {{ ref('mart_spend_against_admissions') }}
)
where (intervals = 0 or limits = 0) and {{ something_is_due() }}
