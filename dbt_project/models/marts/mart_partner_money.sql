-- What each partner of a council pays for prevention: what it spends and gives, less what it was given. So money that
-- passes through several hands counts once, with whom it came from. The council's own row says only what it gave and
-- was given: what it spends is in its return, which is net of what it was given.
with sides as (
    select
        council_code, financial_year, statement, tier, partner, gains,
        case when does = 'spends' then amount_gbp else 0 end as spent_gbp,
        case when does = 'gives' then amount_gbp else 0 end as given_gbp,
        0 as received_gbp
    from {{ ref('fct_partner_money') }}
    union all
    select council_code, financial_year, statement, tier, receiver, null, 0, 0, amount_gbp
    from {{ ref('fct_partner_money') }}
    where does = 'gives'
),

gaining as (
    select council_code, financial_year, statement, tier, partner, {{ one_row_each(parts_of("gains", "|")) }} as gaining_partner
    from sides
    where gains is not null
),

named as (
    select
        council_code, financial_year, statement, tier, partner,
        {{ joined('trim(gaining_partner)', ', ', distinct=true) }} as gaining_partners
    from gaining
    group by council_code, financial_year, statement, tier, partner
),

summed as (
    select
        council_code, financial_year, statement, tier, partner,
        cast(sum(spent_gbp) as decimal(18, 2)) as spent_gbp,
        cast(sum(given_gbp) as decimal(18, 2)) as given_gbp,
        cast(sum(received_gbp) as decimal(18, 2)) as received_gbp
    from sides
    group by council_code, financial_year, statement, tier, partner
)

select
    s.council_code,
    s.financial_year,
    s.statement,
    s.tier,
    s.partner,
    s.spent_gbp,
    s.given_gbp,
    s.received_gbp,
    case
        when s.partner != 'council' then cast(s.spent_gbp + s.given_gbp - s.received_gbp as decimal(18, 2))
    end as paid_gbp,
    n.gaining_partners
from summed as s
left join named as n
    on
        s.council_code = n.council_code and s.financial_year = n.financial_year and s.statement = n.statement
        and s.tier = n.tier and s.partner = n.partner
