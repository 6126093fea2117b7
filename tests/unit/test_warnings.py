"""What a refresh says at its end: every warning in words, and those that are new apart from those known before."""

import json

import pytest

from expectations.results import MOST_ROWS_IN_A_MESSAGE, CheckResult
from orchestration.home import Home
from orchestration.refreshing import _tell


def result(**changes) -> CheckResult:
    facts = {"name": "warn_lines", "subject": "audit.lines", "severity": "warn", "status": "warn", "compared": 9}
    return CheckResult(**{**facts, "failed": 2, "detail": "Every line has a name.", "place": "lines.sql", **changes})


def test_a_sentence_stands_by_itself_and_what_is_not_shown_is_counted():
    rows = [{"sentence": "Kent, line 360: expected 5, found 50"}]
    assert result(rows=rows).warnings() == [
        "Kent, line 360: expected 5, found 50",
        "1 more finding like these: see audit.lines",
    ]
    assert result(rows=rows, failed=1).warnings() == ["Kent, line 360: expected 5, found 50"]


def test_other_rows_are_shown_as_examples_of_the_rule():
    (text,) = result(rows=[{"line": "1"}, {"line": "2"}]).warnings()
    assert text == "Every line has a name. 2 rows do not hold, for example: line 1; line 2 (lines.sql)"


@pytest.mark.parametrize("status", ["pass", "fail", "empty"])
def test_only_a_check_that_warns_warns(status):
    assert result(status=status, rows=[{"sentence": "x"}]).warnings() == []


def test_a_blocking_check_says_its_sentences():
    assert "\n  Kent is too much\n" in result(status="fail", rows=[{"sentence": "Kent is too much"}]).message()


def test_a_message_shows_some_rows_of_many():
    rows = [{"sentence": f"finding {number}"} for number in range(200)]
    assert result(status="fail", rows=rows).message().count("finding") == MOST_ROWS_IN_A_MESSAGE
    assert len(result(rows=rows, failed=200).warnings()) == 200


@pytest.fixture
def home(tmp_path):
    """A home with two publications, the second of them published."""
    home = Home(tmp_path)
    for name, warnings in (("one", ["seen before"]), ("two", ["seen before", "not seen before"])):
        folder = home.publications / name
        folder.mkdir(parents=True)
        facts = {"publication_id": name, "warnings": warnings, "rejects": [], "tables": [], "is_sample": True}
        (folder / "manifest.json").write_text(json.dumps(facts))
    home.published.symlink_to("publications/two")
    return home


def test_a_new_warning_stands_apart_from_a_known_one(home, capsys):
    _tell(home, "one", 1)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "warning, as in the publication before: seen before"
    assert said[-2:] == ["NEW WARNING: not seen before", "rejected: 0 rows; warned: 2, of which 1 new"]


def test_a_first_publication_has_only_new_warnings(home, capsys):
    _tell(home, None, 1)
    assert "warned: 2, of which 2 new" in capsys.readouterr().err


def test_a_file_set_aside_is_told_though_nothing_else_has_changed(home, capsys):
    """The present publication was built without it, so its own warnings are silent about it."""
    _tell(home, "two", 1, ["map.xlsx, row 7: a share is blank", "seen before"])
    said = capsys.readouterr().err.splitlines()
    assert said[-2] == "NEW WARNING: map.xlsx, row 7: a share is blank"
    assert said[-1] == "rejected: 0 rows; warned: 3, of which 1 new"
