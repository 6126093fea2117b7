"""Faults that any single cell could carry and only a comparison can see: each is planted, found and named.

The checks' own SQL runs on an invented world of councils whose figures grow smoothly, as true ones nearly do.
"""

import csv
import random
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from tests.dbt_models import PROJECT, load_seeds

FINDINGS = (
    "audit_money_jumps",
    "audit_money_exchanged",
    "audit_money_above_totals",
    "audit_money_within",
    "audit_outcomes_off",
    "audit_outcome_groups",
    "audit_reference_off",
    "audit_reference_within",
    "audit_council_rows",
    "audit_outcomes_exchanged",
    "audit_identities_off",
)
MODELS = ("audit_council_money", *FINDINGS, "audit_plausibility")
SEEDS = (
    "plausibility_checks",
    "plausible_outcome_moves",
    "plausibility_exceptions",
    "ascof_measures",
    "former_cassr_codes",
)
RAW = (
    "releases", "population_cells", "deflators", "nearest_neighbours", "asc_fr_cells", "deprivation_cells",
    "ascof_cells",
)  # fmt: skip
YEARS = ("2028-29", "2029-30", "2030-31")
LINES = [f"{300 + n}" for n in range(30)] + ["360", "799"]
TIMES = {"ra": ("budget", 1.0), "rsx": ("outturn", 1.05), "ro3": ("outturn", 1.05)}
# What a form says of a line, as multiples of its net expenditure.
MEASURES = {"employees": 2, "running_expenses": 6, "total_expenditure": 8, "sales_fees_and_charges": 4,
            "other_income": 3, "total_income": 7, "net_current_expenditure": 1}  # fmt: skip
RETURNED = {"total_expenditure": 4, "total_income": 3, "net_total_expenditure": 1, "net_current_expenditure": 1,
            "gross_total_expenditure": 2, "gross_current_expenditure": 2}  # fmt: skip
REGION = "E12000009"
COUNCILS = [f"E{9001 + n}" for n in range(24)]


def code_of(ecode: str) -> str:
    return f"E0690{ecode[1:]}"


@pytest.fixture(scope="module")
def world(compiled):
    """The invented world without a fault, as tables the models read."""
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    for schema in ("marts", "staging", "core", "audit", "raw"):
        connection.execute(f"create schema {schema}")
    load_seeds(connection, *SEEDS)
    _money(connection)
    _outcomes(connection)
    _people_and_prices(connection)
    _identities(connection)
    return connection


def _fill(connection, table: str, columns: str, rows: list[tuple]) -> None:
    connection.execute(f"create table {table} ({columns})")
    held = pa.table({str(n): list(values) for n, values in enumerate(zip(*rows, strict=True))})
    connection.register("held", held)
    connection.execute(f"insert into {table} select * from held")
    connection.unregister("held")


def _money(connection) -> None:
    chance = random.Random(7)
    size = {c: 40 * 1.12**n for n, c in enumerate(COUNCILS)}
    taste = {(c, line): chance.uniform(0.3, 3) for c in COUNCILS for line in LINES}
    rows = []
    for form, (statement, times) in TIMES.items():
        for number, year in enumerate(YEARS):
            for c in COUNCILS:
                for position, line in enumerate(LINES):
                    is_total = line in ("360", "799")
                    base = size[c] * (2 + position) / 10 * (8 if is_total else taste[c, line])
                    drift = 1.03**number * (1 + (hash_of(form != "ra", c, line, year) - 0.5) / 25)
                    amount = Decimal(round(base * drift * times * 1000)) * 1000
                    section = "total_service_expenditure" if line == "799" else "adult_social_care"
                    for measure, share in (MEASURES if form == "ro3" else {"net_current_expenditure": 1}).items():
                        rows.append(
                            (f"{form}_{year}", form, statement, year, c, code_of(c), f"Council {c}", line,
                             f"Line {line}", section, is_total, position + 6, amount * share, "council", measure,
                             True, None)
                        )  # fmt: skip
    _fill(
        connection,
        "marts.fct_budget_line_edition",
        "release_of varchar, source varchar, statement varchar, financial_year varchar, body_code varchar, "
        "council_code varchar, body_name varchar, line_code varchar, line_name varchar, section varchar, "
        "is_total boolean, source_column integer, amount_gbp decimal(18,2), body_kind varchar, measure varchar, "
        "is_serving boolean, published_on varchar",
        rows,
    )
    _fill(
        connection,
        "audit.audit_control_total_comparison",
        "release_of varchar, source varchar, financial_year varchar, statement varchar, is_verified boolean, "
        "group_code varchar, line_code varchar, measure varchar, expected decimal(18,2), observed decimal(18,2), "
        "difference decimal(18,2), tolerance decimal(18,2), compared integer, not_returned integer",
        [("rsx_2030-31", "rsx", "2030-31", "outturn", False, "Eng", "360", "net_current_expenditure",
          Decimal(10**9), Decimal(10**9) - 10**7, -(10**7), 1000, 24, 2)],
    )  # fmt: skip


