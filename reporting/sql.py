"""Ask a published warehouse: one query in, a table, CSV or JSON out, and no way to change or reach anything."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

FORMATS = ("table", "csv", "json")


class QueryError(ValueError):
    """The query cannot be answered. The message is for the person who asked."""


def run(database: Path, query: str, output_format: str = "table") -> str:
    """The answer as text.

    CSV and JSON keep exact amounts; JSON gives a decimal as a number with all its digits. Raises QueryError for a
    query DuckDB refuses, ValueError for an unknown format.
    """
    if output_format not in FORMATS:
        raise ValueError(f"unknown format {output_format!r}: choose {', '.join(FORMATS)}")
    columns, rows = ask(database, query)
    return {"table": as_table, "csv": _csv, "json": _json}[output_format](columns, rows)


def ask(database: Path, query: str) -> tuple[list[str], list[tuple]]:
    """Column names and rows.

    The file is opened read-only, nothing outside it can be read or written (`enable_external_access` off), and
    the query cannot turn that back on. `marts` is on the search path: `from dim_council` finds `marts.dim_council`.
    """
    if not database.exists():
        raise QueryError(f"there is no published warehouse at {database}: run a refresh first")
    connection = duckdb.connect(str(database), read_only=True)
    try:
        connection.execute("set search_path = 'marts,main'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        cursor = connection.execute(query)
        columns = [column[0] for column in cursor.description or []]
        return columns, cursor.fetchall() if columns else []
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    finally:
        connection.close()


def as_table(columns: list[str], rows: list[tuple], widest: int | None = None) -> str:
    """Aligned text, numbers to the right, with the number of rows; cells longer than `widest` are cut with …"""
    shown = [[_cut(_text(value), widest) for value in row] for row in rows]
    widths = [max([len(column), *(len(row[i]) for row in shown)]) for i, column in enumerate(columns)]
    numeric = [bool(rows) and all(row[i] is None or _is_number(row[i]) for row in rows) for i, _ in enumerate(columns)]

    def line(cells: list[str]) -> str:
        pairs = zip(cells, widths, numeric, strict=True)
        return "  ".join(c.rjust(w) if right else c.ljust(w) for c, w, right in pairs).rstrip()

    rule = "  ".join("-" * width for width in widths)
    count = f"({len(rows)} row{'' if len(rows) == 1 else 's'})"
    return "\n".join([line(columns), rule, *(line(row) for row in shown), count]) + "\n"


def _cut(text: str, widest: int | None) -> str:
    return text if widest is None or len(text) <= widest else text[: widest - 1] + "…"


def _csv(columns: list[str], rows: list[tuple]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_text(value) if value is not None else "" for value in row] for row in rows)
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
