"""The attack on withheld counts, on a region of three councils one of which is withheld."""

import duckdb
import pytest

from expectations import disclosure

YEAR, HELD, OTHER, HIDDEN, REGION = "2028-29", "E06000901", "E06000902", "E06000903", "E12000009"
TABLES = f"""
    create schema marts; create schema reference; create schema staging; create schema core;
    create table marts.fct_outcome_measure (
        council_code varchar, geography_kind varchar, geography_code varchar, financial_year varchar,
        measure_code varchar, breakdown varchar, unit varchar, numerator decimal(18,4), denominator decimal(18,4),
        outcome_value decimal(18,4), is_recomputed boolean, is_suppressed boolean, is_withheld boolean,
        release_id varchar);
    create table reference.accepted_contradictions (measure_code varchar, financial_year varchar, publication varchar);
    create table marts.mart_outcome_second_opinion (
        geography_code varchar, financial_year varchar, measure_code varchar, second_opinion_value decimal(18,4));
    create table marts.mart_outcome_publication_differences (
        geography_code varchar, financial_year varchar, measure_code varchar, breakdown varchar,
        outcome_value decimal(18,4), other_value decimal(18,4));
    create table marts.dim_council as
    select unnest(['{HELD}', '{OTHER}', '{HIDDEN}']) as council_code, '2010-11' as valid_from_year,
        null::varchar as valid_to_year, 'unitary' as class, 'South West' as region;
    create table reference.region_codes as select '{REGION}' as region_code, 'South West' as region;
    create table staging.stg_register__cassr_codes (council_code varchar, council_type varchar);
    create table staging.stg_population__areas as
    select '{REGION}' as area_code, '{YEAR}' as financial_year, 60000::bigint as population_65_plus,
        160000::bigint as population_18_plus;
    create table core.core_council_population as
    select council_code, '{YEAR}' as financial_year, 20000::bigint as population_65_plus,
        60000::bigint as population_18_plus from marts.dim_council;
    insert into marts.fct_outcome_measure values
    ('{HELD}', 'council', '{HELD}', '{YEAR}', 'admissions_65_plus', 'Total', 'per_100k', 100, 20000, 500.0,
        false, false, false, 'ascof'),
    ('{OTHER}', 'council', '{OTHER}', '{YEAR}', 'admissions_65_plus', 'Total', 'per_100k', 120, 20000, 600.0,
        false, false, false, 'ascof'),
    ('{HIDDEN}', 'council', '{HIDDEN}', '{YEAR}', 'admissions_65_plus', 'Total', 'per_100k', null, null, null,
        false, true, false, 'ascof'),
    (null, 'region', '{REGION}', '{YEAR}', 'admissions_65_plus', 'Total', 'per_100k', null, null, 550.0,
        true, false, true, 'ascof');
"""


@pytest.fixture
def warehouse(tmp_path):
    """The tables, and a way to change them and see what the check says."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)

    def after(*changes: str):
        with duckdb.connect(str(path)) as connection:
            for change in changes:
                connection.execute(change)
        return {one.name: one for one in disclosure.check(path)}

    return after


def region(change: str) -> str:
    return f"update marts.fct_outcome_measure set {change} where geography_kind = 'region'"


def test_a_rate_of_the_other_councils_gives_nothing_away(warehouse):
    found = warehouse()
    assert found[disclosure.HIDDEN].status == "pass" and found[disclosure.HIDDEN].compared == 1
    assert found[disclosure.TRIED].status == "pass"


@pytest.mark.parametrize(
    "leak",
    [
        region("numerator = 357, is_recomputed = false, outcome_value = null"),
        region("outcome_value = 595.0, is_recomputed = false"),
        f"insert into marts.mart_outcome_second_opinion values ('{HIDDEN}', '{YEAR}', 'admissions_65_plus', 685.0)",
        "insert into marts.mart_outcome_publication_differences values "
        f"('{HIDDEN}', '{YEAR}', 'admissions_65_plus', 'Total', null, 685.0)",
    ],
    ids=["count of the region", "rate of the region", "second opinion", "another publication"],
)
def test_a_figure_that_gives_a_withheld_count_away_blocks_and_does_not_say_the_count(warehouse, leak):
    found = warehouse(leak)[disclosure.HIDDEN]
    assert found.is_blocking and found.failed == 1
    assert HIDDEN in found.message() and YEAR in found.message() and "admissions_65_plus" in found.message()
    assert "137" not in found.message()


def test_rates_that_contradict_each_other_are_tried_one_by_one(warehouse):
    unlikely = (
        "insert into marts.fct_outcome_measure select council_code, 'england', 'E92000001', financial_year, "
        "measure_code, breakdown, unit, null, null, 1.0, false, false, true, release_id from marts.fct_outcome_measure "
        "where geography_kind = 'region'"
    )
    people = f"insert into staging.stg_population__areas values ('E92000001', '{YEAR}', 60000, 160000)"
    found = warehouse(region("outcome_value = 595.0, is_recomputed = false"), unlikely, people)
    assert found[disclosure.HIDDEN].is_blocking
    assert found[disclosure.TRIED].status == "warn"
    assert "contradict each other" in found[disclosure.TRIED].warnings()[0]
    accepted = f"insert into reference.accepted_contradictions values ('admissions_65_plus', '{YEAR}', 'ascof')"
    assert warehouse(accepted)[disclosure.TRIED].status == "pass"
    elsewhere = "update reference.accepted_contradictions set financial_year = '2029-30'"
    (said,) = warehouse(elsewhere)[disclosure.TRIED].warnings()
    assert "contradict each other" in said, "without the annex nobody knows what the types of boroughs contradict"
    annex = "insert into staging.stg_register__cassr_codes values ('another', 'Inner London')"
    said = warehouse(annex)[disclosure.TRIED].warnings()
    assert len(said) == 2 and "contradict each other" in said[0] and "is gone" in said[1]


def test_nothing_withheld_is_nothing_to_try(warehouse):
    found = warehouse(f"delete from marts.fct_outcome_measure where geography_code = '{HIDDEN}'")
    assert {one.status for one in found.values()} == {"empty"}
