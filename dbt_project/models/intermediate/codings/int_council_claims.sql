-- What each council's strategy and replies claim, item by item, for every later year of the council or of the one
-- code that carries its area on. A merger or split carries no claim: nobody coded the new council. Items whose coders
-- have not been shown to agree are here with the reason why they are left out of the score.
with recursive carried as (
    select
        document_type, wave, evidence_year, unit_code, council_code as coded_council_code, council_code, 0 as changes
    from {{ ref('core_coding_units') }}
    where unit_kind != 'partnership'
    union all
    select c.document_type, c.wave, c.evidence_year, c.unit_code, c.coded_council_code, s.to_code, c.changes + 1
    from carried as c
    inner join {{ ref('core_council_succession') }} as s on c.council_code = s.from_code and s.carries_series
    where c.changes < 5
),

scored as (
    select distinct document_type, item_code, weight from {{ ref('claim_points') }}
)

select
    c.council_code,
    y.financial_year,
    a.document_type,
    a.wave,
    {{ financial_year_start('y.financial_year') }} - {{ financial_year_start('c.evidence_year') }} as claim_age_years,
    a.item_code,
    a.code,
    a.basis,
    s.weight,
    p.points_share,
    coalesce(p.bars_strong_claim, false) as bars_strong_claim,
    r.alpha,
    case when r.reliability != 'cannot_be_told' then r.alpha_lower end as alpha_lower,
    coalesce(r.reliability, 'cannot_be_told') as reliability,
    case
        when a.basis = 'undecided' then 'coders differ'
        when p.points_share is null then 'no points for this answer'
        when coalesce(r.reliability, 'cannot_be_told') = 'cannot_be_told' then 'agreement of coders not known'
    end as left_out
from carried as c
inner join {{ ref('int_codings_agreed') }} as a
    on c.document_type = a.document_type and c.wave = a.wave and c.unit_code = a.unit_code
inner join scored as s on a.document_type = s.document_type and a.item_code = s.item_code
left join {{ ref('claim_points') }} as p
    on a.document_type = p.document_type and a.item_code = p.item_code and a.code = p.code
inner join {{ ref('dim_financial_year') }} as y on y.financial_year >= c.evidence_year
inner join {{ ref('dim_council') }} as d
    on
        c.council_code = d.council_code
        and y.financial_year between d.valid_from_year and coalesce(d.valid_to_year, '9999-00')
left join {{ ref('stg_codings__reliability') }} as r
    on
        a.document_type = r.document_type and a.wave = r.wave and a.series = r.series and a.item_code = r.item_code
        and r.code = ''
where a.is_latest_series
-- One wave speaks for a year: the last one made for that year or an earlier one.
qualify
    dense_rank() over (
        partition by c.council_code, y.financial_year, a.document_type order by c.evidence_year desc, a.wave desc
    ) = 1
