"""The publication in a real PostgreSQL: the same rows and types, one role that may read, nothing sent twice, and ten
clients who meet neither an error nor two publications in one answer."""

import json
import shutil
import threading
from decimal import Decimal
from itertools import count
from pathlib import Path

import duckdb
import invented_warehouse
import pytest
from click.testing import CliRunner

from orchestration import copy_to_postgres, publication
from orchestration.cli import main
from orchestration.copying import CannotCopy, Published, published
from orchestration.home import Home

psycopg2 = pytest.importorskip("psycopg2")
pytestmark = pytest.mark.postgres

numbers = count(1)
# Text that any way of writing rows may trip over, and the three ways of saying nothing.
WORDS = ["plain", "", None, 'a "quoted", one', "two\nlines", "\\.", "\\N", "NULL", "{}", " both ends ", "£ é ‮"]
LISTS = [["a", "b"], [], None, ['say "hi", \\ and {more}', None, "NULL", ""], ["x"], *[["y"]] * 6]
COMMENTS = {
    "dim_council": ("One row a council and validity; it's so.", {"council_code": "ONS nine-character code"}),
}


def made(root: Path, publication_id: str) -> Home:
    """A home with one publication of the invented warehouse, written by what writes real ones."""
    home = Home(root)
    home.candidate.mkdir(parents=True, exist_ok=True)
    invented_warehouse.build(home.candidate_database)
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute("create table marts.words (number integer, word varchar, several varchar[], day date)")
        rows = [[n, *pair, "2026-11-26"] for n, pair in enumerate(zip(WORDS, LISTS, strict=True))]
        connection.executemany("insert into marts.words values (?, ?, ?, ?)", rows)
        connection.execute(
            "create table marts.sizes as select (-9999999999999999.99)::decimal(18,2) as amount_gbp, true as is_so, "
            "9223372036854775807::bigint as many, 0.000001::decimal(9,6) as small_share, "
            "[1, null, 3]::bigint[] as counts, 'NaN'::double as ratio"
        )
    folder = home.candidate / "publication"
    tables = publication.write_tables(home.candidate_database, folder, COMMENTS)
    manifest = {
        "publication_id": publication_id,
        "published_at": "2026-01-01T00:00:00+00:00",
        "code_version": "test",
        "is_sample": True,
        "inputs": [],
        "tables": [{"name": t.name, "rows": t.rows, "sha256": t.sha256} for t in tables],
        "checks": [],
        "warnings": ["one"],
        "rejects": [],
    }
    publication.write_meta(folder, manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "datapackage.json").write_text("{}", encoding="utf-8")
    publication.publish(folder, home, publication_id)
    shutil.rmtree(home.candidate)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    return made(tmp_path_factory.mktemp("home"), "p0001")


@pytest.fixture(scope="module")
def first(home) -> Published:
    return published(home)


def changed(base: Published, folder: Path, publication_id: str, *statements: str, tables: dict[str, str]) -> Published:
    """The publication after some statements; `tables` has the checksums of those that are other or new now."""
    folder.mkdir(exist_ok=True)
    shutil.copy(base.folder / "warehouse.duckdb", folder)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for statement in (*statements, f"update meta.publication set publication_id = '{publication_id}'"):
            connection.execute(statement)
        rows = dict(connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall())
        checksums = {name: sha for name, sha in (base.checksums | tables).items() if name in rows}
        listed = [{"name": name, "rows": rows[name], "sha256": sha} for name, sha in checksums.items()]
        connection.execute("delete from meta.tables")
        connection.executemany("insert into meta.tables values ($name, $rows, $sha256)", listed)
    return Published(folder, base.manifest | {"publication_id": publication_id, "tables": listed})


@pytest.fixture
def database(postgres_server) -> str:
    """Address of an empty database, for a user who may create in it and is no administrator."""
    name = f"copy_{next(numbers)}"
    run(
        postgres_server.dsn("postgres"),
        f"create role {name} login createrole password '{postgres_server.password}'",
        f"create database {name} owner {name}",
    )
    return postgres_server.dsn(name, name)


