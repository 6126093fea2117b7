"""What may have been meant: real tables, columns and values near a mistyped one in a question to the warehouse."""

import difflib
import re

import duckdb

MISSING_TABLE = re.compile(r"Table with name (\S+) does not exist")
MISSING_COLUMN = re.compile(r'(?:column named|Referenced column) "([^"]+)"')
COMPARED = re.compile(r"\b(\w+)\s*(?:=|in\s*\()\s*'((?:[^']|'')*)'", re.IGNORECASE)
WORD = re.compile(r"\w+")
MOST = 3
ROOM_FOR_VALUES = 20_000


def of_error(connection: duckdb.DuckDBPyConnection, query: str, message: str) -> str:
    """DuckDB's message with its own guesses replaced by tables and columns that the marts have."""
    columns = _columns(connection)
    place = message[message.index("\n\nLINE") :] if "\n\nLINE" in message else ""
    if found := MISSING_TABLE.search(message):
        wanted = found[1].strip("!")
        said = f"There is no table {wanted} in this warehouse."
        close = near(wanted, list(columns)) or [t for t in columns if wanted.casefold() in t]
        said += f" Near it: {', '.join(close[:MOST])}." if close else ""
        return f"{said} `select distinct table_name from information_schema.tables` lists them all.{place}"
    if found := MISSING_COLUMN.search(message):
        wanted = found[1]
        asked = _tables_of(query, columns)
        held = list(dict.fromkeys(c for table in asked for c in columns[table]))
        said = f"There is no column {wanted} in {', '.join(asked) or 'the tables asked'}."
        if close := near(wanted, held):
            said += f" Near it: {', '.join(close)}."
        elsewhere = [t for t in columns if wanted in columns[t] and t not in asked]
        elsewhere.sort(key=lambda table: (not table.startswith("dim_"), table))
        if elsewhere:
            said += f" It is in {', '.join(elsewhere[:MOST])}."
        return said + place
    return message


def of_nothing(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """Why an answer may be empty: values compared in the query that the column does not hold, and what is near."""
    columns = _columns(connection)
    asked = _tables_of(query, columns)
    hints = []
    for column, value in dict.fromkeys(COMPARED.findall(query)):
        holding = [table for table in asked if column in columns[table]]
        if not holding:
            continue
        value = value.replace("''", "'")
        held = connection.execute(
            f'select distinct "{column}"::varchar from marts."{holding[0]}" where "{column}" is not null'
            f" limit {ROOM_FOR_VALUES}"
        ).fetchall()
        values = [v for (v,) in held]
        if value in values:
            continue
        close = near(value, values)
        said = f"No {column} in {holding[0]} is '{value}'."
        hints.append(f"{said} Near it: {', '.join(repr(v) for v in close)}." if close else said)
    return hints


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Table to its columns, of the marts."""
    rows = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns()"
        " where schema_name = 'marts' group by 1 order by 1"
    ).fetchall()
    return dict(rows)


def _tables_of(query: str, columns: dict[str, list[str]]) -> list[str]:
    """The marts a query names, in the order it names them."""
    return [word for word in dict.fromkeys(WORD.findall(query)) if word in columns]


def near(wanted: str, known: list[str]) -> list[str]:
    """Names or values like the one wanted, whatever the case, best first."""
    folded = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    close = difflib.get_close_matches(wanted.casefold(), list(folded), n=MOST, cutoff=0.6)
    within = [f for f in folded if len(wanted) > 3 and wanted.casefold() in f and f not in close]
    return [folded[f] for f in [*close, *within][:MOST]]
