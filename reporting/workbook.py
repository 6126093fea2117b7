"""prevention_marts.xlsx and .ods: one sheet a mart people ask for, notes and contents first, then a dictionary.

As the guidance on statistical spreadsheets wants it: one marked-up table a sheet, no merged cells, a reason in square
brackets in place of every blank, nothing said by colour, words for headers with the column's name above them.
"""

import gc
import json
import sys
from datetime import datetime
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from reporting import catalogue, ods, words, xlsx
from reporting.facts import OUTCOME
from reporting.publisher import publisher
from reporting.sheets import Book, Column, Link, Sheet
from reporting.warehouse import Row, Warehouse

MAX_ROWS = 20_000
DIRECT_65_PLUS = f"cost_view = 'direct' and outcome_code = '{OUTCOME}'"
# Large marts that people ask for come in part; the whole is in the database. Condition, and what it keeps.
FILTERED = {
    "mart_prevention_headline": (DIRECT_65_PLUS, "the direct cost view, outcome of people aged 65 and over"),
    "mart_prevention_spend": (DIRECT_65_PLUS, "the direct cost view, outcome of people aged 65 and over"),
    "mart_area_spend": (f"outcome_code = '{OUTCOME}'", "outcome of people aged 65 and over"),
    "mart_council_comparison": (
        "(measure, financial_year) in (select (measure, max(financial_year)) from marts.mart_council_comparison"
        " where value is not null group by measure)",
        "each measure's last year",
    ),
    "mart_council_profile": (
        "(measure, statement is null, financial_year) in (select (measure, statement is null, max(financial_year)) from"
        " marts.mart_council_profile where value is not null group by measure, statement is null)",
        "each measure's last year",
    ),
    "mart_reconciliation": ("status <> 'pass'", "the groups that do not agree exactly"),
}
SUPPRESSED = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"
MARKERS = {
    NOT_AVAILABLE: "Not available: not published, not reported or not computed. Never zero.",
    SUPPRESSED: "Suppressed by the publisher to protect people. It cannot be worked out from other cells.",
    NOT_APPLICABLE: "Not applicable: there is nothing of the kind, such as an earlier year to move from, or a rank.",
}
# Columns whose blank means that there is nothing of the kind.
INAPPLICABLE = ("movement", "previous", "five_years", "rank", "quartile", "quarter", "shift_", "achieved_", "alpha")
INAPPLICABLE_PARTS = ("_movement_", "rebased", "change_in_points")
NUMERIC = ("DECIMAL", "DOUBLE", "FLOAT", "INTEGER", "BIGINT", "HUGEINT", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER")
LICENCE = "Open Government Licence v3.0 unless dim_release says otherwise"
TITLE = "Prevention spend in England: the marts"


def write(warehouse: Warehouse, path: Path, publication: dict[str, Any]) -> list[str]:
    """Write the workbook, and beside it the same as .ods; return the names of its sheets.

    The same publication gives the same bytes. Text is always written as text: a name that looks like a formula is
    not one. Tables of more than `MAX_ROWS` rows, the fact tables and tables without rows are named in the notes.
    """
    book = make(warehouse, publication)
    # A copy of this process: the book is millions of cells, too many to be handed over.
    beside = get_context("fork").Process(target=ods.write, args=(book, path.with_suffix(".ods")))
    beside.start()
    try:
        xlsx.write(book, path)
    finally:
        beside.join()
    if beside.exitcode:
        raise RuntimeError(f"{path.with_suffix('.ods').name} could not be written")
    return [sheet.name for sheet in book.sheets]


def make(warehouse: Warehouse, publication: dict[str, Any]) -> Book:
    """The sheets: notes with the contents, the tables, the dictionary."""
    counts = {table: _count(warehouse, table) for table in warehouse.tables()}
    kept = [t for t in _ordered(warehouse.tables()) if not t.startswith("fct_") and 0 < counts[t] <= MAX_ROWS]
    names = {table: sheet_name(table) for table in kept}
    councils = {r["council_code"]: r for r in warehouse.read("dim_council", order="valid_from_year")}
    tables = [_table(warehouse, table, names[table], publication, councils) for table in kept]
    said = publisher()
    return Book(
        TITLE,
        said["name"],
        f"Publication {publication.get('publication_id', '')}. Questions and corrections: {said['contact']}.",
        said["language"],
        _moment(publication),
        [_notes(warehouse, publication, names, counts), *tables, _dictionary(warehouse, tables)],
    )


def _count(warehouse: Warehouse, table: str) -> int:
    return warehouse.query(f"select count(*) as rows from marts.{table} where {_where(table)}")[0]["rows"]


def _where(table: str) -> str:
    return FILTERED[table][0] if table in FILTERED else "true"


def sheet_name(table: str) -> str:
    """The table's name, within the 31 letters a sheet may have."""
    return table.removeprefix("mart_")[:31]


def _ordered(tables: list[str]) -> list[str]:
    order = {table: place for place, table in enumerate(catalogue.SHEET_ORDER)}
    return sorted(tables, key=lambda t: (order.get(t, len(order)), t.startswith("dim_"), t))


def _moment(publication: dict[str, Any]) -> datetime:
    """When the publication was made; a fixed day where it does not say, so that bytes do not vary."""
    try:
        return datetime.fromisoformat(str(publication.get("published_at")).replace("Z", "+00:00")).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)


