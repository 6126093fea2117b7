"""Outcomes, population and the register, from the published files to the tables that are published."""

import shutil
from decimal import Decimal

import duckdb
import pytest

from expectations import disclosure

pytestmark = [pytest.mark.real, pytest.mark.slow]

POPULATION_65_PLUS = {
    "2015-16": 9_711_572, "2016-17": 9_882_841, "2017-18": 10_030_511, "2018-19": 10_179_253, "2019-20": 10_353_716,
    "2020-21": 10_464_019, "2021-22": 10_468_153, "2022-23": 10_629_867, "2023-24": 10_783_087,
    "2024-25": 10_981_092,
}  # fmt: skip
# Year: councils with a value, England's rate of admissions of people aged 65 and over.
ADMISSIONS = {
    "2017-18": (152, "585.6"), "2018-19": (152, "577.6"), "2019-20": (151, "584.0"), "2020-21": (150, "498.2"),
    "2021-22": (151, "538.5"), "2022-23": (151, "560.8"), "2023-24": (152, "566.0"),
    "2024-25": (152, "592.5"),
}  # fmt: skip
COUNCILS = {"2017-18": 152, "2018-19": 152, "2019-20": 151, "2020-21": 151, "2021-22": 152, "2023-24": 153}
HACKNEY, SCILLY = "E09000012", "E06000053"


@pytest.fixture
def rows(real_warehouse):
    """Rows of a query on the real_warehouse."""
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        yield lambda query: connection.sql(query).fetchall()


def test_population_of_the_councils_is_englands(rows):
    found = rows(
        "select financial_year, sum(population_65_plus) from staging.stg_population__areas "
        "where left(area_code, 3) in ('E06', 'E08', 'E09', 'E10') group by all"
    )
    assert dict(found) == POPULATION_65_PLUS


def test_councils_of_each_year(rows):
    found = rows(
        "select y.financial_year, count(*) from marts.dim_council as c inner join reference.council_counts as y "
        "on y.financial_year between c.valid_from_year and coalesce(c.valid_to_year, '9999-00') group by all"
    )
    assert COUNCILS.items() <= dict(found).items()


@pytest.mark.parametrize(
    ("council_code", "financial_year", "basis", "residents"),
    [
        ("E10000021", "2020-21", "rebuilt_from_successors", 138_216),
        ("E10000002", "2019-20", "same_area_successor", 102_860),
        ("E06000028", "2018-19", "not_carried", None),
        ("E10000009", "2018-19", "not_carried", None),
        ("E06000058", "2019-20", "published", None),
    ],
)
def test_population_is_that_of_the_boundary_of_the_year(rows, council_code, financial_year, basis, residents):
    ((found_basis, found),) = rows(
        "select population_basis, population_65_plus from core.core_council_population "
        f"where council_code = '{council_code}' and financial_year = '{financial_year}'"
    )
    assert found_basis == basis
    assert (found == residents) if basis != "published" else found > 0


def test_regions_are_those_of_the_outcomes_annex_where_the_registry_errs(rows):
    found = rows("select council_name, region from marts.dim_council where council_code in ('E10000007', 'E10000019')")
    assert sorted(found) == [("Derbyshire", "East Midlands"), ("Lincolnshire", "East Midlands")]


def test_codes_of_barnsley_and_sheffield_change_in_2025(rows):
    found = rows(
        "select council_code, valid_from_year, valid_to_year, ecode, successor_codes from marts.dim_council "
        "where council_name in ('Barnsley', 'Sheffield') order by council_code"
    )
    assert found == [
        ("E08000016", "2010-11", "2024-25", "E4401", "E08000038"),
        ("E08000019", "2010-11", "2024-25", "E4404", "E08000039"),
        ("E08000038", "2025-26", None, "E4401", None),
        ("E08000039", "2025-26", None, "E4404", None),
    ]


def test_admissions_of_each_year_are_those_published(rows):
    found = rows(
        "select financial_year, count(outcome_value) filter (where geography_kind = 'council'), "
        "max(outcome_value) filter (where geography_kind = 'england' and not is_recomputed) "
        "from marts.fct_outcome_measure where measure_code = 'admissions_65_plus' group by all"
    )
    assert {year: (count, england) for year, count, england in found} == {
        year: (count, Decimal(england)) for year, (count, england) in ADMISSIONS.items()
    }


def test_every_recomputed_admission_rate_is_the_published_one(rows):
    found = rows(
        "select council_code, outcome_value, recomputed_value from marts.fct_outcome_measure "
        "where measure_code = 'admissions_65_plus' and financial_year = '2020-21' "
        "and geography_kind = 'council' and outcome_value is not null"
    )
    assert len(found) == 150
    assert [code for code, published, recomputed in found if published != recomputed] == []


def test_the_extract_agrees_where_it_gives_a_value(rows):
    found = dict(rows("select status, count(*) from marts.mart_outcome_second_opinion group by all"))
    assert (found["agrees"], found["second_opinion_withheld"]) == (116, 3)
    assert "differs" not in found


def test_hackney_shows_nothing(rows):
    ((marker, is_suppressed, *figures),) = rows(
        "select marker, is_suppressed, numerator, denominator, outcome_value, recomputed_value "
        "from marts.fct_outcome_measure where measure_code = 'admissions_65_plus' "
        f"and financial_year = '2020-21' and council_code = '{HACKNEY}'"
    )
    assert (marker, is_suppressed) == ("[x]", True)
    assert figures == [None] * 4


def test_no_withheld_count_can_be_worked_out(real_warehouse):
    pinned = disclosure.attack(str(real_warehouse)).pinned
    attacked = {(p.council_code, p.financial_year, p.measure_code) for p in pinned}
    assert (HACKNEY, "2020-21", "admissions_65_plus") in attacked and len(pinned) > 400
    # Measures whose printed rates contradict each other are tried one region, class and England after the other.
    assert (SCILLY, "2024-25", "admissions_65_plus") in attacked
    assert [p for p in pinned if p.half_width < disclosure.HALF_OF_FIVE - disclosure.TOLERANCE] == []


@pytest.mark.parametrize(
    ("geography_code", "leaking_column"),
    [("E92000001", "numerator"), ("E12000007", "outcome_value"), ("inner_london", "outcome_value")],
)
def test_the_attack_succeeds_once_the_rule_is_broken(real_warehouse, tmp_path, geography_code, leaking_column):
    leaky = tmp_path / "leaky.duckdb"
    shutil.copyfile(real_warehouse, leaky)
    with duckdb.connect(str(leaky)) as connection:
        connection.sql(
            f"update marts.fct_outcome_measure as f set {leaking_column} = s.{leaking_column}, is_recomputed = false "
            "from core.core_outcomes_served as s "
            f"where f.geography_code = '{geography_code}' and f.geography_code = s.geography_code "
            "and f.financial_year = '2020-21' and f.financial_year = s.financial_year "
            "and f.measure_code = 'admissions_65_plus' and f.measure_code = s.measure_code"
        )
    found = disclosure.attack(str(leaky), "admissions_65_plus").pinned
    (pinned,) = (p for p in found if p.financial_year == "2020-21")
    assert pinned.council_code == HACKNEY and pinned.half_width < disclosure.HALF_OF_FIVE
