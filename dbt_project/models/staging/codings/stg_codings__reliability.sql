-- A figure is reliable from the alpha declared in the thresholds; where there is no alpha nothing is said.
select
    r.document_type,
    r.wave,
    r.series,
    r.item_code,
    r.code,
    r.scale,
    r.coders,
    r.units,
    r.positives,
    r.percent_agreement,
    r.kappa,
    r.alpha,
    r.alpha_lower,
    r.alpha_upper,
    r.alpha >= t.value as is_reliable,
    case
        when r.note != '' then r.note
        when r.alpha < t.value then 'not reliable: alpha is below ' || cast(t.value as varchar)
    end as reliability_note
from {{ source('raw', 'coding_reliability') }} as r
inner join {{ ref('say_do_thresholds') }} as t on t.threshold = 'reliable_alpha'
