"""Read-only view of one warehouse.duckdb: bulk reads of the marts, tolerant of a mart that is not there."""

from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

Row = dict[str, Any]


class Warehouse:
    """The `marts` and `meta` schemas of a published or candidate file.

    A mart, or a column, that this publication does not have reads as no rows, or as None: the pages say so
    in words instead of failing. Amounts stay Decimal all the way.
    """

    def __init__(self, path: Path):
        self.path = path
        self._connection = duckdb.connect(str(path), read_only=True)
        self._columns: dict[str, dict[str, tuple[str, str]]] = {}
        self._tables: dict[str, str] = {}
        for table, comment in self._connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name = 'marts' order by table_name"
        ).fetchall():
            self._tables[table] = comment or ""
            self._columns[table] = {}
        for table, column, kind, comment in self._connection.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns()"
            " where schema_name = 'marts' order by table_name, column_index"
        ).fetchall():
            if table in self._columns:
                self._columns[table][column] = (kind, comment or "")

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def tables(self) -> list[str]:
        """Names of the marts, in order."""
        return sorted(self._tables)

    def has(self, table: str) -> bool:
        return table in self._tables

    def description(self, table: str) -> str:
        """What one row of the mart is, from the table's comment."""
        return self._tables.get(table, "")

    def columns(self, table: str) -> dict[str, tuple[str, str]]:
        """Column name to (DuckDB type, meaning), in table order."""
        return self._columns.get(table, {})

    def query(self, sql: str, parameters: list | None = None) -> list[Row]:
        """Rows of a query as dictionaries."""
        cursor = self._connection.execute(sql, parameters or [])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def read(self, table: str, columns: list[str] | None = None, where: str = "", order: str = "") -> list[Row]:
        """Rows of a mart in a fixed order; a wanted column the mart lacks is None, a mart that is missing is empty.

        `where` is only applied when every column it names exists, which the caller ensures with `has_columns`.
        """
        if not self.has(table):
            return []
        present = self._columns[table]
        wanted = columns or list(present)
        selected = ", ".join(f'"{c}"' if c in present else f'null as "{c}"' for c in wanted)
        clause = f" where {where}" if where else ""
        sequence = order or ", ".join(str(i + 1) for i in range(len(wanted)))
        return self.query(f"select {selected} from marts.{table}{clause} order by {sequence}")

    def has_columns(self, table: str, *columns: str) -> bool:
        return all(column in self._columns.get(table, {}) for column in columns)
