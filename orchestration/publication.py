"""Publications: written whole beside the published one, then put in its place by one rename.

Readers reach a publication through the link `published`. Replacing that link is the only moment of change,
so the database, the Parquet files, the manifest and the report of one publication always go together.
"""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.land import sha256_of
from orchestration.home import Home, sql_text

KEPT = 5
MARTS, META = "marts", "meta"
# Tables written at once. Each is sorted in memory, and the two largest are most of the work.
WRITERS = 2
# Of a connection to DuckDB.
Settings = dict[str, str | bool | int | float | list[str]]
# No thread but those that ask, so each table is sorted and written by one; what does not fit goes to the disk.
WITHIN: Settings = {"threads": 1, "memory_limit": "800MB"}


class NoSuchPublication(Exception):
    """The named publication is not among those kept."""


@dataclass(frozen=True)
class PublishedTable:
    """One mart as published: rows, and the checksum of its Parquet file."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Unchanged:
    """An earlier publication's folder, and those of its tables that the candidate has just as they are there."""

    folder: Path
    tables: list[PublishedTable]


def write_tables(
    candidate: Path,
    folder: Path,
    comments: dict[str, tuple[str, dict[str, str]]],
    unchanged: Unchanged | None = None,
) -> list[PublishedTable]:
    """Copy the marts of a candidate database into `folder/warehouse.duckdb` and one Parquet file each.

    Rows are sorted by all columns and written to Parquet by one thread, so the same rows give the same bytes.
    `comments` has, by table, its description and those of its columns. Tables that are as an earlier publication has
    them are taken from it, file and table.
    """
    parquet = folder / "parquet"
    parquet.mkdir(parents=True)
    kept = {table.name: table for table in unchanged.tables} if unchanged else {}
    if unchanged:
        shutil.copyfile(unchanged.folder / "warehouse.duckdb", folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb"), config=WITHIN) as connection:
        _drop_all_but(connection, kept)
        connection.execute(f"attach {sql_text(candidate)} as candidate (read_only)")
        connection.execute(f"create schema if not exists {MARTS}")
        largest_first = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'candidate' and schema_name = ? "
            "order by estimated_size desc, table_name",
            [MARTS],
        ).fetchall()
        names = [name for (name,) in largest_first]

        def write(name: str) -> PublishedTable:
            with connection.cursor() as cursor:
                return _write_table(cursor, name, parquet / f"{name}.parquet", comments)

        with ThreadPoolExecutor(WRITERS) as writers:
            written = list(writers.map(write, (name for name in names if name not in kept)))
        connection.execute("detach candidate")
    taken_over = [kept[name] for name in names if name in kept]
    if unchanged:
        for table in taken_over:
            shutil.copyfile(unchanged.folder / "parquet" / f"{table.name}.parquet", parquet / f"{table.name}.parquet")
    return sorted((*written, *taken_over), key=lambda table: table.name)


def _write_table(cursor: duckdb.DuckDBPyConnection, name: str, file: Path, comments: dict) -> PublishedTable:
    cursor.execute(f'create table {MARTS}."{name}" as select * from candidate.{MARTS}."{name}" order by all')
    _comment(cursor, name, comments)
    cursor.execute(f'copy {MARTS}."{name}" to {sql_text(file)} (format parquet, compression zstd)')
    ((rows,),) = cursor.execute(f'select count(*) from {MARTS}."{name}"').fetchall()
    return PublishedTable(name, rows, sha256_of(file))


def _drop_all_but(connection: duckdb.DuckDBPyConnection, kept: dict[str, PublishedTable]) -> None:
    """Leave of a copied database the tables that are taken over."""
    connection.execute(f"drop schema if exists {META} cascade")
    held = connection.execute("select table_name from duckdb_tables() where schema_name = ?", [MARTS]).fetchall()
    for (name,) in held:
        if name not in kept:
            connection.execute(f'drop table {MARTS}."{name}"')


