{{ config(meta={"dagster": {"ref": {"name": "council_changes"}}}) }}
-- Where the registry gives a first or last day of a council in a reviewed change, it is the reviewed year.
-- Fails too when no date was compared on published files (fictional councils have no reviewed changes).
select c.from_code, c.to_code, c.effective_year, p.ended_on, s.started_on
from {{ ref('council_changes') }} as c
left join {{ ref('stg_register__authorities') }} as p on c.from_code = p.council_code
left join {{ ref('stg_register__authorities') }} as s on c.to_code = s.council_code
where
    c.change_kind != 'recode'
    and (
        {{ financial_year_shift(financial_year_of('p.ended_on'), 1) }} != c.effective_year
        or {{ financial_year_of('s.started_on') }} != c.effective_year
    )
union all
select 'no date was compared', null, null, null, null
from (
    select count(coalesce(p.ended_on, s.started_on)) as dates
    from {{ ref('council_changes') }} as c
    left join {{ ref('stg_register__authorities') }} as p on c.from_code = p.council_code
    left join {{ ref('stg_register__authorities') }} as s on c.to_code = s.council_code
)
where
    dates = 0
    and not (select coalesce(bool_or(is_sample), false) from {{ source('raw', 'releases') }})
