"""The kept list of faults: long enough, each of them plantable, and with a guard that exists."""

import json
from pathlib import Path

from benchmarks import mutants
from orchestration.home import Home

ROOT = Path(__file__).parents[2]
NEVER_AGAIN = {
    "edition order by arrival",
    "unlink-then-rename publication",
    "manifest calling every edition serving",
    "a suite's SQL neutralised",
    "£4m printed as £4000k",
    "a blank body counted as no return",
    "ranks reversed",
    "dense ranks",
    "real-terms factor inverted",
    "per head of people 18+",
    "low-confidence share replaced by the modelled share",
    "restatement sign",
}


def test_at_least_sixty_faults_are_kept_and_each_can_be_planted():
    kept = mutants.load()
    lost = [m.name for m in kept if (ROOT / m.file).read_text(encoding="utf-8").count(m.old) != 1]
    assert lost == []
    assert len({m.name for m in kept}) >= 60
    assert {m.name for m in kept} >= NEVER_AGAIN


def test_a_run_that_was_broken_off_is_taken_up_behind_its_last_verdict(tmp_path):
    kept = tmp_path / "verdicts.jsonl"
    assert mutants.read_kept(kept) == {}
    kept.write_text('{"name": "a", "stopped_by": "test x"}\n{"name": "b", "stopped_by": null}\n', encoding="utf-8")
    assert mutants.read_kept(kept) == {"a": "test x", "b": None}


def test_a_home_of_the_sample_is_told_from_others(tmp_path):
    home = Home(tmp_path)
    assert not mutants.is_of_sample(home)
    home.published.mkdir()
    for is_sample in (True, False):
        (home.published / "manifest.json").write_text(json.dumps({"is_sample": is_sample}), encoding="utf-8")
        assert mutants.is_of_sample(home) is is_sample


def test_every_guard_exists():
    for mutant in mutants.load():
        for path in mutant.tests:
            assert (ROOT / path.split("::")[0]).is_file(), mutant.name
        for model in mutant.rebuild:
            assert list((ROOT / "dbt_project").rglob(f"{model}.sql")), mutant.name


def test_a_fault_that_no_longer_fits_is_said_and_not_counted_as_stopped(tmp_path):
    (tmp_path / "x.py").write_text("a = 1\n", encoding="utf-8")
    fault = mutants.Mutant("gone", "x.py", "a = 2", "a = 3", tests=("tests/unit/test_mutants.py",))
    try:
        mutants.by_fault(fault, tmp_path, None, tmp_path)
    except ValueError as error:
        assert "occur 0 times in x.py" in str(error)
    else:
        raise AssertionError("a fault was planted that is not there")
