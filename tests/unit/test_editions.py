"""Which edition of a file is in use: new content, content put back, content that was never good."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import catalogue, land
from ingest.catalogue import KnownEdition, Release
from orchestration.home import Home
from orchestration.sensors import requests
from orchestration.sources import choose_inputs

FIRST, REVISED, FAULTY = "as first published", "as revised", "with a fault"


@pytest.fixture
def release(monkeypatch) -> Release:
    """A published release of which two editions are known."""
    known = catalogue.load()
    (held,) = (r for r in known.releases if r.release_id == "mhclg_ra_2018-19")
    digests = [hashlib.sha256(content.encode()).hexdigest() for content in (FIRST, REVISED)]
    release = replace(held, editions=tuple(KnownEdition(digest, "known") for digest in digests))
    others = tuple(r for r in known.releases if r is not held)
    monkeypatch.setattr(catalogue, "load", lambda: catalogue.Catalogue(known.sources, (*others, release)))
    return release


def put(landing: Path, content: str, name: str) -> None:
    """Lay a file into the landing folder, as a person would, and land what lies there."""
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    for found in land.find(landing):
        land.land(found, landing)


def in_use(landing: Path) -> list[str]:
    """Contents of the editions in use, the served one last."""
    editions = sorted(land.editions(landing), key=lambda edition: edition.order)
    return [edition.path.read_text(encoding="utf-8") for edition in editions]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ([FIRST, FAULTY], [FIRST, FAULTY]),
        ([FIRST, FAULTY, FIRST], [FIRST]),
        ([FIRST, FAULTY, REVISED], [FIRST, REVISED]),
        ([FIRST, REVISED, FIRST], [FIRST]),
        ([FIRST, REVISED, FIRST, REVISED], [FIRST, REVISED]),
        ([REVISED, FIRST, REVISED], [FIRST, REVISED]),
        ([FAULTY, FIRST, FAULTY], [FIRST, FAULTY]),
        ([FIRST, FAULTY, "another fault", FAULTY], [FIRST, "another fault", FAULTY]),
    ],
    ids=[
        "new content",
        "put back",
        "corrected by a revision",
        "the earlier one put back",
        "and the revision once more",
        "known ones keep their order",
        "meant after all",
        "to and fro",
    ],
)
def test_a_published_file(release, tmp_path, given, used):
    for content in given:
        put(tmp_path, content, release.file)
    assert in_use(tmp_path) == used


def test_the_edition_published_last_is_served_whichever_came_first(release, tmp_path, monkeypatch):
    days = {FIRST: "2019-02-01", REVISED: "2018-06-28"}
    dated = [KnownEdition(hashlib.sha256(c.encode()).hexdigest(), "known", day) for c, day in days.items()]
    known = catalogue.load()
    others = tuple(r for r in known.releases if r.release_id != release.release_id)
    dated_release = replace(release, editions=tuple(dated))
    monkeypatch.setattr(catalogue, "load", lambda: catalogue.Catalogue(known.sources, (*others, dated_release)))
    for number, order in enumerate(((FIRST, REVISED), (REVISED, FIRST))):
        for content in order:
            put(tmp_path / str(number), content, release.file)
        assert in_use(tmp_path / str(number)) == [REVISED, FIRST], "by the day they were published"
        serving = land.releases_table(
            [(e, land.Receipt(e.release_id, "", {}, {}, 0)) for e in land.editions(tmp_path / str(number))]
        ).to_pylist()
        assert [row["edition_order"] for row in serving if row["is_serving"]] == [1], "one of them, the later"


def test_a_map_that_is_put_back_is_in_use_again_and_the_other_is_kept(tmp_path):
    for content in ("v1", "v2", "v1"):
        put(tmp_path, content, "maps/camden.xlsx")
    assert in_use(tmp_path) == ["v2", "v1"]


def test_finding_the_same_content_again_changes_nothing(release, tmp_path):
    for content in (FIRST, FAULTY):
        put(tmp_path, content, release.file)
    before = {path: path.read_bytes() for path in tmp_path.rglob("edition.json")}
    put(tmp_path, FAULTY, release.file)
    assert {path: path.read_bytes() for path in tmp_path.rglob("edition.json")} == before


def test_the_folder_somebody_names_counts_before_the_landing_folder(release, tmp_path):
    home, data = Home(tmp_path / "home"), tmp_path / "data"
    data.mkdir()
    (data / release.file).write_text(FIRST, encoding="utf-8")
    put(home.landing, FAULTY, release.file)
    for folder in choose_inputs(home, data).folders:
        for found in land.find(folder):
            land.land(found, home.landing)
    assert in_use(home.landing) == [FIRST]


def test_the_sensor_passes_on_content_that_is_put_back(release, tmp_path, monkeypatch):
    home = Home(tmp_path)
    monkeypatch.setattr(land, "receipt_of", lambda edition, raw: land.Receipt(edition.release_id, "", {}, {}, 0))
    keys = set()
    for content in (FIRST, FAULTY, FIRST):
        path = home.landing / release.file
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        (request,) = requests(list(land.find(home.landing)), home)
        keys.add(request.run_key)
        put(home.landing, content, release.file)
        assert requests(list(land.find(home.landing)), home) == []
    assert len(keys) == 3
