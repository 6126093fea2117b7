-- How far a figure may be relied on, by the lower bound of the interval of alpha and the least numbers declared. Themes
-- taken together say nothing of any one of them, so the pooled row has no verdict.
with rules as (
    select
        max(value) filter (where rule = 'reliable_alpha_lower') as reliable_alpha_lower,
        max(value) filter (where rule = 'tentative_alpha_lower') as tentative_alpha_lower,
        max(value) filter (where rule = 'least_units') as least_units,
        max(value) filter (where rule = 'least_positives') as least_positives
    from {{ ref('reliability_rules') }}
),

judged as (
    select
        r.*,
        q.*,
        case
            when r.code = 'all_themes' then null
            when
                r.alpha is null or r.units < q.least_units
                or coalesce(r.positives, q.least_positives) < q.least_positives
                then 'cannot_be_told'
            when r.alpha_lower >= q.reliable_alpha_lower then 'reliable'
            when r.alpha_lower >= q.tentative_alpha_lower then 'tentative'
            else 'not_reliable'
        end as reliability
    from {{ source('raw', 'coding_reliability') }} as r
    cross join rules as q
)

select
    document_type,
    wave,
    series,
    item_code,
    code,
    scale,
    coders,
    units,
    positives,
    percent_agreement,
    kappa,
    alpha,
    alpha_lower,
    alpha_upper,
    reliability,
    case when reliability != 'cannot_be_told' then reliability = 'reliable' end as is_reliable,
    coalesce(reliability in ('reliable', 'tentative'), false) as is_usable,
    case
        when code = 'all_themes' then 'pooled over themes: says nothing of a single one'
        when note != '' then note
        when reliability = 'cannot_be_told'
            then 'cannot be told: ' || units || ' units read twice, ' || cast(least_units as integer) || ' are needed'
        when reliability = 'tentative'
            then 'tentative: alpha may be as low as ' || cast(cast(alpha_lower as decimal(9, 2)) as string)
        when reliability = 'not_reliable'
            then 'not reliable: alpha may be as low as ' || cast(cast(alpha_lower as decimal(9, 2)) as string)
                || ', below ' || cast(cast(tentative_alpha_lower as decimal(9, 3)) as string)
    end as reliability_note
from judged
