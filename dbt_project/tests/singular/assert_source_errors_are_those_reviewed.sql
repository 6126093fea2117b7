{{ config(meta={"dagster": {"ref": {"name": "mart_published_findings"}}}) }}
-- What the mart works out about the source's own figures is what a reader found by hand: the same figures do not add
-- up, and the same words are loose. Fails too when it compared nothing.
with compared as (
    select
        f.finding_id,
        case
            when f.agrees = 'no' then 'does_not_add_up'
            when f.agrees = 'words_off' then 'wording_loose'
            else 'neither'
        end as expected,
        case when m.source_check in ('does_not_add_up', 'wording_loose') then m.source_check else 'neither' end as observed
    from {{ ref('published_findings') }} as f
    left join {{ ref('mart_published_findings') }} as m on f.finding_id = m.finding_id
)

select finding_id, expected, observed from compared where expected != observed
union all
select 'nothing was compared', '', '' from (select count(*) as found from compared) where found = 0
