from pathlib import Path

import pytest

from ingest import catalogue, sample
from ingest.land import sha256_of
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


def test_every_published_sample_file_says_sample_in_its_name(written):
    names = [path.name for path in written.glob("*") if path.is_file()]
    assert len(names) > 15
    assert [name for name in names if not name.startswith("SAMPLE_")] == []


def test_sample_is_the_same_bytes_each_time(written, tmp_path):
    sample.write(tmp_path)
    first, second = (
        {path.relative_to(folder): sha256_of(path) for path in folder.rglob("*") if path.is_file()}
        for folder in (written, tmp_path)
    )
    assert first == second
