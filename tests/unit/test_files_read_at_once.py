"""Published files of a source are read at the same time, submitted ones only when their turn has come."""

import threading
from dataclasses import dataclass

import pytest

from orchestration import sources


@dataclass(frozen=True)
class Series:
    """What matters of a source here."""

    is_submitted: bool


@pytest.fixture
def read(monkeypatch):
    """Names of the files whose reading has begun; the first ends when the second has begun."""
    begun, second = [], threading.Event()

    def read(edition, home, place):
        begun.append(edition)
        if edition == "second":
            second.set()
            raise ValueError(edition)
        second.wait(20)
        return f"{edition}, {place}, {second.is_set()}"

    monkeypatch.setattr(sources, "_read", read)
    monkeypatch.setattr(sources.os, "sched_getaffinity", lambda _: {0, 1})
    return begun


def test_two_published_files_are_read_at_once_and_given_in_their_order(read):
    first, second = sources._receipts(Series(is_submitted=False), ["first", "second"], None)
    assert first() == "first, 1 of 2, True"
    with pytest.raises(ValueError, match="second"):
        second()


def test_a_submitted_file_is_not_read_before_the_one_before_it_was_taken_in(read):
    second, third = sources._receipts(Series(is_submitted=True), ["second", "third"], None)
    assert read == []
    with pytest.raises(ValueError, match="second"):
        second()
    assert read == ["second"]
    assert third() == "third, 2 of 2, True"
