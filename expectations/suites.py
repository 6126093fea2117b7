"""Expectation suites: what raw tables, and the totals about to be published, must look like.

Each suite looks at a small frame made by one query (one row per edition, or per year and statement). Rules about
single cells are generated from the declarations of the raw tables (`expectations.rows`); what dbt states of rows and
sums is not stated here again. `{name}` in a query stands for the relation of that name.
"""

from dataclasses import dataclass

from expectations.results import ERROR, WARN

PLACE = "expectations/suites.py"


@dataclass(frozen=True)
class Suite:
    """Expectations over one query. `expectations` are (kind, arguments, severity)."""

    name: str
    subject: str
    meaning: str
    query: str
    expectations: tuple[tuple[str, dict, str], ...]
    must_have_rows: bool = False


def _at_least(column: str, low: float, severity: str = ERROR) -> tuple[str, dict, str]:
    return ("ExpectColumnValuesToBeBetween", {"column": column, "min_value": low}, severity)


def _is_zero(column: str, severity: str = ERROR) -> tuple[str, dict, str]:
    return ("ExpectColumnValuesToBeBetween", {"column": column, "min_value": 0, "max_value": 0}, severity)


def _never_null(column: str) -> tuple[str, dict, str]:
    return ("ExpectColumnValuesToNotBeNull", {"column": column}, ERROR)


RAW = [
    Suite(
        "raw_releases",
        "raw.releases",
        "every edition is listed once, and one edition of each release is served",
        """
        select release_id, sum(is_serving::int) over (partition by release_of) as serving_editions
        from {releases} order by release_id
        """,
        (
            ("ExpectColumnValuesToBeUnique", {"column": "release_id"}, ERROR),
            (
                "ExpectColumnValuesToBeBetween",
                {"column": "serving_editions", "min_value": 1, "max_value": 1},
                ERROR,
            ),
        ),
        must_have_rows=True,
    ),
    Suite(
        "raw_finance_cells",
        "raw.finance_cells",
        "each edition has bodies, lines and numbers, and every cell once",
        """
        select release_id, count(distinct body_name) as bodies, count(distinct source_column) as columns,
               count(amount_thousand_gbp) as numbers,
               count(*) - count(distinct (sheet, source_row, source_column, measure)) as repeated_cells
        from {finance_cells} group by release_id order by release_id
        """,
        (
            _at_least("bodies", 2),
            _at_least("columns", 5),
            _at_least("numbers", 10),
            _is_zero("repeated_cells"),
        ),
        must_have_rows=True,
    ),
    Suite(
        "raw_ascof_cells",
        "raw.ascof_cells",
        "each edition has measures of places, and what is not a number is marked",
        """
        select release_id, source, count(distinct geography_code) as places, count(distinct measure_code) as measures,
               count(*) filter (value is null and marker is null) as unexplained_blanks,
               count(*) - count(distinct (sheet, source_row, source_column)) as repeated_cells
        from {ascof_cells} group by release_id, source order by release_id
        """,
        (
            _at_least("places", 2),
            _at_least("measures", 1),
            _is_zero("unexplained_blanks"),
            _is_zero("repeated_cells"),
        ),
        must_have_rows=True,
    ),
    Suite(
        "raw_population_cells",
        "raw.population_cells",
        "each edition has people in some area",
        """
        select release_id, count(distinct area_code) as areas, sum(persons) filter (age >= 0) as persons
        from {population_cells} group by release_id order by release_id
        """,
        (_at_least("areas", 1), _at_least("persons", 1)),
        must_have_rows=True,
    ),
    Suite(
        "raw_deflators",
        "raw.deflators",
        "every year has an index or, for a forecast, a growth rate",
        """
        select release_id, financial_year,
               (deflator_index is null and not (is_forecast and growth_percent is not null))::int as is_unusable
        from {deflators} order by release_id, financial_year
        """,
        (_is_zero("is_unusable"),),
        must_have_rows=True,
    ),
    Suite(
        "raw_council_register",
        "raw.council_register",
        "each edition lists authorities",
        "select release_id, count(*) as authorities from {council_register} group by release_id order by release_id",
        (_at_least("authorities", 2),),
    ),
]


TOTALS = [
    Suite(
        "totals_fct_budget_line",
        "marts.fct_budget_line",
        "every year of every statement has councils with a total of adult social care, none of them twice",
        """
        select source, financial_year, statement, count(amount_gbp) as reported,
               count(*) - count(distinct council_code) as repeated_councils,
               count(*) filter (amount_gbp < 0) as negative_totals,
               coalesce(sum(amount_gbp), 0)::double as total_gbp
        from marts.fct_budget_line
        where line_code = '360' and body_kind = 'council' and measure = 'net_current_expenditure'
        group by all order by all
        """,
        (
            _at_least("reported", 1),
            _is_zero("repeated_councils"),
            _is_zero("negative_totals", WARN),
            _at_least("total_gbp", 1),
        ),
        must_have_rows=True,
    ),
    Suite(
        "totals_fct_allocation",
        "marts.fct_allocation",
        "both cost views give the same money, and the range encloses it",
        """
        select financial_year, statement, outcome_code,
               sum(amount_gbp) filter (cost_view = 'direct') - sum(amount_gbp) filter (cost_view = 'full_cost')
                   as difference_of_views,
               count(*) filter (amount_gbp is null) as without_amount,
               count(*) filter (amount_low_gbp > amount_gbp or amount_high_gbp < amount_gbp) as outside_range
        from marts.fct_allocation group by all order by all
        """,
        (
            _never_null("difference_of_views"),
            _is_zero("difference_of_views"),
            _is_zero("without_amount"),
            _is_zero("outside_range"),
        ),
        must_have_rows=True,
    ),
    Suite(
        "totals_mart_prevention_headline",
        "marts.mart_prevention_headline",
        "the narrow perimeter lies within the wide one, and shares are shares",
        """
        select financial_year, statement, outcome_code, cost_view,
               sum(amount_gbp) filter (perimeter = 'wide') - sum(amount_gbp) filter (perimeter = 'narrow')
                   as wide_less_narrow_gbp,
               min(preventative_share)::double as lowest_share, max(preventative_share)::double as highest_share
        from marts.mart_prevention_headline group by all order by all
        """,
        (
            _at_least("wide_less_narrow_gbp", 0),
            ("ExpectColumnValuesToBeBetween", {"column": "lowest_share", "min_value": 0, "max_value": 1}, ERROR),
            ("ExpectColumnValuesToBeBetween", {"column": "highest_share", "min_value": 0, "max_value": 1}, ERROR),
        ),
        must_have_rows=True,
    ),
]
