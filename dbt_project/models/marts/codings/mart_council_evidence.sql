-- What has been read of each council: every code that counts, and every cell on which coders differ with what each of
-- them read. Boards and partnerships speak for their councils, and are under their own names. One page after another
-- reads these rows, so that none says otherwise.
with agreed as (
    select *, case when answer_type = 'themes' then code else '' end as theme
    from {{ ref('int_codings_agreed') }}
    where is_latest_series and (is_present or basis = 'undecided')
),

readings as (
    select
        c.document_type,
        c.wave,
        cast(c.series as integer) as series_number,
        c.unit_code,
        c.item_code,
        case when c.answer_type = 'themes' then c.code else '' end as theme,
        {{ joined(
            "c.coder || ': ' || case when c.answer_type != 'themes' then coalesce(b.code_label, c.code)"
            ~ " when c.is_present then 'yes' else 'no' end",
            '; ', order_by='c.coder', where='not c.is_adjudicated'
        ) }} as coders_read,
        max(c.quotation) filter (where c.is_present) as quotation,
        max(c.page) filter (where c.is_present and c.quotation is not null) as page,
        coalesce(bool_or(c.is_quotation_checked and c.is_present), false) as is_quotation_checked
    from {{ ref('core_codings_placed') }} as c
    left join {{ ref('core_codebook') }} as b
        on c.document_type = b.document_type and c.wave = b.wave and c.item_code = b.item_code and c.code = b.code
    group by
        c.document_type, c.wave, c.series, c.unit_code, c.item_code,
        case when c.answer_type = 'themes' then c.code else '' end
)

select
    u.council_code,
    a.document_type,
    a.wave,
    u.evidence_year,
    a.unit_kind,
    a.unit_code,
    u.unit_name,
    cast(a.read_in_series as integer) as read_in_series,
    a.item_code,
    i.item_order,
    i.item_label,
    coalesce(nullif(a.code, ''), 'undecided') as code,
    b.code_order,
    coalesce(b.code_label, 'Coders differ') as code_label,
    a.answer_type = 'themes' as is_theme,
    a.basis,
    case a.basis
        when 'adjudicated' then 'decided between coders'
        when 'coders_agree' then 'coders agree'
        when 'one_coder' then 'one coder'
        else 'undecided: ' || r.coders_read
    end as basis_words,
    r.coders_read,
    r.quotation,
    r.page,
    coalesce(r.is_quotation_checked, false) as is_quotation_checked,
    a.is_sample
from agreed as a
inner join {{ ref('core_coding_units') }} as u
    on a.document_type = u.document_type and a.wave = u.wave and a.unit_code = u.unit_code
inner join {{ codebook_list('coding_items') }} as i on a.document_type = i.document_type and a.item_code = i.item_code
left join readings as r
    on
        a.document_type = r.document_type and a.wave = r.wave and a.read_in_series = r.series_number
        and a.unit_code = r.unit_code and a.item_code = r.item_code and a.theme = r.theme
left join {{ ref('core_codebook') }} as b
    on a.document_type = b.document_type and a.wave = b.wave and a.item_code = b.item_code and a.code = b.code
