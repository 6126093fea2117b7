"""Read-only view of one warehouse.duckdb: bulk reads of the marts that every publication promises."""

from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

Row = dict[str, Any]


class NotPromised(Exception):
    """A page asks for a mart or a column that no contract has: a fault of the page."""


class Warehouse:
    """The `marts` and `meta` schemas of a published or candidate file. Amounts stay Decimal all the way.

    Every mart is there in every publication, empty where its sources are not held, so one that is missing is a fault
    and raises NotPromised. Only a file of an earlier version (`is_earlier`) may lack one: it reads as no rows, and a
    column as None.
    """

    def __init__(self, path: Path, is_earlier: bool = False):
        self.path = path
        self.is_earlier = is_earlier
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
        """Rows of a mart in a fixed order, with all columns or those named. Raises NotPromised."""
        present = self._columns.get(table, {})
        wanted = columns or list(present)
        missing = [f"{table}.{c}" for c in wanted if c not in present] if present else [table]
        if missing and not self.is_earlier:
            raise NotPromised(f"the warehouse has no {', '.join(missing)}")
        if not present:
            return []
        selected = ", ".join(f'"{c}"' if c in present else f'null as "{c}"' for c in wanted)
        clause = f" where {where}" if where else ""
        sequence = order or ", ".join(str(i + 1) for i in range(len(wanted)))
        return self.query(f"select {selected} from marts.{table}{clause} order by {sequence}")
