"""A refresh with nothing to do is told from one with something to do, without a file being opened."""

import os
from pathlib import Path

import pytest

from orchestration import unchanged
from orchestration.home import Home


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(tmp_path / "home")
    folder = home.publications / "one"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    (folder / "warehouse.duckdb").touch()
    home.published.symlink_to(Path("publications") / "one")
    home.landing.mkdir()
    (home.landing / "figures.csv").write_text("1,2\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    unchanged.remember(home, tmp_path / "data")
    return home


def _same_size_and_time(home: Home, data: Path) -> None:
    path = home.landing / "figures.csv"
    before = path.stat()
    path.write_text("1,3\n", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = {
    "other content": lambda home, data: (home.landing / "figures.csv").write_text("1,2,3\n", encoding="utf-8"),
    "content of the same size and time": _same_size_and_time,
    "a new file": lambda home, data: (data / "new.csv").touch(),
    "a file gone": lambda home, data: (home.landing / "figures.csv").unlink(),
    "another name": lambda home, data: (home.landing / "figures.csv").rename(home.landing / "other.csv"),
    "no database": lambda home, data: (home.publications / "one" / "warehouse.duckdb").unlink(),
    "no publication": lambda home, data: home.published.unlink(),
    "other code": None,
    "a note cut short": lambda home, data: (home.root / unchanged.NOTE).write_text("{", encoding="utf-8"),
    "forgotten": lambda home, data: unchanged.forget(home),
}


def test_what_is_as_it_was_is_known_again(home, tmp_path):
    assert unchanged.is_as_remembered(home, tmp_path / "data")
    assert not unchanged.is_as_remembered(home, None)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_differs_is_seen(change, home, tmp_path, monkeypatch):
    if change == "other code":
        monkeypatch.setattr(unchanged, "code_version", lambda: "other")
    else:
        CHANGES[change](home, tmp_path / "data")
    assert not unchanged.is_as_remembered(home, tmp_path / "data")


def test_what_a_refresh_keeps_itself_is_not_taken_for_something_given(home):
    before = unchanged.given(home, None)
    (home.landing / "editions" / "x").mkdir(parents=True)
    (home.landing / "editions" / "x" / "file.csv").touch()
    assert unchanged.given(home, None) == before
    (home.landing / "dropped.csv").touch()
    assert unchanged.given(home, None) != before
