"""The dbt project on a Spark cluster of this computer gives what it gives in DuckDB. Needs the extra `spark`."""

import shutil
from pathlib import Path

import duckdb
import pytest

from benchmarks.spark_cluster import keys_of
from benchmarks.table_differences import differences
from expectations.results import CheckResult
from orchestration import spark_build
from orchestration.dbt_run import NotBuilt
from orchestration.home import Home
from orchestration.spark_cluster import is_installed

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="Spark is not installed (the extra `spark`, and Java 17)"),
]


@pytest.fixture(scope="module")
def on_spark(refreshed, tmp_path_factory) -> tuple[Home, list]:
    """A home of the sample's raw tables that Spark has built, on a master and two workers; and what it said."""
    home = Home(tmp_path_factory.mktemp("spark"))
    home.candidate.mkdir()
    shutil.copytree(Home(refreshed).snapshot, home.snapshot)
    return home, list(spark_build.build(home))


def test_every_node_is_built_and_every_test_holds_as_in_duckdb(on_spark, refreshed):
    _, found = on_spark
    assert [one.message for one in found if isinstance(one, NotBuilt)] == []
    checks = [one for one in found if isinstance(one, CheckResult)]
    assert len(checks) > 300
    assert [(one.name, one.detail) for one in checks if one.status == "fail"] == []
    with duckdb.connect(str(Home(refreshed).candidate_database), read_only=True) as connection:
        nothing = "select check_name from marts.mart_data_quality where status = 'empty'"
        without_rows = {name for (name,) in connection.execute(nothing).fetchall()}
    assert {one.name for one in checks if one.status == "empty"} <= without_rows


def test_every_cell_of_every_mart_is_the_same(on_spark, refreshed):
    home, _ = on_spark
    published = Path(Home(refreshed).candidate_database)
    compared = differences(published, home.candidate_database, keys_of(home))
    # What a refresh finds of the table of checks is recorded after that table, for whoever builds it again.
    compared = [one for one in compared if one.table != "mart_data_quality"]
    assert len(compared) > 40
    assert sum(one.rows for one in compared) > 100_000
    assert [one for one in compared if one.rows_only_here or one.rows_only_there] == []


def test_a_later_build_of_a_selection_knows_the_views_of_the_one_before(on_spark):
    """Checks of a view, tried in a session that has not made it."""
    home, _ = on_spark
    checks = ("not_null_stg_register_council", "unique_stg_register_council")
    found = list(spark_build.build(home, "--select", *checks, "--indirect-selection", "empty"))
    assert {(one.name, one.status) for one in found} == {(name, "pass") for name in checks}
    assert all(one.compared > 100 for one in found)