def _comment(connection: duckdb.DuckDBPyConnection, name: str, comments: dict) -> None:
    """Comments on the table and its columns, in one transaction: each by itself would be one of its own."""
    description, columns = comments.get(name, ("", {}))
    said = [f'comment on table {MARTS}."{name}" is {_quoted(description)}'] if description else []
    held = connection.execute(
        "select column_name from duckdb_columns() where database_name = current_database() "
        "and schema_name = ? and table_name = ?",
        [MARTS, name],
    ).fetchall()
    said += [
        f'comment on column {MARTS}."{name}"."{column}" is {_quoted(columns[column])}'
        for (column,) in held
        if columns.get(column)
    ]
    if said:
        connection.execute(f"begin; {'; '.join(said)}; commit")


def write_meta(folder: Path, manifest: dict) -> None:
    """Put the manifest's lists into schema `meta`, so that a database opened alone says what it is."""
    one = {k: manifest[k] for k in ("publication_id", "published_at", "code_version", "is_sample")}
    lists = {"publication": [one]} | {k: manifest[k] for k in ("inputs", "tables", "checks", "rejects")}
    lists["calendar"] = manifest.get("calendar", [])
    lists["warnings"] = [{"warning": text} for text in manifest["warnings"]]
    with duckdb.connect(str(folder / "warehouse.duckdb"), config={"threads": 1}) as connection:
        # In one transaction: a row by itself would be one of its own, and written through to the disk.
        connection.execute("begin")
        connection.execute(f"create schema {META}")
        for name, rows in lists.items():
            if not rows:
                continue
            columns = {key: _kind([row[key] for row in rows]) for key in rows[0]}
            listed = ", ".join(f'"{key}" {kind}' for key, kind in columns.items())
            connection.execute(f'create table {META}."{name}" ({listed})')
            marks = ", ".join("?" for _ in columns)
            connection.executemany(
                f'insert into {META}."{name}" values ({marks})', [[row[key] for key in columns] for row in rows]
            )
        connection.execute("commit")
        connection.execute("checkpoint")


def _kind(values: list) -> str:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return "boolean"
    return "bigint" if known and all(isinstance(value, int) for value in known) else "varchar"


def publish(folder: Path, home: Home, publication_id: str) -> None:
    """Move a complete folder among the publications and point `published` at it."""
    _sync_tree(folder)
    home.publications.mkdir(parents=True, exist_ok=True)
    folder.replace(home.publications / publication_id)
    _sync(home.publications)
    point_at(home, publication_id)
    _prune(home)


def point_at(home: Home, publication_id: str) -> None:
    """Make `published` lead to one of the kept publications: one rename, durable when this returns.

    Raises NoSuchPublication when it is not kept.
    """
    if not (home.publications / publication_id / "manifest.json").exists():
        kept = ", ".join(publications(home)) or "none"
        raise NoSuchPublication(f"There is no publication {publication_id}. Kept here: {kept}.")
    link = home.root / f".published.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(home.publications.name) / publication_id)
    link.replace(home.published)
    _sync(home.root)


def publications(home: Home) -> list[str]:
    """Ids of the kept publications, oldest first."""
    return sorted(path.parent.name for path in home.publications.glob("[!.]*/manifest.json"))


def before(home: Home, publication_id: str | None) -> str:
    """The publication kept before the given one. Raises NoSuchPublication when there is none."""
    earlier = [name for name in publications(home) if publication_id is not None and name < publication_id]
    if not earlier:
        raise NoSuchPublication("There is no earlier publication to go back to.")
    return earlier[-1]


def manifest_of(home: Home, publication_id: str) -> dict:
    """The manifest of one kept publication. Raises NoSuchPublication when it is not kept."""
    path = home.publications / publication_id / "manifest.json"
    if not path.exists():
        kept = ", ".join(publications(home)) or "none"
        raise NoSuchPublication(f"There is no publication {publication_id}. Kept here: {kept}.")
    return json.loads(path.read_text(encoding="utf-8"))


def _prune(home: Home) -> None:
    """Keep the last five, and whatever `published` points at."""
    for publication_id in publications(home)[:-KEPT]:
        if publication_id != home.published_id():
            # Renamed first: a removal cut short must not leave half a publication under its own name.
            doomed = home.publications / f".removed-{publication_id}"
            (home.publications / publication_id).replace(doomed)
            shutil.rmtree(doomed)


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() or path.is_dir():
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(text: str) -> str:
    folded = " ".join(text.split())
    return "'" + folded.replace("'", "''") + "'"