def hash_of(*key) -> float:
    return random.Random(str(key)).random()


def _outcomes(connection) -> None:
    served, published, people = [], [], []
    for n, c in enumerate(COUNCILS):
        for number, year in enumerate(YEARS):
            older, younger = 20000 + 500 * n + 10 * number, 90000 + 900 * n + 10 * number
            people.append((code_of(c), year, older, older + younger))
            rate = 500 + 9 * n + 7.3 * number + 3 * hash_of(c, year)
            for measure, published_code, base, value, residents in (
                ("admissions_65_plus", "2C", "65_plus", rate, older),
                ("admissions_18_64", "2B", "18_64", rate / 40 + number, younger),
            ):
                value = Decimal(f"{value:.1f}")
                numerator = value * residents / 100000
                head = ("council", code_of(c), f"Council {c}", year)
                # In the list of the file every other council comes from the other end: neighbours are unlike.
                place = n if n % 2 else len(COUNCILS) - n
                served.append(
                    (*head, 100000, False, measure, measure, "Total", "ascof", place, None, base, numerator, residents,
                     value)
                )  # fmt: skip
                published += [(*head, published_code, "Total", name, year, value) for name in ("ascof", "ascof_2")]
    served += _groups(served, people)
    _fill(
        connection,
        "core.core_outcome_groups",
        "geography_kind varchar, geography_code varchar, council_code varchar, financial_year varchar",
        [("region", REGION, code_of(c), year) for c in COUNCILS for year in YEARS],
    )
    _fill(
        connection,
        "marts.dim_council",
        "council_code varchar, council_name varchar, region varchar, valid_from_year varchar, valid_to_year varchar",
        [(code_of(c), f"Council {c}", "South West", YEARS[0], None) for c in COUNCILS],
    )
    _fill(
        connection,
        "core.core_council_succession",
        "from_code varchar, to_code varchar",
        [(code_of(COUNCILS[21]), code_of(COUNCILS[22]))],
    )
    columns = "geography_kind varchar, geography_code varchar, geography_name varchar, financial_year varchar, "
    _fill(
        connection,
        "core.core_outcomes_served",
        columns + "scale integer, is_weighted_survey boolean, measure_code varchar, measure_name varchar, "
        "breakdown varchar, release_id varchar, source_row integer, marker varchar, "
        "population_base varchar, numerator decimal(18,4), denominator decimal(18,4), outcome_value decimal(24,9)",
        served,
    )
    _fill(
        connection,
        "staging.stg_outcomes__rows",
        columns + "published_code varchar, breakdown varchar, release_id varchar, framework_year varchar, "
        "outcome_value decimal(24,9)",
        published,
    )
    _fill(
        connection,
        "core.core_council_population",
        "council_code varchar, financial_year varchar, population_65_plus bigint, population_18_plus bigint",
        people,
    )


def _groups(served: list[tuple], people: list[tuple]) -> list[tuple]:
    """The region of all councils, and England: rates of the residents of all of them."""
    residents = {(code, year): (older, all_ages - older) for code, year, older, all_ages in people}
    groups = []
    for year in YEARS:
        for band, measure in enumerate(("admissions_65_plus", "admissions_18_64")):
            own = [row for row in served if row[3] == year and row[6] == measure]
            counted = sum(row[-1] * residents[row[1], year][band] for row in own)
            rate = round(counted / sum(residents[row[1], year][band] for row in own), 1)
            for kind, code in (("region", REGION), ("england", "E92000001")):
                counts = (sum(row[-3] for row in own), sum(row[-2] for row in own))
                groups.append((kind, code, kind, year, *own[0][4:-3], *counts, rate))
    return groups


