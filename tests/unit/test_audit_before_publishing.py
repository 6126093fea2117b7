"""What is published was audited: every check has been run on it, by the present code, and none that blocks failed."""

from dataclasses import replace

import dagster as dg
import pytest

from expectations.results import CheckResult
from orchestration import candidate, check_record
from orchestration.home import Home

HELD = CheckResult("unique_x", "marts.x", "error", "pass", compared=3, failed=0)


@pytest.fixture(scope="module")
def publish(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREVENTION_HOME", str(tmp_path_factory.mktemp("home")))
        from orchestration import publish

        patch.setattr(publish, "_required", lambda: {"unique_x"})
        yield publish


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(tmp_path)
    folder = candidate.begin(home, "run")
    (folder / "warehouse.duckdb").touch()
    candidate.use(home, folder)
    return home


def test_an_audited_candidate_gives_its_checks(publish, home):
    check_record.record(home.snapshot, [HELD])
    assert [check["check_name"] for check in publish.audited(home)] == ["unique_x"]


def test_a_warning_does_not_block(publish, home):
    check_record.record(home.snapshot, [HELD, replace(HELD, name="warn_y", severity="warn", status="warn")])
    assert len(publish.audited(home)) == 2


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ([replace(HELD, name="another")], "has not been audited"),
        ([replace(HELD, status="fail")], "do not hold"),
    ],
)
def test_anything_else_is_not_published_and_says_why(publish, home, results, said):
    check_record.record(home.snapshot, results)
    with pytest.raises(dg.Failure) as caught:
        publish.audited(home)
    assert said in caught.value.description
    assert "unique_x" in caught.value.description


def test_a_candidate_of_other_code_is_not_published(publish, home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(check_record, "code_version", lambda: "earlier")
        check_record.record(home.snapshot, [HELD])
    with pytest.raises(dg.Failure, match="built by other code") as caught:
        publish.audited(home)
    assert "run the job “refresh”" in caught.value.description
