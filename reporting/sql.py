"""Ask a published warehouse: one query in, a table, CSV or JSON out, and no way to change or reach anything."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from reporting import markup, suggestions

FORMATS = ("table", "csv", "json")


class QueryError(ValueError):
    """The query cannot be answered. The message is for the person who asked."""


def run(database: Path, query: str, output_format: str = "table", width: int | None = None) -> str:
    """The answer as text, as `written` writes it. Raises QueryError for a query DuckDB refuses."""
    return written(*ask(database, query), output_format, width)


def written(
    columns: list[str],
    rows: list[tuple],
    output_format: str = "table",
    width: int | None = None,
    is_raw: bool = False,
) -> str:
    """Columns and rows as text.

    CSV and JSON keep exact amounts; JSON gives a decimal as a number with all its digits. Text in CSV is made safe
    for a spreadsheet unless `is_raw`. A table wider than `width` is turned: one column a line, row after row. Raises
    ValueError for an unknown format.
    """
    if output_format not in FORMATS:
        raise ValueError(f"unknown format {output_format!r}: choose {', '.join(FORMATS)}")
    if output_format != "table":
        return _json(columns, rows) if output_format == "json" else _csv(columns, rows, is_raw)
    text = as_table(columns, rows)
    return turned(columns, rows) if width and rows and max(map(len, text.splitlines())) > width else text


def ask(database: Path, query: str) -> tuple[list[str], list[tuple]]:
    """Column names and rows.

    The file is opened read-only, nothing outside it can be read or written (`enable_external_access` off), and
    the query cannot turn that back on. `marts` is on the search path: `from dim_council` finds `marts.dim_council`.
    """
    with _opened(database) as connection:
        try:
            cursor = connection.execute(query)
            columns = [column[0] for column in cursor.description or []]
            return columns, cursor.fetchall() if columns else []
        except duckdb.Error as error:
            raise QueryError(suggestions.of_error(connection, query, str(error))) from error


def hints(database: Path, query: str) -> list[str]:
    """For a query with no rows: each value it compares with that the warehouse does not hold, and what is near."""
    with _opened(database) as connection:
        return suggestions.of_nothing(connection, query)


@contextmanager
def _opened(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if not database.exists():
        raise QueryError(f"there is no published warehouse at {database}: run a refresh first")
    connection = duckdb.connect(str(database), read_only=True)
    try:
        connection.execute("set search_path = 'marts,main'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def turned(columns: list[str], rows: list[tuple]) -> str:
    """One column a line, row after row: for answers too wide for the screen."""
    longest = max(map(len, columns))
    parts = []
    for position, row in enumerate(rows, 1):
        parts.append(f"-- row {position} of {len(rows)}")
        parts += [f"{name.ljust(longest)}  {_text(value)}".rstrip() for name, value in zip(columns, row, strict=True)]
    return "\n".join(parts) + "\n"


def as_table(columns: list[str], rows: list[tuple], widest: int | None = None) -> str:
    """Aligned text, numbers to the right, with the number of rows; cells longer than `widest` are cut with …"""
    from tabulate import tabulate

    shown = [[_cut(_text(value), widest) for value in row] for row in rows]
    numeric = [bool(rows) and all(row[i] is None or _is_number(row[i]) for row in rows) for i, _ in enumerate(columns)]
    sides = ["right" if right else "left" for right in numeric]
    table = tabulate(shown, columns, "simple", disable_numparse=True, colalign=sides if rows else None)
    count = f"({len(rows)} row{'' if len(rows) == 1 else 's'})"
    return "\n".join([*(line.rstrip() for line in table.splitlines()), count]) + "\n"


def _cut(text: str, widest: int | None) -> str:
    return text if widest is None or len(text) <= widest else text[: widest - 1] + "…"


def _csv(columns: list[str], rows: list[tuple], is_raw: bool) -> str:
    """CSV in which no text begins like a formula or holds a control character, as in the report's; or text as it is."""

    def cell(value: Any) -> str:
        return _text(value) if is_raw or _is_number(value) else markup.guard(_text(value))

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([cell(column) for column in columns])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def _json(columns: list[str], rows: list[tuple]) -> str:
    parts = []
    for row in rows:
        pairs = (f"{json.dumps(c, ensure_ascii=False)}: {_literal(v)}" for c, v in zip(columns, row, strict=True))
        parts.append("  {" + ", ".join(pairs) + "}")
    return "[\n" + ",\n".join(parts) + "\n]\n" if parts else "[]\n"


def _literal(value: Any) -> str:
    """A JSON literal; a decimal keeps every digit, which a float would not."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "null"
    return json.dumps(value, ensure_ascii=False, default=str)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
