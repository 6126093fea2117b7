"""What a candidate takes over from the one before it, so that a refresh builds only what its inputs have changed.

The database of the candidate in use is copied, models and all, with the record of what each was built by
(dbt_project/macros/unchanged.sql and by_council.sql read and write it). Before dbt begins, what the project no longer
has is dropped, and the record gets the version of every raw table and seed: a checksum of its content. A record written
by other macros or another DuckDB or dbt is not trusted: all is built anew.
"""

import hashlib
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration.home import Home
from orchestration.project import PROJECT_DIR
from orchestration.publication import PublishedTable, Settings, Unchanged
from orchestration.version import code_version

RECORD = "built"
MACROS = ("unchanged.sql", "by_council.sql")
# The candidate is read by the engine that writes it, so it may have the newest form: a sixth less work. What is
# published keeps the form that earlier readers know.
NEWEST_FORM: Settings = {"storage_compatibility_version": "latest"}
SWITCH = "PREVENTION_LEAVE_UNCHANGED"
# The row of the record that says whose record it is.
WHOSE = "record"
# The version of each model that is built, by its name.
_VERSIONS = f"""
    select split_part(unique_id, '.', 3) as name, version from {RECORD}.record where unique_id like 'model.%'
    qualify row_number() over (partition by unique_id order by number desc) = 1 and version is not null
"""


def take_over(home: Home, folder: Path) -> None:
    """Give a new candidate's folder the database of the one in use, when there is one."""
    built = home.candidate_database
    if built.exists() and not (folder / built.name).exists():
        shutil.copyfile(built, folder / built.name)


def begin(home: Home, manifest: Any) -> None:
    """Make the candidate database ready for a build of this project on the raw tables of its snapshot."""
    with duckdb.connect(str(home.candidate_database), config=NEWEST_FORM) as connection:
        _drop_what_is_gone(connection, manifest)
        if not _is_ours(connection):
            connection.execute(f"drop schema if exists {RECORD} cascade")
        connection.execute(f"create schema if not exists {RECORD}")
        connection.execute(f"create sequence if not exists {RECORD}.number")
        connection.execute(
            f"create table if not exists {RECORD}.record "
            "(unique_id varchar, key varchar, version varchar, content varchar, number bigint)"
        )
        connection.execute(
            f"delete from {RECORD}.record as older using {RECORD}.record as newer "
            "where older.unique_id = newer.unique_id and older.number < newer.number"
        )
        _begin_councils(connection)
        known = [(WHOSE, _whose(), None), *_seeds(manifest), *_raw(home, manifest)]
        connection.executemany(f"insert into {RECORD}.record values (?, ?, ?, null, nextval('{RECORD}.number'))", known)


def _begin_councils(connection: duckdb.DuckDBPyConnection) -> None:
    """What models are built by council from (dbt_project/macros/by_council.sql), without versions nobody asks for."""
    connection.execute(
        f"create table if not exists {RECORD}.councils "
        "(unique_id varchar, version varchar, council varchar, content hugeint, rows bigint)"
    )
    connection.execute(
        f"create table if not exists {RECORD}.inputs (unique_id varchar, input varchar, version varchar)"
    )
    connection.execute(
        f"delete from {RECORD}.councils where (unique_id, version) not in "
        f"(select unique_id, version from {RECORD}.record where version is not null "
        f"union select input, version from {RECORD}.inputs)"
    )


def _whose() -> str:
    """What makes a record: the macros that write it, and the engines whose hashes and SQL it holds."""
    digest = hashlib.sha256(b"".join((PROJECT_DIR / "macros" / name).read_bytes() for name in MACROS))
    return " ".join((digest.hexdigest(), *(version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb"))))


def _is_ours(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        found = connection.execute(
            f"select key from {RECORD}.record where unique_id = ? order by number desc limit 1", [WHOSE]
        ).fetchone()
    except duckdb.CatalogException:
        return False
    return found == (_whose(),)


def _drop_what_is_gone(connection: duckdb.DuckDBPyConnection, manifest: Any) -> None:
    """Tables and views of models and seeds that the project does not have, or has as the other of the two."""
    held = connection.execute(
        "select schema_name, table_name, 'table' from duckdb_tables() where schema_name != ? "
        "union all select schema_name, view_name, 'view' from duckdb_views() where not internal",
        [RECORD],
    ).fetchall()
    due = {
        (node.schema, node.alias, "view" if node.config.materialized == "view" else "table")
        for node in manifest.nodes.values()
        if node.resource_type in ("model", "seed")
    }
    for schema, name, kind in held:
        if (schema, name, kind) not in due:
            connection.execute(f'drop {kind} "{schema}"."{name}"')


def _seeds(manifest: Any) -> Iterator[tuple[str, None, str]]:
    for unique_id, node in manifest.nodes.items():
        if node.resource_type == "seed":
            content = (PROJECT_DIR / node.original_file_path).read_bytes()
            shape = repr(sorted(node.config.column_types.items()))
            yield unique_id, None, hashlib.sha256(content + shape.encode()).hexdigest()


def _raw(home: Home, manifest: Any) -> Iterator[tuple[str, None, str]]:
    for unique_id, source in manifest.sources.items():
        digest = hashlib.sha256()
        files = sorted((home.snapshot / source.name).glob("*.parquet"))
        for checksum in sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in files):
            digest.update(checksum.encode())
        yield unique_id, None, digest.hexdigest()


def forget(home: Home) -> None:
    """Nothing is known any more of what the candidate's tables were built by."""
    with duckdb.connect(str(home.candidate_database)) as connection:
        connection.execute(f"drop schema if exists {RECORD} cascade")


def as_published(home: Home) -> Unchanged | None:
    """What of the candidate's marts is in the present publication, written by the present code; none if nothing."""
    publication_id = home.published_id()
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        try:
            rows = connection.execute(
                f"""select published.name, published.rows, published.sha256
                    from {RECORD}.published join ({_VERSIONS}) as built using (name, version)
                    where published.publication_id = ? and published.code_version = ?
                    order by published.name""",
                [publication_id, code_version()],
            ).fetchall()
        except duckdb.CatalogException:
            return None
    return Unchanged(home.published.resolve(), [PublishedTable(*row) for row in rows]) if rows else None


def note_published(home: Home, publication_id: str, tables: list[PublishedTable]) -> None:
    """Write into the candidate's record which version of each mart was published, for the refresh after this one."""
    with duckdb.connect(str(home.candidate_database)) as connection:
        if not _is_ours(connection):
            return
        connection.execute(
            f"create or replace table {RECORD}.published (name varchar, version varchar, rows bigint, sha256 varchar, "
            "publication_id varchar, code_version varchar)"
        )
        versions = dict(connection.execute(_VERSIONS).fetchall())
        connection.executemany(
            f"insert into {RECORD}.published values (?, ?, ?, ?, ?, ?)",
            [
                (one.name, versions[one.name], one.rows, one.sha256, publication_id, code_version())
                for one in tables
                if one.name in versions
            ],
        )
