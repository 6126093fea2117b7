"""The published marts in a PostgreSQL server, for more readers than can share a file.

Everything happens in one transaction, by deleting and inserting rows, so that it holds for every reader: nobody
waits, nobody meets an error, and one statement (or one transaction at `repeatable read`) sees one publication.
Renaming schemas would be quicker, but a reader inside a transaction would then find the new table, and find it empty.
Only a table whose columns changed is replaced as a whole, in the last moment before the commit.

Schemas: `marts` as published, `meta` with what was published, from what, and what was checked.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
from pyarrow import csv

from orchestration.copying import Brought, CannotCopy, Published
from orchestration.publication import MARTS, META

READER = "prevention_reader"
# Rows in memory at a time: what a copy of any size needs.
BATCH = 50_000
LOCK_SECONDS = 60
# Any number will do, so long as every copy asks for the same.
ONE_COPY_AT_A_TIME = 7_023_410_552

TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(39,0)",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}


@dataclass(frozen=True)
class Table:
    """One table as published: columns with their types in PostgreSQL and in DuckDB, and every comment."""

    schema: str
    name: str
    columns: list[tuple[str, str, str]]
    comment: str
    column_comments: dict[str, str]

    @property
    def layout(self) -> list[tuple[str, str]]:
        return [(name, kind) for name, kind, _ in self.columns]

    @property
    def sql(self) -> str:
        return f"{self.schema}.{quoted(self.name)}"


def bring(published: Published, dsn: str, reader: str = READER) -> Brought:
    """Make the server at `dsn` hold this publication, with `reader` allowed to read it and nothing else.

    Raises CannotCopy when the server cannot be reached, rights are missing, or the schemas hold something else.
    """
    try:
        import psycopg2
    except ImportError:
        raise CannotCopy(
            "Copying to PostgreSQL needs the package psycopg2: pip install 'prevention-warehouse[postgres]'."
        ) from None
    try:
        server = psycopg2.connect(dsn, **_defaults(dsn, psycopg2.extensions.parse_dsn))
    except psycopg2.ProgrammingError as error:
        raise CannotCopy(f"The address of the server cannot be read: {_line(error)}. {_EXAMPLE}") from None
    except psycopg2.OperationalError as error:
        raise CannotCopy(
            f"The PostgreSQL server cannot be used: {_line(error)}. What to do: see that it runs, that the name, port "
            "and database are right, and that this user may log in."
        ) from None
    place = "PostgreSQL {host}:{port}, database {dbname}".format(
        **{"host": "local", "port": 5432, "dbname": ""} | server.get_dsn_parameters()
    )
    try:
        with server, server.cursor() as cursor:
            sent, kept = _replace(cursor, published, reader)
        server.autocommit = True
        with server.cursor() as cursor:
            # The rows of before lie there unseen until they are cleared; the next copy takes their room.
            for table in sent:
                cursor.execute(f"vacuum (analyze) {table}")
    except psycopg2.errors.LockNotAvailable:
        raise CannotCopy(
            f"{place}: something held a table for more than {LOCK_SECONDS} seconds; nothing was changed. What to do: "
            "end the transaction that holds it (pg_stat_activity shows it), then copy again."
        ) from None
    except psycopg2.errors.InsufficientPrivilege as error:
        raise CannotCopy(f"{place}: {_line(error)}; nothing was changed. {_rights(reader)}") from None
    except psycopg2.errors.DependentObjectsStillExist as error:
        raise CannotCopy(
            f"{place}: a table has other columns than before, and something else is built on it; nothing was changed. "
            f"{_line(error.diag.message_detail or error)}. What to do: drop that, copy again, then build it anew."
        ) from None
    except psycopg2.Error as error:
        raise CannotCopy(f"{place}: {_line(error)}; nothing was changed.") from None
    finally:
        server.close()
    names = [table.split(".", 1)[1].strip('"') for table in sent if table.startswith(f"{MARTS}.")]
    return Brought(place, names, kept, sum(published.rows[name] for name in names))


_EXAMPLE = "Example: postgresql://loader@127.0.0.1:5432/prevention"


def _defaults(dsn: str, parse) -> dict[str, str]:
    """What we add to an address that does not say it itself."""
    wanted = {"connect_timeout": "10", "application_name": "prevention publish"}
    return {key: value for key, value in wanted.items() if key not in parse(dsn)}


def _rights(reader: str) -> str:
    return (
        "What to do: an administrator of the server runs `grant create on database … to …` for this user, and "
        f"`create role {quoted(reader)} nologin` where that role is not there."
    )


def _replace(cursor, published: Published, reader: str) -> tuple[list[str], list[str]]:
    """All of the transaction; gives the tables sent as SQL names them, and the names of marts left as they were."""
    cursor.execute(f"set local lock_timeout = '{LOCK_SECONDS}s'")
    cursor.execute("select pg_try_advisory_xact_lock(%s)", [ONE_COPY_AT_A_TIME])
    if not cursor.fetchone()[0]:
        raise CannotCopy("Another copy to this database is running; nothing was done. Start again when it has ended.")
    _schemas(cursor, reader)
    there = _layouts(cursor)
    held = _held(cursor, there)
    sent, kept, replaced = [], [], []
    with duckdb.connect(str(published.folder / "warehouse.duckdb"), read_only=True) as source:
        source.execute("set enable_progress_bar = false")
        tables = _tables(source)
        for table in tables:
            before = there.get((table.schema, table.name))
            is_same_layout = before == table.layout
            # What is said about a publication belongs to it alone; a mart is known by its rows.
            wanted = published.checksums.get(table.name) if table.schema == MARTS else published.publication_id
            if wanted and is_same_layout and held.get((table.schema, table.name)) == wanted:
                if table.schema == MARTS:
                    kept.append(table.name)
                continue
            target = table.sql
            if not is_same_layout:
                if before is not None:
                    target = f"{table.schema}.{quoted('new ' + table.name)}"
                    replaced.append((table, target))
                listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in table.layout)
                cursor.execute(f"create table {target} ({listed})")
            else:
                cursor.execute(f"delete from {target}")
            command = f"copy {target} from stdin (format csv, encoding 'UTF8')"
            cursor.copy_expert(command, _Stream(_csv(source, table)), size=1 << 20)
            sent.append(table.sql)
    names = {(table.schema, table.name) for table in tables}
    # Locks that shut readers out come last, and are held for as long as a commit takes.
    for table, target in replaced:
        cursor.execute(f"drop table {table.sql}")
        cursor.execute(f"alter table {target} rename to {quoted(table.name)}")
    for schema, name in sorted(set(there) - names):
        cursor.execute(f"drop table {schema}.{quoted(name)}")
    _comment(cursor, tables)
    _let_read(cursor, reader)
    return sent, kept


def _schemas(cursor, reader: str) -> None:
    """Both schemas and the reading role, made where they are not there. Raises CannotCopy for schemas of others."""
    cursor.execute("select nspname from pg_namespace where nspname in %s", [(MARTS, META)])
    found = {name for (name,) in cursor.fetchall()}
    cursor.execute("select to_regclass(%s) is not null", [f"{META}.publication"])
    if found and not cursor.fetchone()[0]:
        cursor.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in %s limit 1",
            [(MARTS, META)],
        )
        if other := cursor.fetchone():
            raise CannotCopy(
                f"The database has a schema {other[0]} with the table {other[1]}, which no copy of ours made; nothing "
                "was changed. What to do: name a database of its own for the warehouse."
            )
    for schema in (MARTS, META):
        if schema not in found:
            cursor.execute(f"create schema {schema}")
    cursor.execute("select 1 from pg_roles where rolname = %s", [reader])
    if not cursor.fetchone():
        cursor.execute(f"create role {quoted(reader)} nologin")


def _let_read(cursor, reader: str) -> None:
    """Give the reading role what it needs and does not have yet."""
    cursor.execute(
        "select n.nspname, c.relname, has_schema_privilege(%s, n.oid, 'usage'), "
        "has_table_privilege(%s, c.oid, 'select') "
        "from pg_namespace as n join pg_class as c on c.relnamespace = n.oid and c.relkind = 'r' "
        "where n.nspname in %s",
        [reader, reader, (MARTS, META)],
    )
    found = cursor.fetchall()
    for schema in sorted({schema for schema, _, may_enter, _ in found if not may_enter}):
        cursor.execute(f"grant usage on schema {schema} to {quoted(reader)}")
    for schema, name in sorted((schema, name) for schema, name, _, may_read in found if not may_read):
        cursor.execute(f"grant select on {schema}.{quoted(name)} to {quoted(reader)}")


def _held(cursor, there: dict) -> dict[tuple[str, str], str]:
    """What the server holds: the checksum of each mart, and for tables of `meta` the publication they are of."""
    if not {(META, "tables"), (META, "publication")} <= set(there):
        return {}
    cursor.execute(f"select name, sha256 from {META}.tables")
    held = {(MARTS, name): checksum for name, checksum in cursor.fetchall()}
    cursor.execute(f"select publication_id from {META}.publication")
    (publication_id,) = cursor.fetchone()
    return held | {(schema, name): publication_id for schema, name in there if schema == META}


def _layouts(cursor) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Columns and types of the tables that the server holds, in order."""
    cursor.execute(
        "select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute as a "
        "join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace "
        "where n.nspname in %s and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by 1, 2, a.attnum",
        [(MARTS, META)],
    )
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, kind in cursor.fetchall():
        found.setdefault((schema, table), []).append((column, kind))
    return found


