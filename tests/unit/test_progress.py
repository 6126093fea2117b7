"""How far a step is: told at tenths, with a guess that follows from what was seen."""

import logging

import pytest

from orchestration import progress as module
from orchestration.progress import Progress, duration


@pytest.fixture(autouse=True)
def a_logger_of_its_own(monkeypatch, caplog):
    """The project's logger may carry the handlers of commands tried earlier in the same process."""
    own = logging.getLogger("progress-of-a-test")
    monkeypatch.setattr(module, "log", own)
    caplog.set_level(logging.INFO, logger=own.name)


def test_every_tenth_is_told_once_with_the_time_that_is_left(caplog):
    now = iter(range(0, 100_000, 2))
    progress = Progress(40, "models done", clock=lambda: next(now))
    for _ in range(40):
        progress.one_done()
    told = [record.getMessage() for record in caplog.records]
    assert [line.split(";")[0] for line in told] == [f"{n} of 40 models done" for n in range(4, 40, 4)]
    assert all("left" in line for line in told)


def test_fewer_than_ten_are_told_one_by_one_and_more_than_were_known_are_no_fault(caplog):
    progress = Progress(3, "files", clock=lambda: 0.0)
    for _ in range(5):
        progress.one_done()
    assert [r.getMessage().split(";")[0] for r in caplog.records] == ["1 of 3 files", "2 of 3 files"]
    Progress(0, "nothing").one_done()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "10 seconds"), (44, "40 seconds"), (119, "120 seconds"), (150, "2 minutes"), (600, "10 minutes")],
)
def test_time_is_told_no_finer_than_a_guess_can_be(seconds, words):
    assert duration(seconds) == words