def _people_and_prices(connection) -> None:
    releases = [(f"mye_{year}", True) for year in (2028, 2029)] + [("prices", True), ("prices_before", True)]
    releases += [("near", True), ("near_before", False), ("returns", True), ("ranks", True), ("ascof", True)]
    people = [
        (f"mye_{year}", year, code_of(c), f"Council {c}", age, 1000 + 7 * n + (age - year) % 53)
        for year in (2028, 2029)
        for n, c in enumerate(COUNCILS)
        for age in range(91)
    ]
    prices = [
        (name, year, Decimal("2.0") + n, Decimal("1.75") + n, False, Decimal(100 + n), YEARS[0])
        for name in ("prices", "prices_before")
        for n, year in enumerate(YEARS)
    ]
    _fill(connection, "raw.releases", "release_id varchar, is_serving boolean", releases)
    columns = "release_id varchar, mid_year integer, area_code varchar, area_name varchar, age integer, persons bigint"
    _fill(connection, "raw.population_cells", columns, people)
    columns = "release_id varchar, financial_year varchar, growth_percent decimal(24,9), "
    columns += "calendar_growth_percent decimal(24,9), is_forecast boolean, deflator_index decimal(24,9), "
    _fill(connection, "raw.deflators", columns + "base_year varchar", prices)
    near = [
        (name, code_of(c), code_of(other), rank)
        for name in ("near", "near_before")
        for n, c in enumerate(COUNCILS)
        for rank, other in enumerate((COUNCILS * 2)[n + 1 : n + 6], start=1)
    ]
    columns = "release_id varchar, council_code varchar, neighbour_code varchar, neighbour_rank integer"
    _fill(connection, "raw.nearest_neighbours", columns, near)
    budgets = connection.execute(
        "select body_code, amount_gbp / 1000 from marts.fct_budget_line_edition where release_of = 'ra_2030-31' "
        "and line_code = '360' order by body_code"
    ).fetchall()
    returns = [
        ("returns", "2030-31", code, REGION, "mandatory", "long_term", "65_plus", "physical", "", "", "", measure,
         amount * times)
        for code, amount in [*budgets, (None, sum(amount for _, amount in budgets))]
        for measure, times in RETURNED.items()
    ]  # fmt: skip
    columns = "release_id varchar, financial_year varchar, cassr_code varchar, region_code varchar, data_type varchar, "
    columns += "care_type varchar, age_band varchar, support_reason varchar, support_setting varchar, purpose varchar, "
    columns += "carer_support_type varchar, measure varchar, amount_thousand_gbp decimal(24,9)"
    _fill(connection, "raw.asc_fr_cells", columns, returns)
    _fill(
        connection,
        "staging.stg_register__cassr_codes",
        "cassr_code varchar, council_code varchar, council_name varchar",
        [(c, code_of(c), f"Council {c}") for c in COUNCILS],
    )
    scores = [
        ("ranks", code_of(c), f"Council {c}", "imd", measure, Decimal(value))
        for n, c in enumerate(COUNCILS)
        for measure, value in (("average_score", 60 - n), ("rank_of_average_score", n + 1))
    ]
    columns = "release_id varchar, council_code varchar, council_name varchar, domain varchar, measure varchar, "
    _fill(connection, "raw.deprivation_cells", columns + "value decimal(24,9)", scores)
    named = [("ascof", year, code_of(c), f"Council {c}") for year in YEARS for c in COUNCILS]
    columns = "release_id varchar, financial_year varchar, ons_code varchar, geography_name varchar"
    _fill(connection, "raw.ascof_cells", columns, named)


def _identities(connection) -> None:
    cells = [(f"ra_{y}", y, c, code_of(c), f"Council {word(c)}", "UA", True, False) for y in YEARS for c in COUNCILS]
    columns = "release_of varchar, financial_year varchar, body_code varchar, ons_code varchar, body_name varchar, "
    _fill(
        connection,
        "staging.stg_finance__cells",
        columns + "body_class varchar, is_serving boolean, is_control boolean",
        cells,
    )
    register = [(c, code_of(c), f"Council {word(c)}", date(2000, 4, 1), None) for c in COUNCILS]
    columns = "ecode varchar, council_code varchar, council_name varchar, started_on date, ended_on date"
    _fill(connection, "staging.stg_register__authorities", columns, register)


def word(ecode: str) -> str:
    return "".join(chr(65 + int(digit)) for digit in ecode[1:])


def findings(world, compiled, *faults: str, check: str | None = None) -> dict[str, list[tuple]]:
    """What the checks find after these changes, which are undone again: status and sentence by check.

    With `check`, only the models that it comes from are built anew.
    """
    world.execute("begin")
    try:
        for fault in faults:
            world.execute(fault)
        for model in (m for m in MODELS if check is None or m not in FINDINGS or f"'{check}'" in compiled.sql[m]):
            sql = compiled.sql[model]
            for table in RAW:
                sql = _from_raw(sql, table)
            world.execute(f"create or replace table {compiled.schemas[model]}.{model} as {sql}")
        found: dict[str, list[tuple]] = {}
        world.execute("select check_name, status, sentence from audit.audit_plausibility order by all")
        for name, status, sentence in world.fetchall():
            found.setdefault(name, []).append((status, sentence))
        return found
    finally:
        world.execute("commit" if check is None and not faults else "rollback")


def _from_raw(sql: str, table: str) -> str:
    start = sql.find(f"/{table}/")
    while start >= 0:
        opening, closing = sql.rfind("read_parquet(", 0, start), sql.find(")", start) + 1
        sql = sql[:opening] + f"raw.{table}" + sql[closing:]
        start = sql.find(f"/{table}/")
    return sql


@pytest.fixture(scope="module", autouse=True)
def sound(world, compiled):
    """What the checks find in the world without a fault; their tables stay for the tests that change a few."""
    return findings(world, compiled)


def test_a_world_without_faults_raises_nothing(sound):
    assert sound == {}


