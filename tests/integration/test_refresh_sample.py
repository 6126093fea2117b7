"""The road from files to a publication, walked on the sample, and what happens when it is walked again."""

import json
import shutil
import time
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from benchmarks.homes import control_totals, faults, kill, refresh, start_refresh
from ingest.land import sha256_of
from orchestration.cli import main
from orchestration.home import Home

pytestmark = pytest.mark.slow


def said(home: Path) -> str:
    return Path(f"{home}.log").read_text(encoding="utf-8")


def holds_lock(home: Path, process) -> bool:
    return f"process {process.pid}," in (home / ".refresh.lock").read_text(encoding="utf-8")


def wait_until(process, has_come) -> None:
    """Wait for something a running refresh does, for as long as it runs."""
    while not has_come():
        assert process.poll() is None, "the refresh ended before it came to that"
        time.sleep(0.05)


def manifest(home: Path) -> dict:
    return json.loads((home / "published" / "manifest.json").read_text(encoding="utf-8"))


def test_the_first_refresh_publishes_the_sample_and_says_so(refreshed):
    found = manifest(refreshed)
    assert found["is_sample"] is True
    assert len(found["inputs"]) > 20
    assert "published: " in said(refreshed)
    assert "from sample (fictional councils)" in said(refreshed)
    assert faults(refreshed, control_totals(refreshed / "published")) == []


def test_every_check_of_the_publication_says_what_it_compared(refreshed):
    checks = manifest(refreshed)["checks"]
    assert {check["status"] for check in checks} <= {"pass", "warn", "empty"}
    assert all(check["compared"] > 0 for check in checks if check["status"] == "pass")
    assert sum(check["severity"] == "error" for check in checks) > 50


def test_marts_have_descriptions_on_every_table_and_column(refreshed):
    with duckdb.connect(str((refreshed / "published/warehouse.duckdb").resolve()), read_only=True) as connection:
        bare = connection.execute(
            """select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null
               union all select table_name, '' from duckdb_tables() where schema_name = 'marts' and comment is null"""
        ).fetchall()
    assert bare == []


def test_a_restated_line_names_every_mart_it_goes_into(refreshed):
    """The lineage that dbt has, followed here from the manifest instead of in the model's own SQL."""
    children = json.loads((refreshed / "dbt/manifest/manifest.json").read_text(encoding="utf-8"))["child_map"]

    def below(name):
        found, waiting = set(), [f"model.prevention.{name}"]
        while waiting:
            new = {c for c in children[waiting.pop()] if c.startswith("model.")} - found
            found |= new
            waiting += new
        return {c.rsplit(".", 1)[-1] for c in found}

    with duckdb.connect(str((refreshed / "published/warehouse.duckdb").resolve()), read_only=True) as connection:
        named = dict(
            connection.execute(
                """select line_code = '360', max(marts_moved) from marts.mart_restatements
                   where marts_moved != '' and council_code is not null and measure = 'net_current_expenditure'
                   group by all"""
            ).fetchall()
        )
        tables = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name='marts'"
            ).fetchall()
        }
    assert named
    of_total = {"fct_budget_line", "mart_reconciliation"} | (below("int_council_year_totals") & tables)
    assert {"mart_prevention_headline", "mart_combined_area_series"} <= of_total
    for is_total, words in named.items():
        wanted = of_total if is_total else {"fct_allocation", "mart_service_grid", "mart_say_do_sensitivity"}
        assert wanted <= set(words.split(", "))


def test_a_second_refresh_reads_nothing_builds_nothing_and_says_so(own_home):
    before = manifest(own_home)["publication_id"]
    code, _ = refresh(own_home)
    assert code == 0
    assert manifest(own_home)["publication_id"] == before
    assert f"nothing has changed since publication {before}" in said(own_home)
    assert "reading" not in said(own_home)


def test_killed_refreshes_leave_the_publication_whole_and_the_next_gives_the_same_bytes(own_home, refreshed):
    totals = control_totals(refreshed / "published")
    for step in (None, "checking the raw tables", "building"):
        process = start_refresh(own_home, "--rebuild")
        wait_until(process, lambda p=process, s=step: s in said(own_home) if s else holds_lock(own_home, p))
        kill(process)
        assert faults(own_home, totals) == []
        Path(f"{own_home}.log").unlink()

    shutil.rmtree(own_home / "raw")
    process = start_refresh(own_home, "--rebuild")
    wait_until(process, lambda: holds_lock(own_home, process))
    second, _ = refresh(own_home, "--no-wait")
    assert second == 2
    assert f"Another refresh of {own_home} is running (process {process.pid}" in said(own_home)
    assert process.wait() == 0, said(own_home)[-3000:]
    assert faults(own_home, totals) == []

    assert manifest(own_home)["publication_id"] != manifest(refreshed)["publication_id"]
    names = sorted(path.name for path in (refreshed / "published/parquet").iterdir())
    assert len(names) > 5
    differing = [
        name
        for name in names
        if sha256_of(refreshed / "published/parquet" / name) != sha256_of(own_home / "published/parquet" / name)
    ]
    assert differing == []

    shown = CliRunner().invoke(main, ["diff", "--home", str(own_home)])
    assert shown.exit_code == 0
    assert "none: the inputs and the code are the same" in shown.output
    assert f"{len(names)} of {len(names)} are the same to the byte" in shown.output

    back = CliRunner().invoke(main, ["restore", "--home", str(own_home)])
    assert back.exit_code == 0
    assert Home(own_home).published_id() == manifest(refreshed)["publication_id"]


def test_the_publication_says_which_packages_made_it(refreshed):
    bill = json.loads((refreshed / "published" / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert bill["metadata"]["timestamp"] == manifest(refreshed)["published_at"]
    assert {"dbt-duckdb", "dagster"} <= {part["name"] for part in bill["components"]}
