"""What Revenue Account and Revenue Outturn sheets share: bodies down, lines across, markers between.

A reader finds the bodies (rows) and the lines (columns) of a sheet; `cells` turns their crossings into rows
of the raw table finance_cells, every one of them, blanks and markers included.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pandas as pd

from ingest import column_map
from ingest.numbers import BLANK, UNREADABLE, Reading, fault_of, is_number, read_number, refuse_if_many
from ingest.problems import InputError, Problem
from ingest.sheets import Cell, Rows, cell_text
from ingest.tables import FINANCE_CELLS

ECODE = re.compile(r"E\d{4}")
ENGLAND = "Eng"
ENGLAND_CODE = "E92000001"
# A class of authorities in the place of an ONS code, and the class of which the one authority is a row of its own too.
CLASS_CODE = re.compile(r"E\d\d")
GLA = "GLA"
# Columns of these measures stay in `value_text`; no £ thousand is made of them.
NOT_MONEY = {"people", "confirmation", "text"}
NO_RETURN = "no_return"
# The columns that say whose row it is are among so many first ones.
PLACE_COLUMNS = 10
# The footnote a publication prints beside an authority, by the words of its own notes.
FLAGS = {"S": NO_RETURN, "M": NO_RETURN, "R": "revised", "Grossed": "imputed"}


@dataclass(frozen=True)
class Body:
    """One row of figures: an authority, or the publication's own total of England or of a class."""

    row: int
    code: str
    ons_code: str | None
    name: str
    published_name: str
    body_class: str
    is_control: bool = False
    flag: str | None = None


@dataclass(frozen=True)
class Line:
    """One column of figures: 1-based position, header as published, and what the column map says of it."""

    position: int
    header: str
    code: str
    section: str
    measure: str
    is_money: bool = True


def is_ecode_header(cell: Cell) -> bool:
    """Whether a cell heads the column of E-codes, with or without a footnote's mark."""
    return column_map.loose(cell) in ("e code", "ecode")


def header_row(rows: Rows, file: str, sheet: str | None) -> int:
    """1-based number of the first row with “E-code” among its first cells. Raises InputError when there is none."""
    for number, row in enumerate(rows, 1):
        if any(is_ecode_header(cell) for cell in row[:PLACE_COLUMNS]):
            return number
    raise InputError(
        Problem(
            file=file,
            sheet=sheet,
            what="no row has “E-code” among its first cells, so the header row cannot be found",
            remedy="check that this is the sheet with one row an authority",
        )
    )


def at(row: list[Cell], position: int | None) -> str:
    """Text of the cell at a 1-based position; '' where the row is shorter or the sheet has no such column."""
    return cell_text(row[position - 1]) if position and position <= len(row) else ""


def clean_name(published: str, footnote_letters: str = "") -> str:
    """An authority's name without footnote marks, without the UA suffix, total rows in sentence case."""
    name = re.sub(r"\s+", " ", published).strip()
    name = re.sub(r"(\s*(\[[a-z0-9]+\]|\([a-z]\)|\*))+$", "", name)
    if footnote_letters:
        name = re.sub(rf"(,?\s[{footnote_letters}])+$", "", name)
    name = re.sub(r"\sUA$", "", name)
    return name.capitalize() if name.isupper() else name


def require(found: dict, wanted: tuple[str, ...], file: str, sheet: str | None, row: int) -> None:
    """Raise InputError when a sheet lacks one of the columns nothing can be done without."""
    missing = [name for name in wanted if name not in found]
    if missing:
        raise InputError(
            Problem(
                file=file,
                sheet=sheet,
                row=row,
                what=f"the sheet has no column for {', '.join(missing)}",
                remedy="check the sheet and the header row, or add the column's present header to the column map",
            )
        )


def no_headerless_figures(rows: Rows, bodies: list[Body], blank: list[int], file: str, sheet: str | None) -> None:
    """Raise InputError when authorities have figures in a column without header: nobody could say what they are.

    Total rows are not looked at: publishers leave formulas there that sum blank spacer columns to zero.
    """
    problems: dict[int, Problem] = {}
    for body in bodies:
        if body.is_control:
            continue
        row = rows[body.row - 1]
        for position in blank:
            if position > len(row):
                break
            cell = row[position - 1]
            if cell == "" or position in problems or not is_number(cell):
                continue
            problems[position] = Problem(
                file=file,
                sheet=sheet,
                row=body.row,
                column=position,
                value=cell_text(cell),
                what="the column has figures but no header",
                remedy="give the column the header the publisher prints elsewhere, or clear it",
            )
    if problems:
        raise InputError(list(problems.values()))


def no_repeated_body(bodies: list[Body], file: str, sheet: str | None) -> None:
    """Raise InputError when one authority or total is in a sheet twice: its money would count twice."""
    repeated = {code for code, times in Counter(body.code for body in bodies).items() if times > 1}
    problems = [
        Problem(
            file=file,
            sheet=sheet,
            row=body.row,
            value=body.code,
            what=f"{body.published_name} is in the sheet more than once",
            remedy="keep the row the publisher confirms",
        )
        for body in bodies
        if body.code in repeated
    ]
    if problems:
        raise InputError(problems)


