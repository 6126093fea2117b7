-- One place in one year: its councils, what they pay with the range, from which budgets, and what has been read of
-- them. A place is a region, a combined area or a partnership. Money and words of councils are pooled; the plan of a
-- partnership is under its own label. Counts say of how many councils they are; nothing is averaged over rates.
with places as (
    select area_kind, area_code, area_name, council_code, financial_year
    from {{ ref('int_area_members') }}
    where area_kind in ('region', 'combined_area', 'partnership')
),

members as (
    select
        area_kind, area_code, area_name, financial_year,
        count(*) as councils_standing,
        {{ joined('council_code', ', ') }} as council_codes
    from places
    group by area_kind, area_code, area_name, financial_year
),

-- Budgets where there is one, else outturn: never one beside the other in a year.
money as (
    select *
    from {{ ref('int_area_headlines') }}
    where panel = 'all' and cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'
    qualify dense_rank() over (partition by area_kind, area_code, financial_year order by statement) = 1
),

claims as (
    select
        p.area_kind, p.area_code, p.financial_year,
        count(*) filter (where g.coded_items > 0) as councils_coded,
        count(*) filter (where g.claim_score_share is not null) as councils_scored,
        count(*) filter (where g.is_strong_claim) as councils_claiming_strongly,
        count(*) filter (where g.classification = 'says_and_does') as councils_says_and_does,
        count(*) filter (where g.classification = 'says_money_does_not_show_it') as councils_says_only,
        count(*) filter (where g.classification = 'does_without_saying') as councils_does_only,
        count(*) filter (where g.classification = 'neither') as councils_neither,
        count(*) filter (where g.classification = 'not_enough_evidence') as councils_not_enough_evidence,
        cast({{ median_of('g.claim_score_share', 4) }} as decimal(9, 4)) as median_claim_score_share
    from places as p
    inner join {{ ref('mart_say_do_gap') }} as g
        on p.council_code = g.council_code and p.financial_year = g.financial_year
    group by p.area_kind, p.area_code, p.financial_year
),

-- Money of partners in the same statement and perimeter (preventing and reducing need), each sum with whom it comes from.
partners as (
    select
        p.area_kind, p.area_code, p.financial_year, m.statement,
        count(distinct m.council_code) as councils_in_partner_money,
        sum(m.paid_gbp) as partner_money_gbp,
        sum(m.paid_gbp) filter (where m.partner = 'nhs') as nhs_gbp,
        sum(m.paid_gbp) filter (where m.partner = 'better_care_fund') as better_care_fund_gbp,
        sum(m.paid_gbp) filter (where m.partner = 'voluntary_sector') as voluntary_sector_gbp,
        sum(m.paid_gbp) filter (where m.partner = 'other_partner') as other_partner_gbp
    from places as p
    inner join {{ ref('mart_partner_money') }} as m
        on p.council_code = m.council_code and p.financial_year = m.financial_year
    where m.tier in ('primary', 'secondary')
    group by p.area_kind, p.area_code, p.financial_year, m.statement
),

gaining as (
    select distinct
        p.area_kind, p.area_code, p.financial_year, m.statement,
        {{ one_row_each(parts_of("m.gaining_partners", ", ")) }} as gaining_partner
    from places as p
    inner join {{ ref('mart_partner_money') }} as m
        on p.council_code = m.council_code and p.financial_year = m.financial_year
    where m.tier in ('primary', 'secondary') and m.gaining_partners is not null
),

gains as (
    select
        area_kind, area_code, financial_year, statement,
        {{ joined('gaining_partner', ', ') }} as gaining_partners
    from gaining
    group by area_kind, area_code, financial_year, statement
),

-- The last wave made for the year or an earlier one speaks for it.
said as (
    select
        p.area_kind, p.area_code, p.financial_year, e.document_type, e.wave, e.unit_code, e.item_code, e.code, e.code_label
    from places as p
    inner join {{ ref('mart_council_evidence') }} as e
        on p.council_code = e.council_code and p.financial_year >= e.evidence_year
    where e.document_type = 'foi_response' or e.item_code = 'label'
    qualify
        dense_rank() over (
            partition by p.area_kind, p.area_code, p.financial_year, e.document_type order by e.wave desc
        ) = 1
),

