"""What keeps a refresh from publishing, how it says so, and that nothing readers see has moved."""

import shutil

import duckdb
import openpyxl
import pytest

from benchmarks import planted_faults
from benchmarks.homes import control_totals, faults
from orchestration import dbt_run, refreshing
from orchestration.home import Home

pytestmark = pytest.mark.slow

# What the sample gives nothing to spoil: its councils are not in the reviewed changes, no figure of it is
# implausible (test_plausibility.py plants those), no coding is set aside, it has no payments (test_payments.py), one
# publication prints its outcomes, and one form each line of a year.
ONLY_ON_PUBLISHED_FILES = [
    "assert_figures_are_plausible",
    "assert_payments_sum_to_their_files",
    "assert_reviewed_changes_agree_with_the_registry",
    "unique_core_figures_decided",
    "unique_mart_codings_set_aside",
    "unique_mart_outcome_publication_differences",
    "unique_mart_payments",
]
RA_2018 = "RA_2018-19_data_by_LA.xlsx"


def test_every_blocking_check_finds_a_fault_planted_for_it(refreshed):
    findings = planted_faults.run(Home(refreshed))
    assert len(findings) > 200
    assert [finding.check for finding in findings if finding.fault is None] == ONLY_ON_PUBLISHED_FILES


def test_a_check_that_does_not_hold_keeps_the_publication_and_tells_somebody(own_home, webhook, monkeypatch, capfd):
    url, received = webhook
    monkeypatch.setenv("PREVENTION_ALERT_URL", url)
    monkeypatch.setenv("PREVENTION_HOME", str(own_home))
    from orchestration import engine

    home, before = Home(own_home), Home(own_home).published_id()
    totals = control_totals(home.published)
    kept = own_home / "kept.duckdb"
    shutil.copyfile(home.candidate_database, kept)

    build = dbt_run.build

    def spoilt(home, *_, **__):
        shutil.copyfile(kept, home.candidate_database)
        with duckdb.connect(str(home.candidate_database)) as connection:
            connection.execute("insert into marts.fct_budget_line select * from marts.fct_budget_line limit 1")
        yield from build(home, "--select", "unique_fct_budget_line")

    monkeypatch.setattr(engine.dbt_run, "build", spoilt)
    assert refreshing.refresh(home, None, rebuild=True) == refreshing.BLOCKED
    said = capfd.readouterr().err
    assert "unique_fct_budget_line on marts.fct_budget_line" in said
    assert "expected 0 rows that do not hold; observed 1 rows; difference 1" in said
    assert "row: problem=" in said
    assert "where to look: dbt_project/models/core/" in said
    assert f"NOTHING WAS PUBLISHED; publication {before} is untouched." in said
    assert home.published_id() == before
    assert faults(own_home, totals) == []
    (alert,) = received
    assert alert["kind"] == "publication_blocked"
    assert alert["step"] == "warehouse"
    assert "unique_fct_budget_line" in alert["text"]
    assert before in alert["text"]


@pytest.mark.real
def test_a_renamed_header_stops_its_file_and_the_refresh(own_home, real_data, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("PREVENTION_HOME", str(own_home))
    data = tmp_path / "data"
    data.mkdir()
    (original,) = real_data.rglob(RA_2018)
    workbook = openpyxl.load_workbook(original)
    sheet = workbook["RA LA Data 2018-19"]
    cell = next(c for c in sheet[7] if c.value and "TOTAL ADULT SOCIAL CARE" in str(c.value))
    cell.value = "TOTAL ADULT CARE AND SUPPORT"
    workbook.save(data / RA_2018)
    home, before = Home(own_home), Home(own_home).published_id()
    assert refreshing.refresh(home, data) == refreshing.BLOCKED
    said = capfd.readouterr().err
    for part in (RA_2018, "RA LA Data 2018-19", f"column {cell.column_letter}", "TOTAL ADULT CARE AND SUPPORT"):
        assert part in said
    assert "Source council_registry cannot be used" in said, "the other sources were looked at as well"
    assert home.published_id() == before
    assert list(home.refused.glob("*/*/problems.json"))


def test_a_folder_without_known_files_is_a_matter_of_usage(own_home, tmp_path, capfd):
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    assert refreshing.refresh(Home(own_home), tmp_path / "notes") == refreshing.STOPPED
    empty = tmp_path / "empty"
    empty.mkdir()
    assert refreshing.refresh(Home(own_home), empty) == refreshing.STOPPED
    said = capfd.readouterr().err
    assert "is not a folder" in said
    assert "No file below" in said
