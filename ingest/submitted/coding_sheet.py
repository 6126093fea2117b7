"""A filled-in coding sheet, read back: one row per unit, item and code, and every fault named by its cell.

A faulty cell is left out and told; the rest of its row is kept. A sheet whose head is not understood is
refused whole, because nothing on it could be placed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from rapidfuzz import process

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.sheets import Rows, cell_text, open_workbook, read_rows
from ingest.submitted import codebook
from ingest.submitted.coding_layout import (
    FACTS,
    NO,
    PAGE,
    QUOTATION,
    SHEET,
    UNIT_CODE,
    UNIT_LABEL,
    UNIT_NAME,
    YES,
    Column,
    columns,
    kind,
)
from ingest.submitted.coding_rules import contradictions
from ingest.tables import CODINGS

READS = codebook.PATHS
ANSWERS = {"yes": YES, "y": YES, "true": YES, "1": YES, "no": NO, "n": NO, "false": NO, "0": NO}


@dataclass(frozen=True)
class Head:
    """The block at the top of a sheet, checked."""

    document_type: str
    wave: str
    series: str
    coder: str
    header_row: int


@dataclass(frozen=True)
class Reading:
    """What a sheet gives: its head, one record per coded cell, and the faults found."""

    head: Head
    records: list[dict]
    problems: list[Problem]


def read(edition: Edition) -> Parsed:
    """The codings of one sheet. Raises InputError when the head of the sheet cannot be understood."""
    reading = _parse(edition.path)
    sheet = "" if edition.path.suffix.lower() == ".csv" else SHEET
    head = reading.head
    constant = {
        "release_id": edition.release_id,
        "sheet": sheet,
        "coding_kind": kind(head.document_type),
        "unit_kind": codebook.unit_kind(head.document_type),
        "wave": head.wave,
        "series": head.series,
        "document_type": head.document_type,
        "coder": head.coder,
        "is_adjudicated": head.coder == codebook.ADJUDICATED,
        "is_sample": edition.release.source.is_sample,
    }
    frame = pd.DataFrame([{**constant, **record} for record in reading.records], columns=CODINGS.schema.names)
    return Parsed({"codings": frame}, reading.problems)


def check(path: Path) -> list[Problem]:
    """Every fault of a sheet, in order of its cells; an empty list says that it can be sent in."""
    try:
        return _parse(path).problems
    except InputError as error:
        return error.problems


def is_coding_sheet(path: Path) -> bool:
    """Whether a file presents itself as a coding sheet: its first cell says so."""
    try:
        rows = _rows(path)
    except InputError:
        return False
    return any(_at(row, 0) == FACTS[0] for row in rows[:3])


def _rows(path: Path) -> Rows:
    if path.suffix.lower() == ".csv":
        try:
            return read_rows(path)
        except InputError as error:
            remedy = "save it as “CSV UTF-8”, or as .xlsx"
            raise InputError([replace(problem, remedy=remedy) for problem in error.problems]) from error
    names = open_workbook(path).sheet_names
    return read_rows(path, SHEET if SHEET in names else names[0])


def _at(row: list, position: int) -> str:
    return cell_text(row[position]) if position < len(row) else ""


def _parse(path: Path) -> Reading:
    rows = _rows(path)
    sheet = None if path.suffix.lower() == ".csv" else SHEET
    head = _head(path.name, sheet, rows)
    placed, problems = _columns(path.name, sheet, head, rows[head.header_row - 1])
    records: list[dict] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows[head.header_row :], start=head.header_row + 1):
        if _at(row, 0) == UNIT_LABEL or not any(cell_text(cell) for cell in row):
            continue
        unit = _Unit(path.name, sheet, number, row, placed, head)
        code = unit.text(UNIT_CODE)
        if not any(unit.text(name) for name in placed if name not in (UNIT_CODE, UNIT_NAME)):
            continue
        if not code or code in seen:
            problems.append(unit.misplaced(code, seen))
            continue
        seen[code] = number
        found, faults = unit.read()
        records += found
        problems += faults
    return Reading(head, records, problems)


def _head(file: str, sheet: str | None, rows: Rows) -> Head:
    """The facts at the top. Raises InputError with every fact that is missing or not known."""
    given = {_at(row, 0): (number, _at(row, 1)) for number, row in enumerate(rows[:20], start=1) if _at(row, 0)}
    header_row = given.get(UNIT_CODE, (0, ""))[0]
    if FACTS[0] not in given or not header_row:
        missing = FACTS[0] if FACTS[0] not in given else UNIT_CODE
        raise InputError(
            Problem(
                file=file,
                sheet=sheet,
                row=1,
                column=1,
                what=f"this is no coding sheet: the first column has no cell “{missing}” in its first rows",
                remedy="start from `prevention template --foi` or `--strategies` and keep its first nine rows",
            )
        )
    value = {name: given.get(name, (0, ""))[1] for name in FACTS}
    problems = list(_wrong_facts(file, sheet, given, value))
    if problems:
        raise InputError(problems)
    return Head(value["document_type"], value["wave"], value["series"], value["coder"].lower(), header_row)


def _wrong_facts(file: str, sheet: str | None, given: dict, value: dict[str, str]) -> Iterator[Problem]:
    def wrong(name: str, what: str, remedy: str) -> Problem:
        return Problem(
            file=file,
            sheet=sheet,
            row=given.get(name, (1, ""))[0],
            column=2,
            value=value[name] or None,
            what=what,
            remedy=remedy,
        )

    document_type = value["document_type"]
    if document_type not in (codebook.FOI, *codebook.STRATEGIES):
        yield wrong("document_type", "the document type is not known", "write foi_response, jhws or stp")
    else:
        if value["coding_sheet"] != kind(document_type):
            remedy = f"write {kind(document_type)}, or mend the document type"
            yield wrong("coding_sheet", f"the kind of sheet does not go with {document_type}", remedy)
        if value["wave"] not in codebook.waves(document_type):
            remedy = f"write one of {', '.join(codebook.waves(document_type))}"
            yield wrong("wave", f"the codebook has no such wave of {document_type}", remedy)
        if value["codebook_version"] != codebook.version(document_type):
            remedy = f"fetch a new template; the codebook in force is version {codebook.version(document_type)}"
            yield wrong("codebook_version", "the sheet was made from another version of the codebook", remedy)
    if not value["coder"]:
        yield wrong("coder", "nobody is named as coder", "write your alias, or “adjudicated” for the agreed codes")
    if not value["series"].isdigit():
        yield wrong("series", "the series is not a whole number", "write 1, or the next number for a new coding")


def _columns(file: str, sheet: str | None, head: Head, header: list) -> tuple[dict[str, tuple[int, Column]], list]:
    """Position and meaning of every known column, 1-based, and a problem for each unknown or missing one."""
    known = {column.name: column for column in columns(head.document_type, head.wave)}
    placed: dict[str, tuple[int, Column]] = {}
    problems = []
    for position, cell in enumerate(header, start=1):
        name = cell_text(cell)
        if not name:
            continue
        if name not in known or name in placed:
            near = process.extractOne(name, known.keys())
            what = "the column stands there twice" if name in placed else "the codebook knows no such column"
            near_text = f"; the nearest is {near[0]}" if near and name not in placed else ""
            remedy = "give the column its code from the template, or delete it" + near_text
            problems.append(_problem(file, sheet, head.header_row, position, name, what, remedy))
        else:
            placed[name] = (position, known[name])
    needed = [name for name, column in known.items() if not column.evidence and name not in placed]
    for name in needed:
        what = f"the column {name} is missing, so nothing of it is read"
        remedy = f"add it from the template, under the heading {name}"
        problems.append(_problem(file, sheet, head.header_row, None, None, what, remedy))
    return placed, problems


def _problem(file, sheet, row, column, value, what, remedy) -> Problem:
    return Problem(file=file, sheet=sheet, row=row, column=column, value=value, what=what, remedy=remedy)


class _Unit:
    """One row of a sheet: its cells by column code, and what they say."""

    def __init__(self, file: str, sheet: str | None, number: int, row: list, placed: dict, head: Head):
        self.file, self.sheet, self.number = file, sheet, number
        self.cells = {name: (position, _at(row, position - 1)) for name, (position, _) in placed.items()}
        self.columns = {name: column for name, (_, column) in placed.items()}
        self.head = head

    def text(self, name: str) -> str:
        return self.cells.get(name, (0, ""))[1]

    def fault(self, name: str, what: str, remedy: str) -> Problem:
        position, text = self.cells[name]
        return _problem(self.file, self.sheet, self.number, position, text or None, what, remedy)

    def misplaced(self, code: str, seen: dict[str, int]) -> Problem:
        if code:
            what = f"this unit stands on row {seen[code]} already; this row is not read"
            return self.fault(UNIT_CODE, what, "keep one row per unit on a coder's sheet")
        what = "the row has codes and no unit, so it cannot be placed"
        return self.fault(UNIT_CODE, what, "write the code of the unit, as in the template")

    def read(self) -> tuple[list[dict], list[Problem]]:
        """The records of the row and its faults, in the order of the columns."""
        values, faults = self._values()
        for name, what, remedy in contradictions(self.head.document_type, self.head.wave, values):
            faults.append(self.fault(name, what, remedy))
            values.pop(name)
        faults.sort(key=lambda fault: fault.column)
        return [self._record(name, value) for name, value in values.items()], faults

    def _values(self) -> tuple[dict[str, str], list[Problem]]:
        """Code or yes/no of every coded column that holds one the codebook knows."""
        values: dict[str, str] = {}
        faults = []
        for name, column in self.columns.items():
            if not column.choices:
                continue
            text = self.text(name)
            if not text:
                if self._is_needed(column):
                    faults.append(self.fault(name, "left blank, in a row that is coded", self._say(column)))
                continue
            value = self._value(column, text)
            if value is None:
                near = process.extractOne(text.lower(), column.choices, score_cutoff=60)
                hint = f"; nearest: {near[0]}" if near else ""
                faults.append(self.fault(name, self._unknown(column, text), self._say(column) + hint))
            else:
                values[name] = value
        return values, faults

    def _unknown(self, column: Column, text: str) -> str:
        for wave in codebook.waves(self.head.document_type):
            item = next(
                (i for i in codebook.items(self.head.document_type, wave) if i.item_code == column.item.item_code), None
            )
            if item and item.code(text) and not column.code:
                return f"this code belongs to wave {wave}, not to {self.head.wave}"
        return f"not in the codebook of {column.name}"

    @staticmethod
    def _say(column: Column) -> str:
        return f"write one of {', '.join(column.choices)}"

    @staticmethod
    def _value(column: Column, text: str) -> str | None:
        if column.code:
            return ANSWERS.get(text.lower())
        for code in column.item.codes:
            if text.lower() in (code.code, code.label.lower()):
                return code.code
        return None

    def _is_needed(self, column: Column) -> bool:
        """A blank is a fault once the row is coded: save where the reply is silent, or the item not coded at all."""
        if self._response() == "none":
            return False
        own = [n for n, c in self.columns.items() if c.item == column.item and c.choices]
        if column.item.is_themes:
            status = f"{column.item.item_code}:answered"
            if status in self.columns and ANSWERS.get(self.text(status).lower()) == NO and column.name != status:
                return False
            return any(self.text(name) for name in own)
        return self.head.document_type == codebook.FOI or any(
            self.text(n) for n, c in self.columns.items() if c.choices and not c.code
        )

    def _response(self) -> str:
        return self.text("response").lower()

    def _record(self, name: str, value: str) -> dict:
        column = self.columns[name]
        item = column.item.item_code
        is_present = value == YES if column.code else True
        return {
            "source_row": self.number,
            "source_column": self.cells[name][0],
            "unit_code": self.text(UNIT_CODE),
            "unit_name": self.text(UNIT_NAME),
            "item_code": item,
            "code": column.code.code if column.code else value,
            "is_present": is_present,
            "quotation": (self.text(f"{item}:{QUOTATION}") or None) if is_present else None,
            "page": (self.text(f"{item}:{PAGE}") or None) if is_present else None,
        }
