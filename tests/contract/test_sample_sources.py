from pathlib import Path

import pytest

from ingest import catalogue, sample
from ingest.sample.catalogue_entries import SOURCES, TARGET, render


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    sample.write(folder)
    return folder


def test_sample_checksums_are_those_of_a_fresh_sample(written):
    assert TARGET.read_text(encoding="utf-8") == render(written), "run python -m ingest.sample"


def test_every_sample_file_is_listed_or_submitted(written):
    known = catalogue.load()
    submitted = {source.folder for source in known.submitted() if source.is_sample}
    files = [path for path in written.rglob("*") if path.is_file()]
    lost = [p.name for p in files if not known.by_file(p.name, is_sample=True) and p.parent.name not in submitted]
    assert len(files) > 20
    assert lost == []


def test_every_published_source_that_is_required_has_a_sample():
    known = catalogue.load()
    required = {name for name, source in known.sources.items() if source.is_required and not source.is_sample}
    assert required <= {like for like, _ in SOURCES.values()}


def test_every_sample_file_name_says_sample(written):
    assert all(path.name.startswith("SAMPLE_") for path in written.rglob("*") if path.is_file())