def _notes(warehouse: Warehouse, publication: dict, names: dict[str, str], counts: dict[str, int]) -> Sheet:
    """The first sheet: what this is, who to ask, shorthand, what is on each sheet and what is not here."""
    said = publisher()
    lines: list[list[Any]] = [
        ["Publication", f"{publication.get('publication_id', '')}, {str(publication.get('published_at', ''))[:10]}"],
        ["Published by", said["name"]],
        ["Questions and corrections", said["contact"]],
        ["Next release", said.get("next_release") or NOT_AVAILABLE],
        ["Language", said["language"]],
        ["Licence", LICENCE],
        *[[marker, text] for marker, text in MARKERS.items()],
        [
            "is_modelled TRUE",
            "Rests on the desk baseline, not on the council's own map. Read it with its low and high.",
        ],
        ["is_imputed TRUE", "The publisher estimated the council's return."],
        ["Units", "In the header: £, share of 0 to 1 shown as per cent, per 100,000 people, £ per person."],
        ["Column names", "Above each header is the column's name in the warehouse; the last sheet explains each."],
        ["Budget and outturn", "statement says which. Never join the two in one series."],
        ["Perimeters", "narrow: primary and secondary prevention. wide: and tertiary without home care. camden: all."],
        ["Exact figures", "Pounds and pence as in warehouse.duckdb, which holds every table and all rows."],
    ]
    if publication.get("is_sample"):
        lines.insert(0, ["[sample]", "Every council and every figure in this workbook is fictional."])
    lines.append(["Contents", "What one row is"])
    for table, name in names.items():
        about = words.sentence(warehouse.description(table)) if warehouse.description(table) else ""
        kept = f" Here: {FILTERED[table][1]}; all rows are in warehouse.duckdb." if table in FILTERED else ""
        text = f"{about}{kept} ({words.plural(counts[table], 'row')}; marts.{table})".strip()
        lines.append([Link(name), text])
    lines.append([Link("Dictionary"), "Every column of every sheet: header, name, unit and meaning."])
    for table in sorted(set(counts) - set(names)):
        why = "no rows in this publication" if not counts[table] else f"{counts[table]:,} rows: in warehouse.duckdb and"
        where = f" parquet/{table}.parquet" if counts[table] else ""
        lines.append([f"not here: {table}", f"{warehouse.description(table)} ({why}{where})".strip()])
    return Sheet("Notes", TITLE, rows=lines, widths=(34, 110))


