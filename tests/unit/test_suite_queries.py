"""The SQL of each suite finds, in rows as they lie in raw tables and marts, the fault it is there for."""

import duckdb
import pytest

from expectations.run import run
from expectations.suites import RAW, TOTALS

# By suite: tables as rows of SQL, sound; then, by column of the suite's query, one table with the fault.
RELEASES = "(values ('a', 'a', repeat('0', 64), 'p', 'l', true), ('b', 'b', repeat('1', 64), 'p', 'l', true))"
RELEASE_COLUMNS = "(release_id, release_of, sha256, publisher, licence, is_serving)"
FINANCE_COLUMNS = "(release_id, sheet, source_row, source_column, measure, body_name, amount_thousand_gbp, marker)"


def finance(bodies=2, columns=6, amount="1.0", marker="null", extra="") -> str:
    rows = [
        f"('e', 's', {row}, {column}, 'm', 'body {row}', {amount}, {marker})"
        for row in range(bodies)
        for column in range(columns)
    ]
    return f"(select * from (values {', '.join(rows)}{extra}) as t {FINANCE_COLUMNS})"


def ascof(value="1.0", marker="null", places=2, twice=False) -> str:
    rows = [f"('e', 'x', 'place {p}', 'm', {value}, {marker}, 's', {0 if twice else p}, 1)" for p in range(places)]
    columns = "(release_id, source, geography_code, measure_code, value, marker, sheet, source_row, source_column)"
    return f"(select * from (values {', '.join(rows)}) as t {columns})"


def releases(rows: str) -> str:
    return f"(select * from (values {rows}) as t {RELEASE_COLUMNS})"


SOUND_RELEASE = "('a', 'a', repeat('0', 64), 'p', 'l', true)"
FAULTS = [
    ("raw_releases", "releases", releases(f"{SOUND_RELEASE}, {SOUND_RELEASE}"), "release_id"),
    (
        "raw_releases",
        "releases",
        releases(f"{SOUND_RELEASE}, ('b', 'a', repeat('1', 64), 'p', 'l', true)"),
        "serving_editions",
    ),
    ("raw_releases", "releases", releases("('a', 'a', repeat('0', 64), 'p', 'l', false)"), "serving_editions"),
    ("raw_finance_cells", "finance_cells", finance(bodies=1, columns=12), "bodies"),
    ("raw_finance_cells", "finance_cells", finance(bodies=9, columns=4), "columns"),
    ("raw_finance_cells", "finance_cells", finance(amount="null", marker="'…'"), "numbers"),
    (
        "raw_finance_cells",
        "finance_cells",
        finance(extra=", ('e', 's', 0, 0, 'm', 'body 0', 2.0, null)"),
        "repeated_cells",
    ),
    ("raw_ascof_cells", "ascof_cells", ascof(places=1), "places"),
    ("raw_ascof_cells", "ascof_cells", ascof(value="null"), "unexplained_blanks"),
    ("raw_ascof_cells", "ascof_cells", ascof(twice=True), "repeated_cells"),
    (
        "raw_population_cells",
        "population_cells",
        "(select * from (values ('e', 'A', 70, 0), ('e', 'A', -1, 6)) as t (release_id, area_code, age, persons))",
        "persons",
    ),
    (
        "raw_deflators",
        "deflators",
        "(select 'e' as release_id, '2020-21' as financial_year, null as deflator_index, false as is_forecast, "
        "null as growth_percent)",
        "is_unusable",
    ),
    (
        "raw_council_register",
        "council_register",
        "(select * from (values ('e', 'ABC', 'Name')) as t (release_id, registry_code, official_name))",
        "authorities",
    ),
]


@pytest.mark.parametrize(
    ("suite_name", "table", "rows", "column"), FAULTS, ids=[f"{case[0]}-{case[3]}-{n}" for n, case in enumerate(FAULTS)]
)
def test_the_query_of_a_raw_suite_shows_the_fault(suite_name, table, rows, column):
    (suite,) = (s for s in RAW if s.name == suite_name)
    results = run([suite], {table: rows})
    wrong = {r.name.split("__")[1] for r in results if r.status != "pass"}
    assert column in wrong


def test_every_suite_has_its_faults():
    assert {case[0] for case in FAULTS} == {suite.name for suite in RAW}


LINE = (
    "create table marts.fct_budget_line as select 'ra' as source, '2020-21' as financial_year, 'budget' as statement, "
    "'360' as line_code, 'council' as body_kind, 'net_current_expenditure' as measure, council_code, amount_gbp "
    "from (values ('A', 10.00::decimal(18,2)), ('B', 20.00)) as t (council_code, amount_gbp)"
)
ALLOCATION = (
    "create table marts.fct_allocation as select '2020-21' as financial_year, 'budget' as statement, "
    "'o' as outcome_code, "
    "cost_view, 10.00::decimal(18,2) as amount_gbp, 9.00::decimal(18,2) as amount_low_gbp, "
    "11.00::decimal(18,2) as amount_high_gbp from (values ('direct'), ('full_cost')) as t (cost_view)"
)
HEADLINE = (
    "create table marts.mart_prevention_headline as select '2020-21' as financial_year, 'budget' as statement, "
    "'o' as outcome_code, 'direct' as cost_view, perimeter, amount_gbp, 0.5::decimal(18,6) as preventative_share "
    "from (values ('narrow', 1.00::decimal(18,2)), ('wide', 2.00)) as t (perimeter, amount_gbp)"
)


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("insert into marts.fct_budget_line select * from marts.fct_budget_line limit 1", "repeated_councils"),
        ("update marts.fct_budget_line set amount_gbp = -1 where council_code = 'A'", "negative_totals"),
        ("update marts.fct_budget_line set amount_gbp = null", "reported"),
        ("update marts.fct_budget_line set amount_gbp = 0", "total_gbp"),
        ("update marts.fct_allocation set amount_gbp = 10.01 where cost_view = 'direct'", "difference_of_views"),
        ("update marts.fct_allocation set amount_gbp = null where cost_view = 'direct'", "without_amount"),
        ("update marts.fct_allocation set amount_low_gbp = 10.01", "outside_range"),
        ("update marts.fct_allocation set amount_high_gbp = 9.99", "outside_range"),
        ("update marts.mart_prevention_headline set amount_gbp = 3 where perimeter = 'narrow'", "wide_less_narrow_gbp"),
        (
            "update marts.mart_prevention_headline set preventative_share = -0.1 where perimeter = 'narrow'",
            "lowest_share",
        ),
        (
            "update marts.mart_prevention_headline set preventative_share = 1.1 where perimeter = 'wide'",
            "highest_share",
        ),
    ],
)
def test_the_query_of_a_suite_of_totals_shows_the_fault(tmp_path, statement, column):
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema marts")
        for made in (LINE, ALLOCATION, HEADLINE):
            connection.execute(made)
    assert {r.status for r in run(TOTALS, {}, database)} == {"pass"}
    with duckdb.connect(str(database)) as connection:
        connection.execute(statement)
    wrong = {r.name.split("__")[1] for r in run(TOTALS, {}, database) if r.status != "pass"}
    assert column in wrong