def _tables(source: duckdb.DuckDBPyConnection) -> list[Table]:
    """The tables of a published database, marts before what is said about them."""
    tables = source.execute(
        "select schema_name, table_name, coalesce(comment, '') from duckdb_tables() "
        "where schema_name in (?, ?) order by all",
        [MARTS, META],
    ).fetchall()
    found = []
    for schema, name, comment in tables:
        columns = source.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where schema_name = ? and table_name = ? order by column_index",
            [schema, name],
        ).fetchall()
        typed = [(column, _type(name, column, kind), kind) for column, kind, _ in columns]
        said = {column: text for column, _, text in columns if text}
        found.append(Table(schema, name, typed, comment, said))
    return found


def _type(table: str, column: str, kind: str) -> str:
    """The type in PostgreSQL that holds every value of a DuckDB type, and no other."""
    if kind.endswith("[]"):
        return _type(table, column, kind[:-2]) + "[]"
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        return "numeric({},{})".format(*decimal.groups())
    if kind not in TYPES:
        raise CannotCopy(f"Column {column} of {table} is of the type {kind}, for which no PostgreSQL type is settled.")
    return TYPES[kind]


def _csv(source: duckdb.DuckDBPyConnection, table: Table) -> Iterator[bytes]:
    """The rows as CSV: text always in quotation marks, so that an empty text is none of the blanks."""
    columns = ", ".join(_array(name) if kind.endswith("[]") else quoted(name) for name, _, kind in table.columns)
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in source.execute(f"select {columns} from {table.sql}").to_arrow_reader(BATCH):
        text = io.BytesIO()
        csv.write_csv(batch, text, options)
        yield text.getvalue()


