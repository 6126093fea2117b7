"""Outcome measures as a workbook of tables: a sheet a measure, years and kinds of value in the headers.

The shape of the Adult Social Care Outcomes Framework since its 2024-25 edition, and of such a sheet saved as CSV.
Where two figures are in a cell, `7.7 (7.6)`, the official one is the one not in brackets: the publisher's log of
comparability says so (the bracketed one is for an earlier definition of who was asked). The cell is kept as printed.
"""

import re
from dataclasses import dataclass

from ingest.edition import Edition
from ingest.numbers import UNREADABLE, fault_of, read_number
from ingest.problems import InputError, Problem
from ingest.sheets import Rows, cell_text, open_workbook, read_rows

SOURCE = "ascof_time_series"
KIND = re.compile(r"(?P<start>\d{4}) to (?P<end>\d{4}) - (?P<kind>.+)")
TITLE = re.compile(r"table (?P<code>\d[a-z](?:\(\w+\))?):?\s*(?P<wording>.*)", re.IGNORECASE)
NOTES = re.compile(r"\s*\[note \d+\]", re.IGNORECASE)
TWO_FIGURES = re.compile(r"(?P<official>[^()]+?)\s*\([^()]*\)")
VALUE_KINDS = ("numerator", "denominator", "outcome")
PLACE_HEADERS = ("local authority code", "local authority", "ons area code")
COUNCIL_TYPES = {
    "shire counties",
    "unitary authorities",
    "metropolitan districts",
    "inner london",
    "outer london",
    "district",
}
COUNCIL_CODE = re.compile(r"E(06|08|09|10)\d{6}")
REGION_CODE = re.compile(r"E12\d{6}")
ENGLAND = "E92000001"


@dataclass(frozen=True)
class Table:
    """One measure: its sheet, rows, 1-based header row, and code and wording as the title has them."""

    sheet: str
    rows: Rows
    header: int
    code: str
    wording: str

    @property
    def headers(self) -> dict[int, str]:
        cells = enumerate(self.rows[self.header - 1], start=1)
        return {n: " ".join(cell_text(cell).split()) for n, cell in cells if cell_text(cell)}


def tables_of(edition: Edition) -> list[Table]:
    """Every table of this shape in a file, in the order of its sheets; none when the file has another shape."""
    path, layout = edition.path, edition.release.layout
    if path.suffix.lower() == ".csv":
        sheets = {"": read_rows(path, None, layout.get("encoding", "utf-8-sig"))}
    else:
        workbook = open_workbook(path)
        sheets = {name: read_rows(path, name) for name in workbook.sheet_names}
    found = (_table(sheet, rows, layout.get("measure") or path.stem) for sheet, rows in sheets.items())
    return [table for table in found if table is not None]


def _table(sheet: str, rows: Rows, otherwise: str) -> Table | None:
    for number, row in enumerate(rows[:40], start=1):
        headers = [cell_text(cell).lower() for cell in row]
        if PLACE_HEADERS[0] in headers and any(KIND.fullmatch(" ".join(header.split())) for header in headers):
            titles = (TITLE.match(cell_text(cell)) for above in rows[: number - 1] for cell in above[:1])
            title = next((found for found in titles if found), None)
            code = re.sub(r"[()]", "", title["code"]).upper() if title else otherwise
            return Table(sheet, rows, number, code, NOTES.sub("", title["wording"]).strip() if title else "")
    return None


def rows_of_table(edition: Edition, table: Table, faults: list[Problem]) -> list[dict]:
    """One row a place, year and kind of value, as ascof_cells has them.

    Raises InputError for a header that is neither a place nor a year and kind of value, or a table without its
    columns of places.
    """
    file = edition.path.name
    places = {header.lower(): n for n, header in table.headers.items() if header.lower() in PLACE_HEADERS}
    missing = [header for header in PLACE_HEADERS if header not in places]
    columns, unknown = {}, []
    for position, header in table.headers.items():
        found = KIND.fullmatch(header)
        if found and int(found["end"]) == int(found["start"]) + 1:
            columns[position] = (f"{found['start']}-{found['end'][2:]}", *_kind(found["kind"], table.code))
        elif header.lower() not in PLACE_HEADERS:
            unknown.append((position, header))
    if missing or unknown:
        raise InputError(
            [
                Problem(
                    file=file,
                    sheet=table.sheet or None,
                    row=table.header,
                    column=position,
                    value=header,
                    what="the header is neither a place nor a year and a kind of value, such as "
                    "“2023 to 2024 - outcome”",
                    remedy="obtain a fresh copy; a new kind of column needs a change in ingest/outcome_tables.py",
                )
                for position, header in unknown
            ]
            + [
                Problem(
                    file=file,
                    sheet=table.sheet or None,
                    row=table.header,
                    what=f"no column “{header}”",
                    remedy="obtain a fresh copy",
                )
                for header in missing
            ]
        )
    result = []
    for number, row in enumerate(table.rows[table.header :], start=table.header + 1):
        texts = {name: cell_text(row[n - 1]) if n <= len(row) else "" for name, n in places.items()}
        code, name, ons_code = (texts[header] for header in PLACE_HEADERS)
        if not (code or name):
            continue
        level = _level(name, ons_code)
        if level is None:
            faults.append(
                Problem(
                    file=file,
                    sheet=table.sheet or None,
                    row=number,
                    value=name or code,
                    what="the row names no council, region, council type or England that has a code of its own",
                    remedy="nothing, where the publisher counts two councils as one; else give the row its ONS code",
                )
            )
            continue
        for position, (year, kind, breakdown) in columns.items():
            cell = row[position - 1] if position <= len(row) else None
            result.append(
                _row(edition, table, number, position, cell, faults)
                | {
                    "financial_year": year,
                    "framework_year": edition.release.financial_year or max(y for y, _, _ in columns.values()),
                    "geography_code": code,
                    "ons_code": None if level == "council_type" else ons_code,
                    "geography_name": name,
                    "geography_level": level,
                    "breakdown": breakdown,
                    "value_kind": kind,
                }
            )
    return result


def _row(edition: Edition, table: Table, number: int, position: int, cell, faults: list[Problem]) -> dict:
    printed = cell_text(cell)
    two = TWO_FIGURES.fullmatch(printed)
    # A number alone in brackets would be a negative one: two figures need something before the bracket.
    reading = read_number(two["official"] if two else cell, SOURCE)
    fault = fault_of(reading, cell, file=edition.path.name, row=number, column=position, sheet=table.sheet or None)
    if fault:
        faults.append(fault)
    return {
        "release_id": edition.release_id,
        "sheet": table.sheet,
        "source_row": number,
        "source_column": position,
        "source": SOURCE,
        "measure_code": table.code,
        "measure_group": table.wording,
        "value_text": printed,
        "value": reading.number,
        "marker": UNREADABLE if fault else reading.marker,
    }


def _kind(text: str, code: str) -> tuple[str, str]:
    """Kind of value and breakdown of a header: “good numerator” is the numerator of the breakdown good."""
    words = text.strip().lower()
    for kind in VALUE_KINDS:
        if words == kind or words == f"{code.lower()} {kind}":
            return kind, "Total"
        if words.endswith(f" {kind}"):
            return kind, words.removesuffix(f" {kind}")
    return words.replace(" ", "_"), "Total"


def _level(name: str, ons_code: str) -> str | None:
    if ons_code == ENGLAND:
        return "england"
    if REGION_CODE.fullmatch(ons_code):
        return "region"
    if COUNCIL_CODE.fullmatch(ons_code):
        return "council"
    return "council_type" if name.lower() in COUNCIL_TYPES else None
