-- What would narrow an interval: for each line, by how many pounds the central interval of adult social care would be
-- less wide if it were known what the line is spent on. The first of a council is the line to map first. Lines
-- overlap, so the parts do not sum to the width.
select
    area_kind,
    area_code,
    financial_year,
    statement,
    outcome_code,
    perimeter,
    line_code,
    cast(row_number() over (
        partition by area_kind, area_code, financial_year, statement, outcome_code, perimeter
        order by narrows_by_gbp desc, line_code
    ) as integer) as contributor_rank,
    cast(narrows_by_gbp as decimal(18, 2)) as narrows_by_gbp,
    cast(interval_width_gbp as decimal(18, 2)) as interval_width_gbp
from {{ ref('int_interval_contributors') }}
