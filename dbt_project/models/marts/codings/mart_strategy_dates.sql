-- The years of each strategy and plan as coded, and its age in the wave that read it. Every unit that the register of the
-- wave has is here, so that those without a date are seen: not read for it, not stated, or read differently by two coders.
with items as (
    select
        document_type,
        wave,
        unit_code,
        max(code) filter (where item_code = 'start_year') as start_code,
        max(code) filter (where item_code = 'end_year') as end_code,
        max(code) filter (where item_code = 'updated_year') as updated_code,
        coalesce(bool_or(basis = 'undecided') filter (where item_code = 'start_year'), false) as is_undecided,
        bool_or(is_sample) as is_sample
    from {{ ref('int_codings_agreed') }}
    where is_latest_series and item_code in ('start_year', 'end_year', 'updated_year')
    group by document_type, wave, unit_code
),

units as (
    select
        document_type, wave, unit_kind, unit_code,
        any_value(unit_name) as unit_name,
        {{ joined('council_code', ', ') }} as council_codes
    from {{ ref('core_coding_units') }}
    where unit_kind in ('board', 'partnership')
    group by document_type, wave, unit_kind, unit_code
),

dated as (
    select
        u.*,
        try_cast(i.start_code as integer) as start_year,
        try_cast(i.end_code as integer) as end_year,
        try_cast(i.updated_code as integer) as updated_year,
        cast(u.wave as integer) as wave_year,
        case
            when i.start_code is null then 'not_read'
            when i.is_undecided then 'undecided'
            when try_cast(i.start_code as integer) is null then 'not_stated'
            else 'dated'
        end as date_status,
        i.is_sample
    from units as u
    left join items as i on u.document_type = i.document_type and u.wave = i.wave and u.unit_code = i.unit_code
)

select
    document_type,
    wave,
    unit_kind,
    unit_code,
    unit_name,
    council_codes,
    start_year,
    end_year,
    updated_year,
    wave_year - start_year as age_years,
    wave_year - greatest(start_year, coalesce(updated_year, start_year)) as years_since_update,
    end_year < wave_year as is_run_out,
    date_status,
    coalesce(is_sample, false) as is_sample
from dated