MONEY = "update marts.fct_budget_line_edition set amount_gbp = {} where release_of = '{}'"
ONE, OTHER, FAR = "E9010", "E9012", "E9015"
OUTCOME = "update core.core_outcomes_served set {} where financial_year = '2030-31' and geography_code = '{}'"
OF_ANOTHER = (
    "update marts.fct_budget_line_edition as n set amount_gbp = {} from (select * from marts.fct_budget_line_edition) "
    "as o where n.release_of = '{}' and o.release_of = '{}' and n.line_code = o.line_code and o.body_code = '{}' "
    "and n.body_code = '{}'"
)
# The finance return in as many services as the budget has lines for.
SERVICES = [
    (f"{reason.capitalize().replace('_', ' ')} support - {band}", reason, age)
    for reason in ("physical", "sensory", "learning_disability", "mental_health")
    for band, age in (("adults (18-64)", "18_64"), ("older people (65+)", "65_plus"))
]
RETURN_BY_SERVICE = [
    "delete from raw.asc_fr_cells",
    *(
        change
        for number, (name, reason, age) in enumerate(SERVICES)
        for change in (
            f"update marts.fct_budget_line_edition set line_name = '{name}' where line_code = '{320 + number}'",
            "insert into raw.asc_fr_cells select 'returns', '2030-31', body_code, "
            f"'{REGION}', 'mandatory', 'long_term', '{age}', '{reason}', '', '', '', 'net_current_expenditure', "
            "amount_gbp / 1000 from marts.fct_budget_line_edition where release_of = 'ra_2030-31' "
            f"and line_code = '{320 + number}'",
        )
    ),
]
FAULTS = {
    "a sheet in pounds": (
        [MONEY.format("amount_gbp / 1000", "ra_2030-31")],
        "file_in_another_unit", "blocks", "another unit",
    ),
    "two councils' rows exchanged": (
        ["update marts.fct_budget_line_edition set body_code = case body_code "
         f"when '{ONE}' then '{OTHER}' when '{OTHER}' then '{ONE}' else body_code end where release_of = 'ra_2030-31'"],
        "rows_exchanged", "blocks", "exchanged",
    ),
    "two lines' columns exchanged": (
        ["update marts.fct_budget_line_edition set line_code = case line_code "
         "when '310' then '311' when '311' then '310' else line_code end where release_of = 'ra_2030-31'"],
        "lines_exchanged", "blocks", "exchanged",
    ),
    "a council with last year's values": (
        ["update marts.fct_budget_line_edition as n set amount_gbp = o.amount_gbp "
         "from (select * from marts.fct_budget_line_edition) as o where n.release_of = 'ra_2030-31' "
         f"and o.release_of = 'ra_2029-30' and n.body_code = o.body_code and n.line_code = o.line_code "
         f"and n.body_code = '{ONE}'"],
        "row_repeated_from_another_year", "blocks", "ra_2029-30",
    ),
    "a line ten times over": (
        [MONEY.format("amount_gbp * 10", "ra_2030-31") + f" and body_code = '{ONE}' and line_code = '312'"],
        "line_off_its_years", "warns", "Line 312",
    ),
    "a council ten times over": (
        [MONEY.format("amount_gbp * 10", "rsx_2030-31") + f" and body_code = '{ONE}'"],
        "council_total_off_its_years", "blocks", "Council E9010, Line 360",
    ),
    "a total of the other sign": (
        [MONEY.format("-amount_gbp", "ra_2030-31") + f" and body_code = '{ONE}' and line_code = '360'"],
        "council_total_off_its_years", "blocks", "Council E9010",
    ),
    "an outturn that is not its budget's": (
        [MONEY.format("amount_gbp * 2", "rsx_2030-31") + f" and body_code = '{ONE}' and line_code = '799'"],
        "outturn_off_its_budget", "blocks", "ra_2030-31",
    ),
    "two forms that disagree": (
        [MONEY.format("amount_gbp * 1.01", "rsx_2030-31") + f" and body_code = '{ONE}' and line_code = '360'"],
        "outturn_forms_disagree", "blocks", "ro3_2030-31",
    ),
    "councils above England": (
        ["update audit.audit_control_total_comparison set observed = expected * 1.05"],
        "councils_above_the_total", "blocks", "total row Eng",
    ),
    "age bands exchanged": (
        ["update core.core_outcomes_served set measure_code = case measure_code when 'admissions_65_plus' "
         f"then 'admissions_18_64' else 'admissions_65_plus' end where geography_code = '{code_of(ONE)}' "
         "and financial_year = '2030-31'"],
        "younger_adults_above_older", "blocks", "age bands exchanged",
    ),
    "a rate 1.9 times over": (
        [
            OUTCOME.format("outcome_value = outcome_value * 1.9", code_of(ONE))
            + " and measure_code = 'admissions_65_plus'"
        ],
        "outcome_off_its_years", "warns", "Council E9010",
    ),
    "a rate halved between two years": (
        ["update core.core_outcomes_served set outcome_value = outcome_value / 2 where financial_year = '2029-30' "
         f"and geography_code = '{code_of(ONE)}' and measure_code = 'admissions_65_plus'"],
        "outcome_off_the_years_beside_it", "warns", "the years before and after",
    ),
    "a rate repeated from last year": (
        ["update core.core_outcomes_served as n set outcome_value = o.outcome_value "
         "from (select * from core.core_outcomes_served) as o where n.financial_year = '2030-31' "
         "and o.financial_year = '2029-30' and n.geography_code = o.geography_code "
         f"and n.measure_code = o.measure_code and n.geography_code = '{code_of(ONE)}'"],
        "outcome_repeated_from_the_year_before", "warns", "2029-30",
    ),
    "another publication holds half": (
        ["update staging.stg_outcomes__rows set outcome_value = outcome_value * 2 where release_id = 'ascof' "
         f"and geography_code = '{code_of(ONE)}' and financial_year = '2030-31'"],
        "publications_disagree", "blocks", "ascof_2",
    ),
    "denominators of another year": (
        [OUTCOME.format("denominator = denominator * 1.05", code_of(ONE))],
        "denominator_off_the_residents", "blocks", "Council E9010",
    ),
    "last year's population file": (
        ["delete from raw.population_cells where mid_year = 2029",
         "insert into raw.population_cells select 'mye_2029', 2029, area_code, area_name, age, persons "
         "from raw.population_cells where mid_year = 2028"],
        "population_repeated", "blocks", "year before",
    ),
    "an area's population of another area": (
        [f"update raw.population_cells set persons = persons * 2 where mid_year = 2029 "
         f"and area_code = '{code_of(ONE)}'"],
        "population_off_the_year_before", "blocks", "Council E9010",
    ),
    "ages moved within an area": (
        [f"update raw.population_cells set persons = persons + case when age % 2 = 0 then 400 else -400 end "
         f"where mid_year = 2029 and area_code = '{code_of(ONE)}'"],
        "population_off_its_cohorts", "warns", "Council E9010",
    ),
    "a deflator no year has seen": (
        ["update raw.deflators set growth_percent = 12 where financial_year = '2030-31'"],
        "deflator_growth_unseen", "blocks", "2030-31",
    ),
    "a deflator unlike the edition before": (
        ["update raw.deflators set growth_percent = growth_percent + 2 where financial_year = '2029-30' "
         "and release_id = 'prices'"],
        "deflator_editions_disagree", "blocks", "prices_before",
    ),
    "a line in pounds": (
        [MONEY.format("amount_gbp / 1000", "ra_2030-31") + " and line_code = '320'"],
        "column_in_another_unit", "blocks", "Line 320",
    ),
    "two years' sheets exchanged": (
        ["update marts.fct_budget_line_edition as n set amount_gbp = o.amount_gbp "
         "from (select * from marts.fct_budget_line_edition) as o where n.body_code = o.body_code "
         "and n.line_code = o.line_code and (n.release_of, o.release_of) in "
         "(('ra_2030-31', 'ra_2029-30'), ('ra_2029-30', 'ra_2030-31'))"],
        "years_exchanged", "blocks", "ra_2030-31",
    ),
    "a rate that its region does not bear": (
        ["update core.core_outcomes_served set outcome_value = outcome_value * 1.9 where financial_year = '2030-31' "
         f"and geography_code = '{code_of(ONE)}' and measure_code = 'admissions_65_plus'"],
        "region_off_its_councils", "blocks", "its councils",
    ),
    "rates of councils as shares": (
        ["update core.core_outcomes_served set outcome_value = outcome_value / 100 where financial_year = '2030-31' "
         "and geography_kind = 'council' and measure_code = 'admissions_65_plus'"],
        "england_off_its_councils", "blocks", "another scale",
    ),
    "a whole year's rates under another year": (
        ["update core.core_outcomes_served as n set outcome_value = o.outcome_value "
         "from (select * from core.core_outcomes_served) as o where n.financial_year = '2030-31' "
         "and o.financial_year = '2028-29' and n.geography_code = o.geography_code "
         "and n.measure_code = o.measure_code"],
        "outcomes_of_another_year", "blocks", "2028-29",
    ),
    "a numerator ten times over": (
        [OUTCOME.format("numerator = numerator * 10", code_of(ONE))],
        "rate_off_its_counts", "blocks", "Council E9010",
    ),
    "ages moved by one": (
        ["update raw.population_cells set persons = persons + case when age % 2 = 0 then 50 else -50 end "
         "where mid_year = 2029"],
        "population_ages_moved", "blocks", "ages moved",
    ),
    "two areas' residents exchanged": (
        ["update raw.population_cells set area_code = case area_code "
         f"when '{code_of(ONE)}' then '{code_of(FAR)}' when '{code_of(FAR)}' then '{code_of(ONE)}' else area_code end "
         "where mid_year = 2029"],
        "areas_exchanged", "blocks", f"Council {FAR}",
    ),
    "growth and index moved together": (
        ["update raw.deflators set growth_percent = growth_percent + 1.5 where release_id = 'prices' "
         "and financial_year = '2028-29'"],
        "deflator_off_the_calendar_years", "blocks", "2028-29",
    ),
    "two councils' neighbours exchanged": (
        ["update raw.nearest_neighbours set council_code = case council_code "
         f"when '{code_of(COUNCILS[0])}' then '{code_of(COUNCILS[12])}' "
         f"when '{code_of(COUNCILS[12])}' then '{code_of(COUNCILS[0])}' else council_code end "
         "where release_id = 'near'"],
        "neighbours_unlike_another_edition", "blocks", "near_before",
    ),
    "a council ten times over in the finance return": (
        [f"update raw.asc_fr_cells set amount_thousand_gbp = 10 * amount_thousand_gbp where cassr_code = '{ONE}'"],
        "return_off_its_regions", "blocks", REGION,
    ),
    "two ONS codes exchanged": (
        ["update staging.stg_finance__cells set ons_code = case ons_code "
         f"when '{code_of(ONE)}' then '{code_of(OTHER)}' when '{code_of(OTHER)}' then '{code_of(ONE)}' "
         "else ons_code end where release_of = 'ra_2030-31'"],
        "codes_disagree_with_the_register", "blocks", f"expected {code_of(ONE)}",
    ),
    "two names exchanged": (
        [f"update staging.stg_finance__cells set body_name = 'Council {word(OTHER)}' "
         f"where release_of = 'ra_2030-31' and body_code = '{ONE}'"],
        "name_of_another_authority", "blocks", f"found {ONE}",
    ),
    "a line that is negative": (
        [MONEY.format("-amount_gbp", "ra_2030-31") + f" and body_code = '{ONE}' and line_code = '312'"],
        "line_turned_negative", "warns", "Line 312",
    ),
    "expenditure and income of one cell exchanged": (
        [f"update marts.fct_budget_line_edition set measure = case measure when 'total_income' then "
         f"'total_expenditure' else 'total_income' end where release_of = 'ro3_2030-31' and body_code = '{ONE}' "
         "and line_code = '312' and measure in ('total_income', 'total_expenditure')"],
        "measures_do_not_add_up", "blocks", "Line 312, net current expenditure",
    ),
    "two measures' columns exchanged": (
        ["update marts.fct_budget_line_edition set measure = case measure when 'employees' then "
         "'running_expenses' else 'employees' end where release_of = 'ro3_2030-31' and line_code = '312' "
         "and measure in ('employees', 'running_expenses')"],
        "measures_exchanged", "blocks", "employees and running expenses",
    ),
    "one council's figures under another's name too": (
        [OF_ANOTHER.format("o.amount_gbp", "ra_2030-31", "ra_2030-31", OTHER, ONE)],
        "rows_alike", "blocks", f"the same figures as Council {OTHER}",
    ),
    "last year's row put up by two per cent": (
        [OF_ANOTHER.format("o.amount_gbp * 1.02", "ra_2030-31", "ra_2029-30", ONE, ONE)],
        "row_scaled_from_another_year", "blocks", "times one factor",
    ),
    "a row of another council, whose own row is there": (
        [OF_ANOTHER.format("o.amount_gbp * 1.02", "ra_2030-31", "ra_2029-30", FAR, ONE)],
        "row_of_another_council", "blocks", f"nearest to the row of Council {FAR}",
    ),
    "a council whose row is lost": (
        [f"delete from marts.fct_budget_line_edition where release_of = 'ra_2030-31' and body_code = '{ONE}'"],
        "council_missing", "blocks", f"Council {ONE}",
    ),
    "a council left out of the outcomes": (
        [OUTCOME.format("outcome_value = null, marker = 'absent'", code_of(ONE))
         + " and measure_code = 'admissions_65_plus'"],
        "council_without_outcomes", "warns", "1 of its measures",
    ),
    "a count doubled with its rate": (
        [OUTCOME.format("numerator = 2 * numerator, outcome_value = 2 * outcome_value", code_of(ONE))],
        "counts_off_their_region", "blocks", "numerator",
    ),
    "the region's rates under a council's name": (
        ["update core.core_outcomes_served as n set outcome_value = g.outcome_value from (select * from "
         "core.core_outcomes_served where geography_kind = 'region') as g where n.financial_year = g.financial_year "
         f"and n.measure_code = g.measure_code and n.geography_code = '{code_of(ONE)}'",
         *(f"insert into core.core_outcomes_served by name select * replace ('measure_{n}' as measure_code) "
           f"from core.core_outcomes_served where measure_code = 'admissions_65_plus'" for n in range(5))],
        "outcomes_of_its_region", "blocks", "the rates of region",
    ),
    "a region's councils a row down": (
        ["create temp table held as select geography_code, measure_code, lag(outcome_value) over (partition by "
         "measure_code order by source_row) as value from core.core_outcomes_served where financial_year = '2030-31' "
         "and geography_kind = 'council'",
         "update core.core_outcomes_served as n set outcome_value = h.value from held as h "
         "where h.value is not null and n.financial_year = '2030-31' "
         "and n.geography_code = h.geography_code and n.measure_code = h.measure_code"],
        "outcomes_a_row_off", "blocks", "a row above or below",
    ),
    "rates of a year as shares, England's too": (
        ["update core.core_outcomes_served set outcome_value = outcome_value / 100 where financial_year = '2030-31' "
         "and measure_code = 'admissions_65_plus'"],
        "outcomes_in_another_unit", "blocks", "another unit",
    ),
    "last year's residents put up by a per cent": (
        # Cohorts that differ, as true ones do: where all ages are alike nobody can tell which way they moved.
        ["update raw.population_cells set persons = persons + 40 * (((age - mid_year) % 53 + 53) % 53)",
         "delete from raw.population_cells where mid_year = 2029",
         "insert into raw.population_cells select 'mye_2029', 2029, area_code, area_name, age, persons + 10 "
         "from raw.population_cells where mid_year = 2028"],
        "population_not_a_year_older", "blocks", "under another year's name",
    ),
    "an index of another base": (
        ["update raw.deflators set deflator_index = deflator_index + 3 where release_id = 'prices'"],
        "deflator_base_year", "blocks", "expected about 100",
    ),
    "a return whose income is its expenditure": (
        [f"update raw.asc_fr_cells set amount_thousand_gbp = amount_thousand_gbp * 2 where cassr_code = '{ONE}' "
         "and measure = 'total_income'"],
        "return_does_not_add_up", "blocks", "its expenditure less its income",
    ),
    "two councils' returns exchanged": (
        [f"update raw.asc_fr_cells set cassr_code = case cassr_code when '{COUNCILS[0]}' then '{COUNCILS[20]}' "
         f"when '{COUNCILS[20]}' then '{COUNCILS[0]}' else cassr_code end"],
        "return_off_the_budget", "blocks", f"Council {COUNCILS[0]}",
    ),
    "two councils' returns of one size exchanged": (
        [*RETURN_BY_SERVICE,
         f"update raw.asc_fr_cells set cassr_code = case cassr_code when '{ONE}' then '{OTHER}' "
         f"when '{OTHER}' then '{ONE}' else cassr_code end"],
        "returns_exchanged", "warns", f"with the return of Council {ONE}",
    ),
    "two of a council's lines exchanged": (
        [f"update marts.fct_budget_line_edition set amount_gbp = case line_code when '303' then 30000000 "
         f"when '304' then 9000000 else amount_gbp end where source = 'ra' and body_code = '{ONE}'",
         f"update marts.fct_budget_line_edition set amount_gbp = case line_code when '303' then 9400000 "
         f"when '304' then 31000000 else amount_gbp end where release_of = 'ra_2030-31' and body_code = '{ONE}'"],
        "council_lines_exchanged", "warns", "Line 303 and Line 304",
    ),
    "a row rounded to millions": (
        [MONEY.format("round(amount_gbp, -6)", "ra_2030-31") + f" and body_code = '{ONE}'"],
        "row_of_whole_millions", "warns", "Council E9010, its whole row",
    ),
    "a council beside its successors": (
        [f"update staging.stg_register__authorities set ended_on = date '2030-03-31' where ecode = '{ONE}'"],
        "council_of_another_year", "blocks", f"Council {word(ONE)}, its row, 2030-31",
    ),
    "two measures exchanged by name": (
        ["update core.core_outcomes_served set measure_code = case measure_code when 'admissions_65_plus' then "
         "'admissions_18_64' else 'admissions_65_plus' end where financial_year = '2030-31'"],
        "outcome_measures_exchanged", "blocks", "exchanged",
    ),
    "England with a region's rates": (
        ["update core.core_outcomes_served as e set outcome_value = r.outcome_value from (select * from "
         "core.core_outcomes_served where geography_kind = 'region') as r where e.financial_year = r.financial_year "
         "and e.measure_code = r.measure_code and e.geography_kind = 'england'",
         *(f"insert into core.core_outcomes_served by name select * replace ('measure_{n}' as measure_code) "
           f"from core.core_outcomes_served where measure_code = 'admissions_65_plus'" for n in range(5))],
        "england_of_a_region", "blocks", "the region's row",
    ),
    "denominators of the year before": (
        ["update core.core_outcomes_served as n set denominator = p.population_65_plus from "
         "core.core_council_population as p where n.financial_year = '2030-31' and p.financial_year = '2028-29' "
         "and n.geography_code = p.council_code and n.measure_code = 'admissions_65_plus'"],
        "denominators_of_another_year", "blocks", "the residents of 2028-29",
    ),
    "ages of a return exchanged": (
        [*RETURN_BY_SERVICE,
         "update raw.asc_fr_cells set age_band = case age_band when '18_64' then '65_plus' else '18_64' end "
         f"where cassr_code = '{ONE}'"],
        "return_ages_exchanged", "blocks", f"Council {ONE}",
    ),
    "two councils' scores exchanged": (
        ["update raw.deprivation_cells set value = "
         f"case council_code when '{code_of(COUNCILS[0])}' then 40 else 60 end "
         f"where measure = 'average_score' and council_code in ('{code_of(COUNCILS[0])}', '{code_of(COUNCILS[20])}')"],
        "rank_off_its_score", "blocks", "rank of the average score",
    ),
    "a class of another kind": (
        [f"update staging.stg_finance__cells set body_class = 'SC' where release_of = 'ra_2030-31' "
         f"and body_code = '{ONE}'"],
        "class_disagrees_with_the_code", "blocks", "found SC",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_named(world, compiled, fault):
    changes, check, status, words = FAULTS[fault]
    found = findings(world, compiled, *changes, check=check)
    assert check in found, found.keys()
    assert {verdict for verdict, _ in found[check]} == {status}
    assert any(words in sentence for _, sentence in found[check]), found[check]


def test_every_check_is_planted_here():
    with duckdb.connect() as connection:
        load_seeds(connection, "plausibility_checks")
        checks = connection.execute("select check_name from reference.plausibility_checks").fetchall()
    planted = {check for _, check, _, _ in FAULTS.values()} | {"section_total_off_its_years"}
    assert {check for (check,) in checks} == planted


def test_what_fits_its_own_place_however_well_was_not_exchanged():
    """A budget that hardly moved fits its own columns a hundred times better than any other."""
    with (PROJECT / "seeds" / "plausibility_checks.csv").open(encoding="utf-8", newline="") as stream:
        limits = {row["check_name"]: row for row in csv.DictReader(stream) if "better than" in row["what"]}
    assert len(limits) >= 6
    assert {name for name, row in limits.items() if float(row["highest_factor"]) < 10**9} == set()


def test_an_accepted_figure_is_accepted_and_another_in_its_place_is_not(world, compiled):
    change = MONEY.format("amount_gbp * 10", "ra_2030-31") + f" and body_code = '{ONE}' and line_code = '312'"
    ((factor, compared_with, observed),) = _factors(world, compiled, change)
    accept = (
        "insert into reference.plausibility_exceptions values ('line_off_its_years', 'ra_2030-31', '2030-31', "
        f"'{code_of(ONE)}', '312', '{compared_with}', null, {{}}, {{}}, 'looked at')"
    )
    for known, held, status in (
        (observed, factor, "accepted"),
        ("null", factor, "accepted"),
        (observed + 1, factor, "warns"),
        (observed, float(factor) * 1.5, "warns"),
        ("null", float(factor) * 1.01, "warns"),
    ):
        found = findings(world, compiled, change, accept.format(known, held), check="line_off_its_years")
        assert [status for status, _ in found["line_off_its_years"]] == [status], (known, held)


def test_of_years_with_one_amount_the_first_is_compared_with_whatever_the_order_of_rows(world, compiled):
    change = MONEY.format("amount_gbp * 10", "ra_2030-31") + f" and body_code = '{ONE}' and line_code = '312'"
    level = f"update marts.fct_budget_line_edition set amount_gbp = 2000000 where body_code = '{ONE}' "
    level += "and line_code = '312' and source = 'ra' and release_of != 'ra_2030-31'"
    table = "marts.fct_budget_line_edition"
    found = set()
    for order in ("asc", "desc"):
        turned = f"create or replace table {table} as select * from {table} order by release_of {order}"
        ((_, compared_with, _),) = _factors(world, compiled, change, level, turned)
        found.add(compared_with)
    (first,) = world.execute(f"select min(release_of) from {table} where source = 'ra'").fetchone()
    assert found == {first}


def _factors(world, compiled, *changes):
    world.execute("begin")
    for change in changes:
        world.execute(change)
    for model in ("audit_council_money", "audit_money_jumps"):
        world.execute(f"create or replace table {compiled.schemas[model]}.{model} as {compiled.sql[model]}")
    found = world.execute(
        "select factor, compared_with, observed from audit.audit_money_jumps where check_name = 'line_off_its_years'"
    ).fetchall()
    world.execute("rollback")
    return found


TOTAL_OF_ONE = MONEY.format("amount_gbp * 10", "ra_2030-31") + f" and body_code = '{ONE}' and line_code = '360'"


@pytest.mark.parametrize(
    ("check", "fault", "absent"),
    [
        (
            "counts_off_their_region",
            FAULTS["a count doubled with its rate"][0],
            [f"update marts.dim_council set region = null where council_code = '{code_of(COUNCILS[3])}'"],
        ),
        (
            "council_total_off_its_years",
            [TOTAL_OF_ONE],
            [
                "delete from marts.fct_budget_line_edition where release_of = 'ra_2029-30'",
                "update marts.fct_budget_line_edition set financial_year = '2027-28' where release_of = 'ra_2028-29'",
            ],
        ),
        (
            "population_off_the_year_before",
            [
                "update raw.population_cells set persons = 2 * persons "
                f"where area_code = '{code_of(ONE)}' and release_id = 'mye_2029'"
            ],
            ["update raw.population_cells set mid_year = 2030 where release_id = 'mye_2029'"],
        ),
    ],
    ids=["a council nobody can place", "three years between two budgets", "two years between two estimates"],
)
def test_what_is_not_there_or_is_years_away_is_compared_with_nothing(world, compiled, check, fault, absent):
    assert check in findings(world, compiled, *fault, check=check)
    assert check not in findings(world, compiled, *fault, *absent, check=check)
