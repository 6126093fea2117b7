import pytest

import sample
from ingest import catalogue
from ingest.land import sha256_of
from sample.catalogue_entries import SOURCES, TARGET, render

pytestmark = pytest.mark.slow


def test_sample_checksums_are_those_of_a_fresh_sample(sample_files):
    assert TARGET.read_text(encoding="utf-8") == render(sample_files), "run python -m sample"


def test_every_sample_file_is_listed_or_submitted(sample_files):
    known = catalogue.load()
    submitted = {source.folder for source in known.submitted() if source.is_sample}
    files = [path for path in sample_files.rglob("*") if path.is_file()]
    lost = [p.name for p in files if not known.by_file(p.name, is_sample=True) and p.parent.name not in submitted]
    assert len(files) > 20
    assert lost == []


def test_every_published_source_that_is_required_has_a_sample():
    known = catalogue.load()
    required = {name for name, source in known.sources.items() if source.is_required and not source.is_sample}
    assert required <= {like for like, _ in SOURCES.values()}


def test_every_published_sample_file_says_sample_in_its_name(sample_files):
    names = [path.name for path in sample_files.glob("*") if path.is_file()]
    assert len(names) > 15
    assert [name for name in names if not name.startswith("SAMPLE_")] == []


def test_sample_is_the_same_bytes_each_time(sample_files, tmp_path):
    sample.write(tmp_path)
    first, second = (
        {path.relative_to(folder): sha256_of(path) for path in folder.rglob("*") if path.is_file()}
        for folder in (sample_files, tmp_path)
    )
    assert first == second
