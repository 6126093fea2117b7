"""One refresh of the sample, shared by the tests that look at what it published."""

import shutil
from pathlib import Path

import pytest

from benchmarks.homes import refresh


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory) -> Path:
    """A home after one refresh of the sample. Do not change it: copy it with `own_home`."""
    home = tmp_path_factory.mktemp("refreshed") / "home"
    code, _ = refresh(home)
    assert code == 0, Path(f"{home}.log").read_text(encoding="utf-8")[-4000:]
    return home


@pytest.fixture
def own_home(refreshed, tmp_path) -> Path:
    """A copy of the refreshed home that a test may do anything with."""
    return Path(shutil.copytree(refreshed, tmp_path / "home", symlinks=True))