words as (
    select
        area_kind, area_code, financial_year,
        max(wave) filter (where document_type = 'foi_response') as replies_wave,
        max(wave) filter (where document_type = 'jhws') as strategies_wave,
        count(distinct unit_code) filter (where document_type = 'foi_response') as replies_coded,
        count(distinct unit_code) filter (where item_code = 'q2a' and code = 'yes') as replies_with_local_approach,
        count(distinct unit_code) filter (where item_code = 'q3a' and code = 'yes') as replies_with_commissioning_strategy,
        count(distinct unit_code) filter (where document_type = 'jhws') as strategies_coded,
        count(distinct unit_code) filter (where document_type = 'jhws' and code in ('strong', 'very_strong'))
            as strategies_strong,
        {{ joined(
            'code_label', ', ', distinct=true,
            where="document_type = 'stp' and area_kind = 'partnership' and unit_code = area_code"
        ) }} as plan_label
    from said
    group by area_kind, area_code, financial_year
)

select
    m.area_kind as place_kind,
    m.area_code as place_code,
    m.area_name as place_name,
    m.financial_year,
    n.statement,
    m.council_codes,
    cast(m.councils_standing as integer) as councils_standing,
    cast(n.councils as integer) as councils_in_money,
    n.amount_gbp,
    n.amount_low_gbp,
    n.amount_high_gbp,
    w.amount_gbp as wide_amount_gbp,
    w.amount_low_gbp as wide_amount_low_gbp,
    w.amount_high_gbp as wide_amount_high_gbp,
    n.adult_social_care_gbp as paid_by_adult_social_care_gbp,
    n.public_health_gbp as paid_by_public_health_gbp,
    n.wider_council_gbp as paid_by_wider_council_gbp,
    cast(r.nhs_gbp as decimal(18, 2)) as paid_by_nhs_gbp,
    cast(r.better_care_fund_gbp as decimal(18, 2)) as paid_by_better_care_fund_gbp,
    cast(r.voluntary_sector_gbp as decimal(18, 2)) as paid_by_voluntary_sector_gbp,
    cast(r.other_partner_gbp as decimal(18, 2)) as paid_by_other_partners_gbp,
    cast(n.amount_gbp + r.partner_money_gbp as decimal(18, 2)) as amount_with_partners_gbp,
    cast(coalesce(r.councils_in_partner_money, 0) as integer) as councils_in_partner_money,
    i.gaining_partners,
    n.per_head_65_plus_gbp,
    n.is_modelled,
    cast(coalesce(c.councils_coded, 0) as integer) as councils_coded,
    cast(coalesce(c.councils_scored, 0) as integer) as councils_scored,
    cast(coalesce(c.councils_claiming_strongly, 0) as integer) as councils_claiming_strongly,
    c.median_claim_score_share,
    cast(coalesce(c.councils_says_and_does, 0) as integer) as councils_says_and_does,
    cast(coalesce(c.councils_says_only, 0) as integer) as councils_says_only,
    cast(coalesce(c.councils_does_only, 0) as integer) as councils_does_only,
    cast(coalesce(c.councils_neither, 0) as integer) as councils_neither,
    cast(coalesce(c.councils_not_enough_evidence, 0) as integer) as councils_not_enough_evidence,
    s.replies_wave,
    cast(coalesce(s.replies_coded, 0) as integer) as replies_coded,
    cast(coalesce(s.replies_with_local_approach, 0) as integer) as replies_with_local_approach,
    cast(coalesce(s.replies_with_commissioning_strategy, 0) as integer) as replies_with_commissioning_strategy,
    s.strategies_wave,
    cast(coalesce(s.strategies_coded, 0) as integer) as strategies_coded,
    cast(coalesce(s.strategies_strong, 0) as integer) as strategies_strong,
    s.plan_label
from members as m
left join money as n
    on
        m.area_kind = n.area_kind and m.area_code = n.area_code and m.financial_year = n.financial_year
        and n.perimeter = 'narrow'
left join money as w
    on
        m.area_kind = w.area_kind and m.area_code = w.area_code and m.financial_year = w.financial_year
        and w.perimeter = 'wide'
left join partners as r
    on
        n.area_kind = r.area_kind and n.area_code = r.area_code and n.financial_year = r.financial_year
        and n.statement = r.statement
left join gains as i
    on
        n.area_kind = i.area_kind and n.area_code = i.area_code and n.financial_year = i.financial_year
        and n.statement = i.statement
left join claims as c
    on m.area_kind = c.area_kind and m.area_code = c.area_code and m.financial_year = c.financial_year
left join words as s
    on m.area_kind = s.area_kind and m.area_code = s.area_code and m.financial_year = s.financial_year
where n.area_code is not null or c.councils_coded > 0 or s.area_code is not null