def _array(column: str) -> str:
    """A list in the notation of PostgreSQL: {"a","b",NULL}."""
    escaped = r"""'"' || replace(replace(cast(x as varchar), '\', '\\'), '"', '\"') || '"'"""
    return (
        f"'{{' || array_to_string(list_transform({quoted(column)}, x -> coalesce({escaped}, 'NULL')), ',') || '}}' "
        f"as {quoted(column)}"
    )


class _Stream:
    """Chunks as something to read from."""

    def __init__(self, chunks: Iterator[bytes]):
        self._chunks = chunks
        self._held = io.BytesIO()

    def read(self, size: int = -1) -> bytes:
        while True:
            if found := self._held.read(size):
                return found
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._held = io.BytesIO(chunk)


def _comment(cursor, tables: list[Table]) -> None:
    """Say what tables and columns mean, where the server does not say it yet."""
    cursor.execute(
        "select n.nspname, c.relname, coalesce(a.attname, ''), d.description from pg_description as d "
        "join pg_class as c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass "
        "join pg_namespace as n on n.oid = c.relnamespace "
        "left join pg_attribute as a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0 "
        "where n.nspname in %s",
        [(MARTS, META)],
    )
    said = {(schema, table, column): text for schema, table, column, text in cursor.fetchall()}
    for table in tables:
        wanted = {"": table.comment} | {name: table.column_comments.get(name, "") for name, _ in table.layout}
        for column, text in wanted.items():
            if said.get((table.schema, table.name, column), "") == text:
                continue
            what = f"column {table.sql}.{quoted(column)}" if column else f"table {table.sql}"
            cursor.execute(f"comment on {what} is %s", [text or None])


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _line(error) -> str:
    """The first line of what the server said, without a full stop."""
    return (str(error).strip().splitlines() or ["no reason given"])[0].removeprefix("ERROR:").strip().rstrip(".")
