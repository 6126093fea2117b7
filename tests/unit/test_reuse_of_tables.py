"""Published tables that a candidate still has as they are there are taken over; the others are written."""

import duckdb
import pytest

from orchestration import publication, reuse
from orchestration.home import Home

COMMENTS = {"mart_a": ("Money", {"amount_gbp": "Pounds"}), "mart_b": ("Ranks", {})}


@pytest.fixture
def home(tmp_path) -> Home:
    """A home with a candidate of two marts, its record, and a publication made of them."""
    home = Home(tmp_path)
    home.candidate.mkdir()
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.mart_a as select 'Kent' as council, 1.20::decimal(18,2) as amount_gbp")
        connection.execute("create table marts.mart_b as select 'Kent' as council, 3 as rank")
        connection.execute(f"create schema {reuse.RECORD}; create sequence {reuse.RECORD}.number")
        connection.execute(
            f"create table {reuse.RECORD}.record "
            "(unique_id varchar, key varchar, version varchar, content varchar, number bigint)"
        )
    note(home, reuse.WHOSE, reuse._whose(), None)
    note(home, "model.prevention.mart_a", "k", "a1")
    note(home, "model.prevention.mart_b", "k", "b1")
    published(home, "p1")
    return home


def note(home: Home, unique_id: str, key: str | None, version: str | None) -> None:
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute(
            f"insert into {reuse.RECORD}.record values (?, ?, ?, null, nextval('{reuse.RECORD}.number'))",
            [unique_id, key, version],
        )


def published(home: Home, publication_id: str, unchanged=None) -> list[publication.PublishedTable]:
    folder = home.root / "written"
    tables = publication.write_tables(home.candidate_database, folder, COMMENTS, unchanged)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    publication.publish(folder, home, publication_id)
    reuse.note_published(home, publication_id, tables)
    return tables


def change_b(home: Home) -> None:
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute("update marts.mart_b set rank = 4")
    note(home, "model.prevention.mart_b", "k2", "b2")


def test_only_the_tables_of_the_same_version_are_taken_over(home):
    change_b(home)
    unchanged = reuse.as_published(home)
    assert [table.name for table in unchanged.tables] == ["mart_a"]
    with duckdb.connect(str(home.published / "warehouse.duckdb")) as connection:
        connection.execute("create schema meta; create table meta.warnings as select 'of the publication before' as w")
    found = published(home, "p2", unchanged)
    with duckdb.connect(str(home.published / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("from marts.mart_b").fetchall() == [("Kent", 4)]
        assert connection.execute("select amount_gbp::text from marts.mart_a").fetchall() == [("1.20",)]
        assert not connection.execute("select * from duckdb_tables() where schema_name = 'meta'").fetchall()
        comments = connection.execute("select comment from duckdb_tables() order by table_name").fetchall()
        assert comments == [("Money",), ("Ranks",)]
    # A publication written whole from the same candidate has the same files.
    assert [(t.name, t.sha256) for t in published(home, "p3")] == [(t.name, t.sha256) for t in found]


def test_nothing_is_taken_over_from_another_publication_or_code(home, monkeypatch):
    assert len(reuse.as_published(home).tables) == 2
    monkeypatch.setattr(reuse, "code_version", lambda: "other code")
    assert reuse.as_published(home) is None
    monkeypatch.undo()
    (home.publications / "p0").mkdir()
    (home.publications / "p0" / "manifest.json").write_text("{}", encoding="utf-8")
    publication.point_at(home, "p0")
    assert reuse.as_published(home) is None


def test_a_model_that_is_being_built_is_not_taken_over(home):
    note(home, "model.prevention.mart_a", None, None)
    assert [table.name for table in reuse.as_published(home).tables] == ["mart_b"]


def test_after_another_engine_nothing_is_known(home):
    reuse.forget(home)
    assert reuse.as_published(home) is None
    reuse.note_published(home, "p1", [])
    assert reuse.as_published(home) is None
