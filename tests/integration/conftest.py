"""One refresh of the sample and one of the published files, shared by the tests that look at what they made."""

from pathlib import Path

import pytest

from benchmarks.homes import refresh
from tests.shared_once import own_copy, shared_once


def _refreshed(home: Path, *arguments: str) -> None:
    code, _ = refresh(home, *arguments)
    assert code == 0, Path(f"{home}.log").read_text(encoding="utf-8")[-4000:]


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory) -> Path:
    """A home after one refresh of the sample. Do not change it: copy it with `own_home`."""
    return shared_once(tmp_path_factory, "refreshed", _refreshed)


@pytest.fixture
def own_home(refreshed, tmp_path) -> Path:
    """A copy of the refreshed home that a test may do anything with."""
    return own_copy(refreshed, tmp_path / "home")


@pytest.fixture(scope="session")
def real_home(tmp_path_factory, real_data) -> Path:
    """A home after one whole refresh of the published files. Do not change it."""
    return shared_once(tmp_path_factory, "real", lambda home: _refreshed(home, "--data", str(real_data)))


@pytest.fixture(scope="session")
def real_warehouse(real_home) -> Path:
    """The database that refresh built, with staging, intermediate and audit models in it; to be read only."""
    return (real_home / "candidate" / "warehouse.duckdb").resolve()