def _table(warehouse: Warehouse, table: str, name: str, publication: dict, councils: dict[str, Row]) -> Sheet:
    """One mart; a sheet of councils says each one's name, type and region beside its code."""
    kinds = warehouse.columns(table)
    order = ", ".join(f'"{c}"' for c in catalogue.key_of(table)) or "all"
    rows = warehouse.read(table, where=_where(table), order=order)
    added = {"council_name": "council_name", "council_type": "council_class_name", "region": "region"}
    added = {k: v for k, v in added.items() if k not in kinds} if "council_code" in kinds and councils else {}
    columns = []
    for column, (kind, _) in kinds.items():
        columns.append(Column(column, header_of(column), _shape(column, kind)))
        if column == "council_code":
            columns += [Column(extra, header_of(extra)) for extra in added]
    prefix = "[sample] " if publication.get("is_sample") else ""
    markers = ", ".join(f"{marker} {text.split(':')[0].split(' by ')[0].lower()}" for marker, text in MARKERS.items())
    sheet = Sheet(
        name,
        f"{prefix}{words.humanise(name)}",
        warehouse.description(table) or f"marts.{table}",
        f"This sheet holds one table. {markers.capitalize()}: see Notes.",
        columns,
    )
    for row in rows:
        who = councils.get(str(row.get("council_code")), {})
        whole = {**{k: who.get(v) for k, v in added.items()}, **row}
        hidden = row.get("is_suppressed") is True or row.get("status") == "suppressed"
        sheet.rows.append([_cell(column, whole.get(column.name), hidden) for column in columns])
    return sheet


def _cell(column: Column, value: Any, hidden: bool) -> Any:
    """The value, or the marker that says why there is none."""
    if value is None:
        if column.shape == "text" or is_inapplicable(column.name):
            return NOT_APPLICABLE
        return SUPPRESSED if hidden else NOT_AVAILABLE
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOT_APPLICABLE
    if isinstance(value, bool | int | Decimal | float):
        return value
    return str(value)[:32_767] or NOT_APPLICABLE


def is_inapplicable(column: str) -> bool:
    """Whether a blank of the column means that there is nothing of the kind."""
    return column.startswith(INAPPLICABLE) or any(part in column for part in INAPPLICABLE_PARTS)


def _dictionary(warehouse: Warehouse, tables: list[Sheet]) -> Sheet:
    """Every column of every sheet in words."""
    meanings = {
        sheet_name(table): {name: text for name, (_, text) in warehouse.columns(table).items()}
        for table in warehouse.tables()
    }
    from_register = "Latest name, type or region of the council in dim_council"
    sheet = Sheet(
        "Dictionary",
        "Dictionary of columns",
        "One row is a column of a sheet.",
        "This sheet holds one table.",
        [Column(n, header_of(n)) for n in ("sheet", "header", "column_name", "unit", "meaning")],
    )
    for table in tables:
        for column in table.columns:
            meaning = meanings[table.name].get(column.name) or (
                from_register if column.name not in meanings[table.name] else NOT_APPLICABLE
            )
            unit = catalogue.unit_of(column.name) or NOT_APPLICABLE
            sheet.rows.append([table.name, column.header, column.name, unit, meaning])
    return sheet


def header_of(column: str) -> str:
    """A column's name in words, its unit in brackets: `Amount low (£)`, `Per head 65 plus (£ per person)`."""
    unit, stem = "", column
    if "per_head" in column and column.endswith("_gbp"):
        unit, stem = "£ per person", column.removesuffix("_gbp")
    elif column.endswith("_gbp"):
        unit, stem = "£", column.removesuffix("_gbp")
    elif column.endswith("_share"):
        unit, stem = "per cent", column.removesuffix("_share") + "_share"
    elif column.endswith("_per_100k"):
        unit, stem = "per 100,000", column.removesuffix("_per_100k")
    elif column.startswith(("is_", "has_")):
        unit, stem = "true or false", column.partition("_")[2]
    text = words.humanise(stem).replace("65 plus", "65+").replace("18 plus", "18+")
    return f"{text} ({unit})" if unit else text


def _shape(column: str, kind: str) -> str:
    """Number format of a column; `text` where it holds none."""
    if not kind.startswith(NUMERIC):
        return "text"
    if column.endswith("_gbp"):
        return "pounds"
    if column.endswith("_share"):
        return "share"
    return "rate" if column.endswith("_per_100k") else "number"


def main() -> None:
    """Write the workbook of the database and to the path given; what describes the publication comes as JSON."""
    database, path = map(Path, sys.argv[1:])
    # Millions of cells, none of which points back to another: there are no cycles to look for among them.
    gc.disable()
    with Warehouse(database) as warehouse:
        write(warehouse, path, json.load(sys.stdin))


if __name__ == "__main__":
    main()