def run(dsn: str, *statements: str) -> list[tuple]:
    """Run statements one by one; gives the rows of the last."""
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def asked(one: Published, query: str) -> list[tuple]:
    with duckdb.connect(str(one.folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def held(one: Published) -> list[str]:
    return [name for (name,) in asked(one, "select table_name from duckdb_tables() where schema_name = 'marts'")]


def test_every_row_arrives_as_published(first, database):
    brought = copy_to_postgres.bring(first, database)
    assert sorted(brought.sent) == sorted(held(first)) and len(brought.sent) > 20
    for name in brought.sent:
        there = run(database, f'select * from marts."{name}"')
        here = asked(first, f'select * from marts."{name}"')
        assert sorted(map(repr, there)) == sorted(map(repr, here)), name
    words = run(database, "select word, several from marts.words order by number")
    assert words == list(zip(WORDS, LISTS, strict=True))
    assert run(database, "select publication_id, is_sample from meta.publication") == [("p0001", True)]


def test_types_are_exact_and_comments_are_there(first, database):
    copy_to_postgres.bring(first, database)
    kinds = run(
        database,
        "select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute as a "
        "where a.attrelid = 'marts.sizes'::regclass and a.attnum > 0 order by a.attnum",
    )
    assert kinds == [
        ("amount_gbp", "numeric(18,2)"),
        ("is_so", "boolean"),
        ("many", "bigint"),
        ("small_share", "numeric(9,6)"),
        ("counts", "bigint[]"),
        ("ratio", "double precision"),
    ]
    (row,) = run(database, "select * from marts.sizes")
    assert row[:5] == (Decimal("-9999999999999999.99"), True, 9223372036854775807, Decimal("0.000001"), [1, None, 3])
    comment, of_column = run(
        database,
        "select obj_description('marts.dim_council'::regclass), (select col_description(attrelid, attnum) "
        "from pg_attribute where attrelid = 'marts.dim_council'::regclass and attname = 'council_code')",
    )[0]
    assert (comment, of_column) == ("One row a council and validity; it's so.", "ONS nine-character code")


def test_the_reading_role_reads_and_does_nothing_else(first, database, postgres_server, tmp_path):
    copy_to_postgres.bring(first, database, reader="analysts")
    name = database.rsplit("/", 1)[-1]
    reader = postgres_server.dsn(name, f"{name}_reader")
    run(postgres_server.dsn("postgres"), f"create role {name}_reader login password '{postgres_server.password}'",
        f"grant analysts to {name}_reader")  # fmt: skip
    assert run(reader, "select count(*) from marts.dim_council")[0][0] > 0
    assert run(reader, "select count(*) from meta.tables")[0][0] > 20
    for forbidden in (
        "delete from marts.dim_council",
        "create table marts.mine (a int)",
        "drop table marts.words",
        "update meta.publication set publication_id = 'other'",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            run(reader, forbidden)
    # A table that is new in a later publication can be read as well.
    second = changed(first, tmp_path, "p0002", "create table marts.fresh as select 1 as a", tables={"fresh": "x"})
    copy_to_postgres.bring(second, database, reader="analysts")
    assert run(reader, "select a from marts.fresh") == [(1,)]


def test_only_what_changed_is_sent_again(first, database, tmp_path):
    copy_to_postgres.bring(first, database)
    marks = "select oid, xmin::text from pg_class where relname = 'words' and relkind = 'r'"
    before = run(database, marks), run(database, "select max(xmin::text::bigint) from meta.tables")
    again = copy_to_postgres.bring(first, database)
    assert (again.sent, len(again.kept)) == ([], len(held(first)))
    assert (run(database, marks), run(database, "select max(xmin::text::bigint) from meta.tables")) == before
    other = "update marts.words set word = 'other' where number = 3"
    third = copy_to_postgres.bring(changed(first, tmp_path, "p0003", other, tables={"words": "x"}), database)
    assert third.sent == ["words"]
    assert run(database, "select word from marts.words where number = 3") == [("other",)]


def test_columns_may_change_and_tables_come_and_go(first, database, tmp_path):
    copy_to_postgres.bring(first, database)
    changes = (
        "alter table marts.words add column more integer",
        "drop table marts.sizes",
        "create table marts.fresh as select 1 as a",
    )
    later = changed(first, tmp_path, "p0004", *changes, tables={"words": "x", "fresh": "y"})
    brought = copy_to_postgres.bring(later, database)
    assert sorted(brought.sent) == ["fresh", "words"]
    names = {name for (name,) in run(database, "select tablename from pg_tables where schemaname = 'marts'")}
    assert names == set(held(later)) and "sizes" not in names
    assert run(database, "select count(more), count(*) from marts.words") == [(0, len(WORDS))]
    run(database, "create view public.on_words as select word, more from marts.words")
    with pytest.raises(CannotCopy, match="something else is built on it"):
        copy_to_postgres.bring(first, database)
    assert run(database, "select publication_id from meta.publication") == [("p0004",)]


def test_ten_clients_meet_no_error_and_no_mixture(first, database, tmp_path):
    from benchmarks import postgres_readers

    copy_to_postgres.bring(first, database)
    heard, _, sent = postgres_readers.run(first, database, 10, 4, tmp_path)
    assert heard.errors == [] and heard.mixed == []
    assert heard.seen == {f"p{number:04d}" for number in range(1, 5)}
    assert heard.asked > 30
    assert sent == [sorted(postgres_readers.CHANGED)] * 3


def test_a_mixture_would_be_seen(first, database, tmp_path):
    """The clients' own question, put to a server where one of the two tables is of another publication."""
    from benchmarks import postgres_readers

    copy_to_postgres.bring(postgres_readers.numbered(first, tmp_path / "p2", 2), database)
    run(database, "update marts.fct_allocation set amount_gbp = amount_gbp / 2")
    heard, stop = postgres_readers.Heard(), threading.Event()
    stop.set()
    postgres_readers.ask(database, postgres_readers.totals(first), stop, heard, threading.Lock())
    assert len(heard.mixed) == 1


def test_what_breaks_half_way_leaves_what_was_there(first, database, tmp_path):
    copy_to_postgres.bring(first, database)
    changes = (
        "update marts.fct_allocation set amount_gbp = 1",
        # PostgreSQL takes no text with a zero in it: the copy stops at the last table but one.
        "create table marts.zz as select 'a' || chr(0) as a",
    )
    broken = changed(first, tmp_path, "p0005", *changes, tables={"fct_allocation": "x", "zz": "y"})
    total = run(database, "select sum(amount_gbp) from marts.fct_allocation")
    with pytest.raises(CannotCopy, match=r"nothing was changed"):
        copy_to_postgres.bring(broken, database)
    assert run(database, "select sum(amount_gbp) from marts.fct_allocation") == total
    assert run(database, "select publication_id from meta.publication") == [("p0001",)]


def test_a_type_without_a_counterpart_is_named(first, database, tmp_path):
    change = "create table marts.zz as select interval 1 day as a"
    with pytest.raises(CannotCopy, match="Column a of zz is of the type INTERVAL"):
        copy_to_postgres.bring(changed(first, tmp_path, "p0006", change, tables={"zz": "x"}), database)


def test_refusals_are_in_words(first, database, postgres_server):
    with pytest.raises(CannotCopy, match=r"cannot be used: .*refused.*What to do: see that it runs"):
        copy_to_postgres.bring(first, "postgresql://loader@127.0.0.1:1/prevention")
    with pytest.raises(CannotCopy, match=r"cannot be used: .*password authentication failed"):
        copy_to_postgres.bring(first, database.replace(postgres_server.password, "wrong"))
    with pytest.raises(CannotCopy, match="The address of the server cannot be read"):
        copy_to_postgres.bring(first, "nonsense")
    name = database.rsplit("/", 1)[-1]
    run(postgres_server.dsn("postgres"), f"create role {name}_weak login password '{postgres_server.password}'")
    with pytest.raises(CannotCopy, match=r"permission denied for database .*grant create on database"):
        copy_to_postgres.bring(first, postgres_server.dsn(name, f"{name}_weak"))
    run(database, "create schema marts; create table marts.theirs (a int)")
    with pytest.raises(CannotCopy, match=r"schema marts with the table theirs, which no copy of ours made"):
        copy_to_postgres.bring(first, database)
    assert run(database, "select count(*) from pg_tables where schemaname = 'meta'") == [(0,)]


def test_two_copies_at_once_are_one(first, database):
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [copy_to_postgres.ONE_COPY_AT_A_TIME])
        with pytest.raises(CannotCopy, match="Another copy to this database is running"):
            copy_to_postgres.bring(first, database)
    connection.close()


def test_the_command_says_what_it_did(home, database, tmp_path):
    said = CliRunner().invoke(main, ["publish", "--home", str(home.root), "--postgres", database])
    assert said.exit_code == 0, said.output
    assert said.stdout == "p0001\n"
    assert "tables sent (" in said.stderr and "0 as they were" in said.stderr
    assert "only-for-this-test" not in said.output
    nothing = CliRunner().invoke(main, ["publish", "--home", str(tmp_path), "--postgres", database])
    assert nothing.exit_code == 2 and "Run `prevention refresh` first" in nothing.stderr
    nowhere = CliRunner().invoke(main, ["publish", "--home", str(tmp_path)])
    assert nowhere.exit_code == 2 and "Say where to" in nowhere.stderr
