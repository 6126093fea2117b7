-- One figure a body, year, statement, line and measure: the serving edition, of the most detailed publication
-- that prints it (RO3 before RSX before RS), and the first of files that repeat each other; unless a coarser
-- publication of a later day has a figure where that one has none or another. The order of forms and the rules are
-- those of figure_precedence. Written as what is beaten, which is little, rather than as a rank over every cell.
-- Budget lines are net current expenditure; the capital charges and counts that some budget years print as well are
-- in fct_budget_line_edition.
select
    e.source,
    e.body_code,
    e.body_name,
    e.ecode,
    e.body_kind,
    e.council_code,
    e.body_class,
    e.financial_year,
    e.statement,
    e.line_code,
    e.line_name,
    e.section,
    e.is_total,
    e.is_memorandum,
    e.measure,
    e.amount_gbp,
    e.marker,
    e.flag,
    e.release_id,
    e.is_verified,
    coalesce(d.served_as, 'own_form') as served_as,
    d.superseded_gbp,
    d.superseded_release_id,
    e.sheet,
    e.source_row,
    e.source_column
from {{ ref('fct_budget_line_edition') }} as e
left join {{ ref('core_figures_decided') }} as d
    on
        e.release_id = d.release_id
        and e.body_code = d.body_code
        and e.line_code = d.line_code
        and e.measure = d.measure
where
    e.is_serving
    and (e.source != 'ra' or e.measure = 'net_current_expenditure')
    and coalesce(d.is_served, true)
