"""One refresh of the sample, shared by the tests that look at what it published."""

import shutil
from pathlib import Path

import pytest

from benchmarks.homes import refresh
from tests.apportionment_warehouse import CHECKS, MODELS, TinyWarehouse
from tests.dbt_models import compile_project


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


@pytest.fixture(scope="session")
def apportionment(tmp_path_factory):
    """The SQL of the apportionment, compiled once."""
    return compile_project(tmp_path_factory.mktemp("compiled"), *MODELS, *CHECKS)


@pytest.fixture(scope="session")
def filled_file(apportionment, tmp_path_factory):
    """A tiny warehouse, filled and built. Do not change it: `tiny` is a copy."""
    path = tmp_path_factory.mktemp("tiny") / "filled.duckdb"
    TinyWarehouse(apportionment, path).fill().build().connection.close()
    return path


@pytest.fixture
def tiny(apportionment, filled_file, tmp_path):
    warehouse = TinyWarehouse(apportionment, shutil.copy(filled_file, tmp_path / "tiny.duckdb"))
    yield warehouse
    warehouse.connection.close()
