"""prevention_marts.xlsx: one sheet a mart people ask for, notes first, as the guidance on statistical
spreadsheets wants it: one table a sheet, no merged cells, shorthand in square brackets, nothing said by colour."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from reporting import catalogue, words
from reporting.warehouse import Warehouse

MAX_ROWS = 20_000
# Large marts that people ask for come in part; the whole stands in the database. Condition, and what it keeps.
FILTERED = {
    "mart_prevention_headline": ("cost_view = 'direct'", "the direct cost view"),
    "mart_prevention_spend": ("cost_view = 'direct'", "the direct cost view"),
    "mart_council_comparison": (
        "(measure, financial_year) in (select (measure, max(financial_year)) from marts.mart_council_comparison"
        " where value is not null group by measure)",
        "each measure's last year",
    ),
    "mart_reconciliation": ("status <> 'pass'", "the groups that do not agree exactly"),
}
HEADER_ROW = 3
SUPPRESSED = "[c]"
NOT_AVAILABLE = "[x]"
NUMERIC = ("DECIMAL", "DOUBLE", "FLOAT", "INTEGER", "BIGINT", "HUGEINT", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER")
LICENCE = "Open Government Licence v3.0 unless dim_release says otherwise"


def write(warehouse: Warehouse, path: Path, publication: dict[str, Any]) -> list[str]:
    """Write the workbook and return the names of its sheets.

    The same publication gives the same bytes. Text is always written as text: a name that looks like a formula
    is not one. Tables of more than `MAX_ROWS` rows, and the fact tables, are named in the notes and left to the
    database and the Parquet files.
    """
    counts = {table: _count(warehouse, table) for table in warehouse.tables()}
    sheets = [t for t in _ordered(warehouse.tables()) if not t.startswith("fct_") and counts[t] <= MAX_ROWS]
    names = {table: sheet_name(table) for table in sheets}
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": "Prevention spend in England: marts",
                "comments": f"Publication {publication.get('publication_id', '')}",
                "created": _moment(publication),
            }
        )
        formats = _formats(book)
        _notes(book, formats, warehouse, publication, names, counts)
        for table in sheets:
            _sheet(book, formats, warehouse, table, names[table], publication)
    return ["Notes", *names.values()]


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


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
        "pounds": book.add_format({"num_format": "#,##0.00"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "rate": book.add_format({"num_format": "#,##0.0"}),
        "number": book.add_format({"num_format": "General"}),
        "right": book.add_format({"align": "right"}),
    }


def _notes(book, formats, warehouse: Warehouse, publication, names: dict[str, str], counts: dict[str, int]) -> None:
    """The first sheet: what this is, shorthand, what is on each sheet and what is not here."""
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    lines: list[tuple[str, str]] = [
        ("Publication", f"{publication.get('publication_id', '')}, {str(publication.get('published_at', ''))[:10]}"),
        ("Licence", LICENCE),
        (NOT_AVAILABLE, "Not available: not published, not reported or not computed. Never zero."),
        (SUPPRESSED, "Suppressed by the publisher to protect people. It cannot be worked out from other cells."),
        (
            "is_modelled TRUE",
            "Rests on the desk baseline, not on the council's own map. Read it with its low and high.",
        ),
        ("is_imputed TRUE", "The publisher estimated the council's return."),
        ("Units", "_gbp pounds; _share a share of 0 to 1, shown as per cent; _per_100k per 100,000 people."),
        ("Budget and outturn", "statement says which. Never join the two in one series."),
        ("Perimeters", "narrow: primary and secondary prevention. wide: and tertiary without home care. camden: all."),
        ("Exact figures", "Pounds and pence as in warehouse.duckdb, which holds every table and all rows."),
    ]
    if publication.get("is_sample"):
        lines.insert(0, ("[sample]", "Every council and every figure in this workbook is fictional."))
    sheet.write_string(0, 0, "Prevention spend in England: the marts", formats["title"])
    row = 2
    for label, text in lines:
        sheet.write_string(row, 0, label, formats["bold"])
        sheet.write_string(row, 1, text, formats["wrap"])
        row += 1
    row += 1
    sheet.write_string(row, 0, "Sheet", formats["header"])
    sheet.write_string(row, 1, "What one row is", formats["header"])
    for table, name in names.items():
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        kept = f" Here: {FILTERED[table][1]}; all rows are in warehouse.duckdb." if table in FILTERED else ""
        text = f"{warehouse.description(table)}{kept} ({words.plural(counts[table], 'row')}; marts.{table})".strip()
        sheet.write_string(row, 1, text, formats["wrap"])
    for table in sorted(set(counts) - set(names)):
        row += 1
        sheet.write_string(row, 0, f"not here: {table}")
        text = (
            f"{warehouse.description(table)} ({counts[table]:,} rows: in warehouse.duckdb and parquet/{table}.parquet)"
        )
        sheet.write_string(row, 1, text.strip(), formats["wrap"])


def _sheet(book, formats, warehouse: Warehouse, table: str, name: str, publication: dict[str, Any]) -> None:
    """One table: title, note, then headers and rows from the fourth row."""
    sheet = book.add_worksheet(name)
    columns = warehouse.columns(table)
    order = ", ".join(f'"{c}"' for c in catalogue.key_of(warehouse, table)) or "all"
    rows = warehouse.read(table, where=_where(table), order=order)
    prefix = "[sample] " if publication.get("is_sample") else ""
    sheet.write_string(0, 0, f"{prefix}{words.humanise(name)}", formats["title"])
    sheet.write_string(1, 0, warehouse.description(table) or f"marts.{table}")
    note = f"This sheet holds one table. {NOT_AVAILABLE} not available, {SUPPRESSED} suppressed: see Notes."
    sheet.write_string(2, 0, note)
    shapes = [_shape(column, kind) for column, (kind, _) in columns.items()]
    for place, (column, (kind, _)) in enumerate(columns.items()):
        sheet.write_string(HEADER_ROW, place, column, formats["header"])
        width = 16 if _is_number(kind) else 24 if place < 4 else 18
        sheet.set_column(place, place, width)
    for offset, row in enumerate(rows):
        at = HEADER_ROW + 1 + offset
        hidden = row.get("is_suppressed") is True
        for place, (value, shape) in enumerate(zip(row.values(), shapes, strict=True)):
            _cell(sheet, at, place, value, shape, formats, hidden)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    if columns:
        sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + max(len(rows), 1), len(columns) - 1)


def _is_number(kind: str) -> bool:
    return kind.startswith(NUMERIC)


def _shape(column: str, kind: str) -> str:
    """Number format of a column; `text` where it holds none."""
    if not _is_number(kind):
        return "text"
    if column.endswith("_gbp"):
        return "pounds"
    if column.endswith("_share"):
        return "share"
    if column.endswith("_per_100k"):
        return "rate"
    return "number"


def _cell(sheet, row: int, column: int, value: Any, shape: str, formats: dict[str, Any], hidden: bool) -> None:
    if value is None:
        if shape != "text":
            sheet.write_string(row, column, SUPPRESSED if hidden else NOT_AVAILABLE, formats["right"])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | Decimal | float):
        sheet.write_number(row, column, value, formats[shape if shape != "text" else "number"])
    else:
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        sheet.write_string(row, column, text[:32_767])
