"""Each run builds in a folder of its own, goes on in it after a failure, and changes nothing of another's."""

import os
from dataclasses import replace

import pytest

from expectations.results import CheckResult
from orchestration import candidate
from orchestration.check_record import record, recorded
from orchestration.home import Home
from orchestration.project import digest_of

FOUND = CheckResult("unique_x", "marts.x", "error", "pass", compared=3, failed=0, expected="0", observed="0")


@pytest.fixture
def home(tmp_path) -> Home:
    """A home in which a run named `first` has laid out its raw tables and built a database."""
    home = Home(tmp_path)
    folder = candidate.begin(home, "first")
    (folder / "raw" / "releases").mkdir(parents=True)
    (folder / "warehouse.duckdb").write_text("as first built", encoding="utf-8")
    candidate.use(home, folder)
    return home


def test_a_part_is_built_in_a_copy_and_the_other_run_keeps_its_own(home):
    candidate.carry_on(home, "second")
    assert home.candidate.resolve().name == "second"
    home.candidate_database.write_text("as built again", encoding="utf-8")
    assert (home.candidates / "first" / "warehouse.duckdb").read_text(encoding="utf-8") == "as first built"


def test_a_run_taken_up_again_goes_on_in_its_own_folder(home):
    candidate.carry_on(home, "second")
    home.candidate_database.write_text("half done", encoding="utf-8")
    candidate.carry_on(home, "third")
    candidate.carry_on(home, "second")
    assert home.candidate.resolve().name == "second"
    assert home.candidate_database.read_text(encoding="utf-8") == "half done"


def test_raw_tables_that_do_not_hold_never_take_the_place_of_those_that_did(home):
    candidate.begin(home, "second")
    assert home.candidate.resolve().name == "first"


def test_without_raw_tables_there_is_nothing_to_build_from(tmp_path):
    with pytest.raises(candidate.NoCandidate, match="run the job “refresh” once"):
        candidate.carry_on(Home(tmp_path), "first")


def test_the_link_is_relative_so_that_a_home_can_be_moved(home):
    assert os.readlink(home.candidate) == "candidates/first"


def test_the_last_three_folders_are_kept_and_the_one_in_use(home):
    for number, name in enumerate(("second", "third", "fourth", "fifth")):
        folder = candidate.begin(home, name)
        os.utime(folder, (1000 + number, 1000 + number))
    os.utime(home.candidates / "first", (1, 1))
    candidate.forget_older(home)
    assert {path.name for path in home.candidates.iterdir()} == {"first", "third", "fourth", "fifth"}


def test_a_check_run_again_takes_the_place_of_its_earlier_result(home):
    record(home.snapshot, [FOUND, replace(FOUND, name="not_null_x")])
    record(home.snapshot, [replace(FOUND, status="fail", failed=1)])
    assert [(row["check_name"], row["status"]) for row in recorded(home.snapshot)] == [
        ("not_null_x", "pass"),
        ("unique_x", "fail"),
    ]


def test_code_is_known_by_its_contents(tmp_path):
    (tmp_path / "a.sql").write_text("select 1", encoding="utf-8")
    before = digest_of(tmp_path)
    (tmp_path / "a.sql").write_text("select 2", encoding="utf-8")
    assert digest_of(tmp_path) != before
