select
    r.document_type,
    r.wave,
    r.series,
    r.item_code,
    i.item_label,
    r.code,
    coalesce(b.code_label, case when r.code = 'all_themes' then 'All themes together' else '' end) as code_label,
    r.scale,
    r.coders,
    r.units,
    r.positives,
    r.percent_agreement,
    r.kappa,
    r.alpha,
    r.alpha_lower,
    r.alpha_upper,
    r.is_reliable,
    r.reliability,
    r.reliability_note
from {{ ref('stg_codings__reliability') }} as r
inner join {{ codebook_list('coding_items') }} as i on r.document_type = i.document_type and r.item_code = i.item_code
left join {{ ref('core_codebook') }} as b
    on
        r.document_type = b.document_type and r.wave = b.wave and r.item_code = b.item_code and r.code = b.code
