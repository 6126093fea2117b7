"""A ledger in the landing folder is passed on again when only its columns file has changed."""

import pytest

from ingest import land
from orchestration.home import Home
from orchestration.sensors import requests, settled


@pytest.fixture
def home(tmp_path) -> Home:
    ledgers = tmp_path / "landing" / "ledgers"
    ledgers.mkdir(parents=True)
    (ledgers / "durham_2025-26.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (ledgers / "durham.columns.yml").write_text("statement: budget\n", encoding="utf-8")
    return Home(tmp_path)


def test_changed_columns_file_passes_its_ledger_on_again(home):
    seen, _ = settled({}, home, 0.0)
    seen, ready = settled(seen, home, 20.0)
    assert [found.path.name for found in ready] == ["durham_2025-26.csv"]
    (home.landing / "ledgers" / "durham.columns.yml").write_text("statement: outturn\n", encoding="utf-8")
    seen, ready = settled(seen, home, 25.0)
    assert ready == []
    seen, ready = settled(seen, home, 45.0)
    assert len(ready) == 1


def test_ledger_already_read_with_these_columns_makes_no_run(home, monkeypatch):
    found = list(land.find(home.landing))
    land.land(found[0], home.landing)
    monkeypatch.setattr(land, "receipt_of", lambda edition, raw: land.Receipt(edition.release_id, "", {}, {}, 0))
    assert requests(found, home) == []
    (home.landing / "ledgers" / "durham.columns.yml").write_text("statement: outturn\n", encoding="utf-8")
    assert len(requests(found, home)) == 1
