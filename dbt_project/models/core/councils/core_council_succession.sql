-- Who became whom. Reviewed changes first; a council that the registry ends and replaces without a reviewed
-- row gets its kind from the shape of the change.
with spans as (
    select * from {{ ref('core_council_spans') }}
),

reviewed as (
    select c.*
    from {{ ref('council_changes') }} as c
    where
        c.from_code in (select council_code from spans)
        and c.to_code in (select council_code from spans)
),

replaced as (
    select
        p.council_code as from_code,
        p.council_name as from_name,
        p.authority_type as from_type,
        p.ended_on,
        trim(successor.registry_code) as registry_code
    from {{ ref('stg_register__authorities') }} as p
    cross join lateral {{ one_row_each(parts_of('p.replaced_by', ',')) }} as successor (registry_code)
    where
        p.replaced_by is not null
        and p.ended_on is not null
        and p.council_code not in (select from_code from reviewed)
),

shaped as (
    select
        r.from_code,
        a.council_code as to_code,
        {{ financial_year_shift(financial_year_of('r.ended_on'), 1) }} as effective_year,
        r.from_name,
        a.council_name as to_name,
        r.from_type = a.authority_type as is_same_type,
        count(*) over (partition by r.from_code) as successors,
        count(*) over (partition by a.council_code) as predecessors
    from replaced as r
    inner join {{ ref('stg_register__authorities') }} as a on r.registry_code = a.registry_code
    where
        r.from_code in (select council_code from spans)
        and a.council_code in (select council_code from spans)
),

from_registry as (
    select
        from_code,
        to_code,
        effective_year,
        case
            when successors > 1 then 'split'
            when predecessors > 1 then 'merge'
            when is_same_type then 'recode'
            else 'same_footprint'
        end as change_kind,
        case
            when successors > 1 then 'area_' || lower(from_code)
            when predecessors > 1 then 'area_' || lower(to_code)
        end as combined_area_code,
        case
            when successors > 1 then from_name || ' area'
            when predecessors > 1 then to_name || ' area'
        end as combined_area_name,
        case
            when successors > 1 then from_name || ' was split: no series runs across April ' || left(effective_year, 4)
            when predecessors > 1 then from_name || ' joined ' || to_name
            when is_same_type then to_name || ' has a new code'
            else to_name || ' replaced ' || from_name || ' on the same footprint'
        end as note,
        'registry' as source
    from shaped
),

reviewed_and_registered as (
    select
        from_code, to_code, effective_year, change_kind, combined_area_code, combined_area_name, note, source,
        true as is_reviewed
    from reviewed
    union all
    select
        from_code, to_code, effective_year, change_kind, combined_area_code, combined_area_name, note, source,
        false as is_reviewed
    from from_registry
)

select
    from_code,
    to_code,
    effective_year,
    change_kind,
    change_kind in ('recode', 'same_footprint') as carries_series,
    nullif(combined_area_code, '') as combined_area_code,
    nullif(combined_area_name, '') as combined_area_name,
    note,
    source,
    is_reviewed
from reviewed_and_registered
