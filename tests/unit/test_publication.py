"""What readers see changes by one rename, keeps five, and is the same to the byte for the same rows."""

import json
import os
from pathlib import Path

import duckdb
import pytest

from orchestration import publication
from orchestration.home import Home, clean_leftovers


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


def candidate(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create schema staging")
        connection.execute("create table marts.mart_x (council text, amount_gbp decimal(18,2))")
        connection.executemany("insert into marts.mart_x values (?, ?)", rows)
        connection.execute("create table staging.inner_working as select 1 as x")
    return path


def publish(home, publication_id, rows=(("B", 2), ("A", 1))):
    folder = home.candidate / "publication"
    database = candidate(home.candidate / f"{publication_id}.duckdb", rows)
    comments = {"mart_x": ("Money of a council's year", {"amount_gbp": "Pounds"})}
    tables = publication.write_tables(database, folder, comments)
    manifest = {
        "publication_id": publication_id,
        "published_at": "2026-01-01T00:00:00+00:00",
        "code_version": "1",
        "is_sample": True,
        "inputs": [{"release_id": "r", "is_verified": True, "rows": 3}],
        "tables": [{"name": t.name, "rows": t.rows, "sha256": t.sha256} for t in tables],
        "checks": [],
        "warnings": ["mind this"],
        "rejects": [],
    }
    publication.write_meta(folder, manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    publication.publish(folder, home, publication_id)
    return tables


def test_only_marts_and_meta_are_published_with_their_descriptions(home):
    publish(home, "p1")
    with duckdb.connect(str(home.published / "warehouse.duckdb"), read_only=True) as connection:
        schemas = connection.execute("select distinct schema_name from duckdb_tables() order by all").fetchall()
        assert schemas == [("marts",), ("meta",)]
        assert connection.execute("select comment from duckdb_tables() where table_name = 'mart_x'").fetchone() == (
            "Money of a council's year",
        )
        assert connection.execute(
            "select comment from duckdb_columns() where table_name = 'mart_x' and column_name = 'amount_gbp'"
        ).fetchone() == ("Pounds",)
        assert connection.execute("select publication_id, is_sample from meta.publication").fetchall() == [("p1", True)]
        assert connection.execute("select warning from meta.warnings").fetchall() == [("mind this",)]


def test_the_same_rows_in_another_order_give_the_same_bytes(home):
    first = publish(home, "p1", [("A", 1), ("B", 2)])
    second = publish(home, "p2", [("B", 2), ("A", 1)])
    assert [table.sha256 for table in first] == [table.sha256 for table in second]
    assert publish(home, "p3", [("B", 3), ("A", 1)])[0].sha256 != first[0].sha256


def test_published_is_a_relative_link_so_that_a_home_can_be_moved(home):
    publish(home, "p1")
    assert os.readlink(home.published) == "publications/p1"


def test_the_last_five_are_kept_and_the_one_in_place_however_old(home):
    for number in range(1, 4):
        publish(home, f"p{number}")
    publication.point_at(home, "p1")
    assert home.published_id() == "p1"
    for number in range(4, 9):
        publish(home, f"p{number}")
    assert publication.publications(home) == ["p4", "p5", "p6", "p7", "p8"]
    publication.point_at(home, "p4")
    publish(home, "p9")
    assert home.published_id() == "p9"
    assert publication.publications(home) == ["p5", "p6", "p7", "p8", "p9"]
    publish(home, "p0")  # by a clock that was put back
    assert home.published_id() == "p0"
    assert (home.published / "manifest.json").exists()


def test_a_reader_keeps_its_answers_while_a_new_one_is_published(home):
    publish(home, "p1", [("A", 1)])
    with duckdb.connect(str((home.published / "warehouse.duckdb").resolve()), read_only=True) as reader:
        for number in range(2, 9):
            publish(home, f"p{number}", [("A", number)])
        assert reader.execute("select amount_gbp::int from marts.mart_x").fetchone() == (1,)


def test_there_is_no_moment_without_a_publication(home, monkeypatch):
    """Whatever touches a file between two publications, readers find one of the two."""
    publish(home, "p1")
    seen = []

    def watched(name):
        plain = getattr(Path, name)

        def look(path, *arguments, **options):
            seen.append((home.published / "manifest.json").exists())
            result = plain(path, *arguments, **options)
            seen.append((home.published / "manifest.json").exists())
            return result

        return look

    for name in ("replace", "rename", "unlink", "symlink_to"):
        monkeypatch.setattr(Path, name, watched(name))
    publish(home, "p2")
    assert home.published_id() == "p2"
    assert len(seen) > 4
    assert all(seen)


def test_restoring_what_is_not_kept_says_what_is(home):
    publish(home, "p1")
    with pytest.raises(publication.NoSuchPublication, match=r"There is no publication p7. Kept here: p1"):
        publication.point_at(home, "p7")
    assert home.published_id() == "p1"


def test_before_names_the_one_published_earlier(home):
    publish(home, "p1")
    publish(home, "p2")
    assert publication.before(home, "p2") == "p1"
    with pytest.raises(publication.NoSuchPublication, match="no earlier publication"):
        publication.before(home, "p1")


def test_what_a_killed_refresh_left_is_cleared_and_nothing_else(home):
    publish(home, "p1")
    (home.candidates / "a-run").mkdir(parents=True)
    (home.candidates / ".half-copied.partial").mkdir()
    table = home.raw / "deflators"
    table.mkdir(parents=True)
    (table / ".x.parquet.12.partial").write_text("half", encoding="utf-8")
    (table / "x.parquet").write_text("whole", encoding="utf-8")
    (home.publications / ".removed-p0").mkdir()
    (home.root / ".published.99").symlink_to("publications/p0")
    clean_leftovers(home)
    assert [path.name for path in home.candidates.iterdir()] == ["a-run"], "what a run has built stays"
    assert [path.name for path in table.iterdir()] == ["x.parquet"]
    assert [path.name for path in home.publications.iterdir()] == ["p1"]
    assert not (home.root / ".published.99").is_symlink()
    assert (home.published / "manifest.json").exists()
