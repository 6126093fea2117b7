"""Two warehouses table by table: rows, and cells that differ."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.home import sql_text


@dataclass(frozen=True)
class Difference:
    """One table: its rows in either warehouse, the rows that have no equal in the other, and their cells that differ
    by column, where the columns told apart by `key` let a row be found in both."""

    table: str
    rows: int
    rows_of_other: int
    rows_only_here: int
    rows_only_there: int
    cells: dict[str, int]


def differences(here: Path, there: Path, keys: dict[str, list[str]], schema: str = "marts") -> list[Difference]:
    """Every table of a schema compared, in name order; a table that one of the two lacks has no rows there."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(here)} as here (read_only)")
        connection.execute(f"attach {sql_text(there)} as there (read_only)")
        found = "select distinct table_name from duckdb_tables() where schema_name = ? order by all"
        tables = [name for (name,) in connection.execute(found, [schema]).fetchall()]
        return [_compared(connection, schema, table, keys.get(table, [])) for table in tables]


def _compared(connection: duckdb.DuckDBPyConnection, schema: str, table: str, key: list[str]) -> Difference:
    def columns_in(database: str) -> list[str]:
        named = (
            "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?"
        )
        return [name for (name,) in connection.execute(named, [database, schema, table]).fetchall()]

    def count(sql: str) -> int:
        row = connection.execute(sql).fetchone()
        return int(row[0]) if row else 0

    columns, other = columns_in("here"), columns_in("there")
    here, there = f'here."{schema}"."{table}"', f'there."{schema}"."{table}"'
    rows = count(f"select count(*) from {here}") if columns else 0
    rows_of_other = count(f"select count(*) from {there}") if other else 0
    if sorted(columns) != sorted(other):
        odd = sorted(set(columns) ^ set(other))
        return Difference(table, rows, rows_of_other, rows, rows_of_other, dict.fromkeys(odd, max(rows, rows_of_other)))
    listed = ", ".join(f'"{name}"' for name in columns)
    only_here = count(f"select count(*) from (select {listed} from {here} except all select {listed} from {there})")
    only_there = count(f"select count(*) from (select {listed} from {there} except all select {listed} from {here})")
    cells: dict[str, int] = {}
    if key and (only_here or only_there):
        same = " and ".join(f'a."{name}" is not distinct from b."{name}"' for name in key)
        unlike = ", ".join(f'count(*) filter (where a."{name}" is distinct from b."{name}")' for name in columns)
        counted = connection.execute(f"select {unlike} from {here} as a inner join {there} as b on {same}").fetchone()
        cells = {name: number for name, number in zip(columns, counted or (), strict=False) if number}
    return Difference(table, rows, rows_of_other, only_here, only_there, cells)
