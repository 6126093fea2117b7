-- The one tier vocabulary with the words others use.
select
    tier,
    cast(tier_order as integer) as tier_order,
    is_preventative,
    care_act_term,
    nao_term,
    camden_term,
    welsh_term,
    plain_name,
    definition
from {{ ref('tiers') }}