def unplaced_row(row: list[Cell], number: int, positions: list[int], file: str, sheet: str | None) -> Problem | None:
    """A reject for a row with figures that is neither an authority nor a known total; None if it has none."""
    for position in positions:
        if position <= len(row) and is_number(row[position - 1]):
            return Problem(
                file=file,
                sheet=sheet,
                row=number,
                column=position,
                value=cell_text(row[position - 1]),
                what="the row has figures but names neither an authority nor a total this reader knows",
                remedy="if it is a total, add its name to the reader; a publisher's working row can stay rejected",
            )
    return None


def cells(
    release_id: str,
    financial_year: str,
    statement: str,
    source: str,
    file: str,
    sheet: str | None,
    rows: Rows,
    bodies: list[Body],
    lines: list[Line],
) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows of finance_cells for every body × line of a sheet, and a reject for each cell nobody can read.

    £ thousand as printed, exact. A blank has the marker `blank`, a marker of the publication is shown as printed,
    a column that is not money has the marker `not_money`, a rejected cell the marker `unreadable`; none of them
    has an amount. A body whose every money cell is a marker made no return; totals of a publication with such
    bodies hold imputed figures. Raises InputError when too many cells of the sheet cannot be read.
    """
    texts: list[str] = []
    amounts: list[Decimal | None] = []
    markers: list[str | None] = []
    money = [line.is_money for line in lines]
    flagged = []
    rejects: list[Problem] = []
    # Most cells of a sheet hold what another cell held before: a zero, a blank, a round sum. The class is part of
    # the key, because True equals 1.
    read: dict[tuple[type, Cell], tuple[str, Reading]] = {}
    for body in bodies:
        row, start = rows[body.row - 1], len(markers)
        for line, is_money in zip(lines, money, strict=True):
            cell = row[line.position - 1] if line.position <= len(row) else None
            known = read.get((cell.__class__, cell))
            if known is None:
                known = read[cell.__class__, cell] = cell_text(cell), read_number(cell, source)
            text, reading = known
            texts.append(text)
            if not is_money:
                amounts.append(None)
                markers.append("not_money" if text else BLANK)
                continue
            amounts.append(reading.number)
            markers.append(UNREADABLE if reading.fault else reading.marker)
            if reading.fault:
                rejects.append(fault_of(reading, cell, file=file, sheet=sheet, row=body.row, column=line.position))
        own = [m for m, is_money in zip(markers[start:], money, strict=True) if is_money]
        silent = bool(own) and all(m is not None for m in own) and any(m != "blank" for m in own)
        flagged.append(replace(body, flag=NO_RETURN) if silent and not body.is_control else body)
    if any(body.flag == NO_RETURN for body in flagged):
        flagged = [replace(b, flag=b.flag or "imputed") if b.is_control else b for b in flagged]

    def down(values) -> np.ndarray:
        return np.repeat(np.array(list(values), dtype=object), len(lines))

    def across(values) -> np.ndarray:
        return np.tile(np.array(list(values), dtype=object), len(bodies))

    refuse_if_many(rejects, sum(money) * len(bodies), file)
    size = len(texts)
    frame = pd.DataFrame(
        {
            "release_id": np.full(size, release_id, dtype=object),
            "sheet": np.full(size, sheet or "", dtype=object),
            "source_row": down(b.row for b in flagged),
            "source_column": across(line.position for line in lines),
            "source": np.full(size, source, dtype=object),
            "financial_year": np.full(size, financial_year, dtype=object),
            "statement": np.full(size, statement, dtype=object),
            "body_code": down(b.code for b in flagged),
            "ons_code": down(b.ons_code for b in flagged),
            "body_name": down(b.name for b in flagged),
            "body_name_published": down(b.published_name for b in flagged),
            "body_class": down(b.body_class for b in flagged),
            "is_control": down(b.is_control for b in flagged).astype(bool),
            "flag": down(b.flag for b in flagged),
            "line_code": across(line.code for line in lines),
            "line_name": across(line.header for line in lines),
            "section": across(line.section for line in lines),
            "measure": across(line.measure for line in lines),
            "value_text": np.array(texts, dtype=object),
            "amount_thousand_gbp": np.array(amounts, dtype=object),
            "marker": np.array(markers, dtype=object),
        },
        columns=FINANCE_CELLS.schema.names,
    )
    return frame, rejects


def no_repeated_line(lines: list[Line], file: str, sheet: str | None, row: int) -> None:
    """Raise InputError when two columns of a sheet would be the same line and measure."""
    seen: dict[tuple[str, str], Line] = {}
    problems = []
    for line in lines:
        other = seen.setdefault((line.code, line.measure), line)
        if other is not line:
            problems.append(
                Problem(
                    file=file,
                    sheet=sheet,
                    row=row,
                    column=line.position,
                    value=line.header,
                    what=f"the column map gives it line {line.code}, which column {other.position} already has",
                    remedy="give the second of them a suffix (such as .2) in the column map",
                )
            )
    if problems:
        raise InputError(problems)
