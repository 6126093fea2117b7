-- Everything implausible in what is served, whether it blocks, warns, or was looked at and accepted. An acceptance
-- holds for the council, line, year and figure that were looked at, to the penny or the last decimal, and for what they
-- were compared with, within two per cent: another figure in the same place is a new finding.
with found as (
    select *, cast(null as string) as expected_code, cast(null as string) as observed_code
    from {{ ref('audit_money_jumps') }}
    union all
    select *, null, null from {{ ref('audit_money_within') }}
    union all
    select *, null, null from {{ ref('audit_money_exchanged') }}
    union all
    select *, null, null from {{ ref('audit_money_above_totals') }}
    union all
    select *, null, null from {{ ref('audit_outcomes_off') }}
    union all
    select *, null, null from {{ ref('audit_outcome_groups') }}
    union all
    select *, null, null from {{ ref('audit_reference_off') }}
    union all
    select *, null, null from {{ ref('audit_reference_within') }}
    union all
    select *, null, null from {{ ref('audit_council_rows') }}
    union all
    select *, null, null from {{ ref('audit_outcomes_exchanged') }}
    union all
    select * from {{ ref('audit_identities_off') }}
)

select
    f.check_name,
    f.publication,
    f.financial_year,
    coalesce(f.council_code, '') as council_code,
    f.item,
    f.compared_with,
    coalesce(cast(f.expected as string), f.expected_code) as expected,
    coalesce(cast(f.observed as string), f.observed_code) as observed,
    cast(f.factor as decimal(18, 4)) as factor,
    case when e.check_name is not null then 'accepted' when c.action = 'block' then 'blocks' else 'warns' end as status,
    concat_ws(
        ', ', f.publication, nullif(f.council_name, ''), f.item_name, nullif(f.financial_year, '')
    ) || ': ' || c.what || case
        when f.expected_code is not null
            then '; expected ' || f.expected_code || ' by ' || f.compared_with || ', found ' || f.observed_code
        when f.expected is not null and f.observed is not null
            then
                '; expected about ' || {{ in_words('f.expected') }} || ' by ' || f.compared_with
                || ', found ' || {{ in_words('f.observed') }}
        else ' (compared with ' || f.compared_with || ')'
    end as sentence,
    e.reason
from found as f
inner join {{ ref('plausibility_checks') }} as c on f.check_name = c.check_name
left join {{ ref('plausibility_exceptions') }} as e
    on
        f.check_name = e.check_name
        -- Another edition of a release is another publication only where its figure is another.
        and split_part(f.publication, '@', 1) = e.publication
        and f.financial_year = e.financial_year
        and coalesce(f.council_code, '') = coalesce(e.council_code, '')
        and f.item = coalesce(e.item, '')
        and split_part(f.compared_with, '@', 1) = e.compared_with
        and coalesce(f.observed_code, '') = case when f.observed_code is null then '' else coalesce(e.observed, '') end
        and (
            f.observed is null or e.observed is null
            or abs(cast(f.observed as double) - try_cast(e.observed as double)) <= 0.01
        )
        and (
            coalesce(cast(f.factor as double), 0) = coalesce(cast(e.factor as double), 0)
            or abs(cast(f.factor as double) - cast(e.factor as double))
            <= case when e.observed is null then 0.002 else 0.02 end * abs(cast(e.factor as double)) + 0.0001
        )
