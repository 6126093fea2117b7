{{ config(meta={"dagster": {"ref": {"name": "mart_spend_against_admissions"}}}) }}
-- No council's own interval gainsays its words: "not told apart from England" has an interval that takes in the
-- England rate, "above" and "below" lie wholly on their side of it, and outside the usual spread is outside the
-- limits of chance too. Fails too when no rate has words.
select council_code, financial_year, against_chance, admissions_lower_per_100k, admissions_upper_per_100k, england_per_100k
from {{ ref('mart_spend_against_admissions') }}
where
    (against_chance like 'within%'
        and england_per_100k not between admissions_lower_per_100k and admissions_upper_per_100k)
    or (against_chance like '%above%' and admissions_lower_per_100k <= england_per_100k)
    or (against_chance like '%below%' and admissions_upper_per_100k >= england_per_100k)
    or (spread_class in ('above_95', 'above_998') and admissions_per_100k <= chance_upper_95_per_100k)
    or (spread_class in ('below_95', 'below_998') and admissions_per_100k >= chance_lower_95_per_100k)
    or control_upper_95_per_100k < chance_upper_95_per_100k
    or control_lower_95_per_100k > chance_lower_95_per_100k
union all
select 'no rate has words', null, null, null, null, null
from (select count(against_chance) as worded from {{ ref('mart_spend_against_admissions') }}) as counted
where worded = 0 and {{ something_is_due() }}
