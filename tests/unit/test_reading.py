"""What a reader says it fills is what it fills."""

import pytest

from ingest import catalogue, land
from ingest.published import deflators
from ingest.reading import fills


def landed(sample_files, landing, reader):
    """The sample's edition of the one source of a reader, landed by itself."""
    found = land.find_in((sample_files,), True, catalogue.load())
    (one,) = [f for f in found if getattr(f, "release", None) and f.release.source.reader == reader]
    land.land(one, landing)
    (edition,) = land.editions(landing)
    return edition


def test_a_reader_that_fills_a_table_it_does_not_name_is_stopped(sample_files, tmp_path, monkeypatch):
    edition = landed(sample_files, tmp_path / "landing", "deflators")
    assert set(land.ingest(edition, tmp_path / "named").rows) == {"deflators"} == fills(edition.release.source)
    monkeypatch.setattr(deflators, "FILLS", ("population_cells",))
    with pytest.raises(ValueError, match="the reader deflators fills deflators, which FILLS does not name"):
        land.ingest(edition, tmp_path / "unnamed")
    assert not list((tmp_path / "unnamed").rglob("*.parquet"))
