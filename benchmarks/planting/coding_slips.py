"""Slips that coders make in a coding sheet or in an export of a form: each planted in a sound one of five councils.

A slip that takes nothing away (`said` is empty) has to be read as if it were not there.
"""

import csv
import datetime
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl

from ingest.submitted.codings import codebook, coding_template
from ingest.submitted.codings.coding_layout import FIRST_ROW, HEADER_ROW, SHEET
from ingest.submitted.codings.unit_register import Register
from sample.coded_replies import replies
from sample.coded_strategies import strategies
from sample.councils import in_force

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "codings"
WAVE, YEAR = "2017", "2016-17"
COUNCILS = [(council.council_code, council.name.removesuffix(" (fictional)")) for council in in_force(YEAR)]
REGISTER = Register(tuple((code, name, "2013-14", None) for code, name in COUNCILS))
_AGREED = replies(WAVE, [code for code, _ in COUNCILS])
_OPEN = [item.item_code for item in codebook.items(codebook.FOI, WAVE) if item.is_themes]
# Councils that answered every open question and have a local approach: no cell of theirs is blank for a reason.
UNITS = [
    pair
    for pair in COUNCILS
    if _AGREED[pair[0]].get("q2a") == "yes" and all(_AGREED[pair[0]].get(f"{q}:answered") == "yes" for q in _OPEN)
][:5]
BOARDS = codebook.boards(COUNCILS, YEAR)


@dataclass(frozen=True)
class Slip:
    """A slip: how it is planted in a folder, and the cell and the words that are said of it."""

    name: str
    plant: Callable[[Path], Path]
    cell: str = ""
    said: str = ""


def sound(folder: Path, suffix: str = "xlsx", document_type: str = codebook.FOI) -> Path:
    """A sheet without a fault."""
    path = folder / f"sheet.{suffix}"
    path.write_bytes(_sound(suffix, document_type))
    return path


@cache
def _sound(suffix: str, document_type: str) -> bytes:
    evidence = {"q2a:quotation": "prevention comes first", "q2a:page": "3"}
    replied = {code: _AGREED[code] | evidence for code, _ in UNITS}
    is_foi = document_type == codebook.FOI
    readings = replied if is_foi else strategies(document_type, WAVE, [code for code, _ in BOARDS])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet.{suffix}"
        coding_template.write(path, document_type, WAVE, UNITS if is_foi else BOARDS[:5], "ann", "1", readings)
        return path.read_bytes()


def column(sheet, name: str) -> int:
    """Position of a column, 1-based."""
    return next(cell.column for cell in sheet[HEADER_ROW] if cell.value == name)


def _edited(change: Callable, document_type: str = codebook.FOI) -> Callable[[Path], Path]:
    def plant(folder: Path) -> Path:
        path = sound(folder, document_type=document_type)
        book = openpyxl.load_workbook(path)
        change(book, book[SHEET])
        book.save(path)
        return path

    return plant


def _put(row: int, name: str, value: object, document_type: str = codebook.FOI) -> Callable[[Path], Path]:
    return _edited(lambda _, sheet: sheet.cell(row, column(sheet, name), value), document_type)


def _cleared(name: str) -> Callable[[Path], Path]:
    def change(_, sheet) -> None:
        for row in range(FIRST_ROW, FIRST_ROW + len(UNITS)):
            sheet.cell(row, column(sheet, name)).value = None

    return _edited(change)


def _exchanged(_, sheet) -> None:
    first, second = sheet.cell(FIRST_ROW, 1), sheet.cell(FIRST_ROW + 1, 1)
    first.value, second.value = second.value, first.value


def _repeated(_, sheet) -> None:
    for place in (1, 2):
        sheet.cell(FIRST_ROW + 1, place, sheet.cell(FIRST_ROW, place).value)


def _truths(_, sheet) -> None:
    for row, value in zip(range(FIRST_ROW, FIRST_ROW + 5), (1, 0, True, False, "Y"), strict=True):
        sheet.cell(row, column(sheet, "q1:funds"), value)


def _text(change: Callable[[str], bytes]) -> Callable[[Path], Path]:
    def plant(folder: Path) -> Path:
        path = sound(folder, "csv")
        path.write_bytes(change(path.read_text(encoding="utf-8-sig")))
        return path

    return plant


def _semicolons(text: str) -> bytes:
    return "\n".join(";".join(f'"{cell}"' for cell in row) for row in csv.reader(text.splitlines())).encode()


def _export(source: str, change: Callable[[Path, Path], object]) -> Callable[[Path], Path]:
    def plant(folder: Path) -> Path:
        for name in (f"{source}.csv", f"{source}.mapping.yml"):
            shutil.copyfile(EXAMPLES / name, folder / name)
        change(folder / f"{source}.csv", folder / f"{source}.mapping.yml")
        return folder / f"{source}.csv"

    return plant


def _replaced(which: int, old: str, new: str, source: str) -> Callable[[Path], Path]:
    """The first place of a pattern in the export (0) or in its mapping (1) written otherwise."""

    def change(*files: Path) -> None:
        text, count = re.subn(old, new, files[which].read_text(encoding="utf-8"), count=1)
        if not count:
            raise ValueError(f"{files[which].name} has no {old}")
        files[which].write_text(text, encoding="utf-8")

    return _export(source, change)


SLIPS = (
    Slip("a code misspelt", _put(10, "q2a", "yess"), "row 10, column AF", "not in the codebook of q2a"),
    Slip("two answers in one cell", _put(10, "q2a", "yes; in_process"), "row 10, column AF", "nearest: yes"),
    Slip("a remark in a cell for a code", _put(10, "q2a", "yes (see annex)"), "row 10, column AF", "nearest: yes"),
    Slip("a cell left blank", _put(10, "q3a", ""), "row 10, column AL", "left blank, in a row that is coded"),
    Slip("the name of another council", _put(10, "unit_name", UNITS[3][1]), "row 10, column A", "the name beside it"),
    Slip("two codes exchanged: one column sorted", _edited(_exchanged), "row 11, column A", "sorted without the other"),
    Slip("a unit twice", _edited(_repeated), "row 11, column A", "this unit is on row 10 already"),
    Slip("the letter O in a unit code", _put(10, "unit_code", "E0690O001"), "row 10, column A", "there is no such"),
    Slip(
        "a date for a year",
        _put(10, "start_year", datetime.date(2014, 4, 1), "jhws"),
        "row 10, column BE",
        "2014-04-01",
    ),
    Slip(
        "a span of years for a year", _put(10, "start_year", "2013-2016", "jhws"), "row 10, column BE", "nearest: 2013"
    ),
    Slip(
        "a page that Excel made a date",
        _put(10, "q2a:page", datetime.date(2026, 4, 3)),
        "row 10, column AH",
        "this is no page",
    ),
    Slip("a page in words", _put(10, "q2a:page", "three"), "row 10, column AH", "write the number of the page"),
    Slip(
        "cells of the heading merged",
        _edited(lambda _, s: s.merge_cells(start_row=8, end_row=8, start_column=3, end_column=4)),
        "row 8",
        "merged cells hold one heading",
    ),
    Slip(
        "a column deleted",
        _edited(lambda _, s: s.delete_cols(column(s, "q3a"))),
        "row 8",
        "the column q3a is missing",
    ),
    Slip(
        "a heading typed anew",
        _edited(lambda _, s: s.cell(8, column(s, "q3a"), "q3")),
        "row 8, column AL",
        "the nearest is q3a",
    ),
    Slip("the row of codes deleted", _edited(lambda _, s: s.delete_rows(8)), "row 1, column A", "no header row"),
    Slip("the wave mistyped", _edited(lambda _, s: s.cell(3, 2, "2071")), "row 3, column B", "no such wave"),
    Slip("another wave's number", _edited(lambda _, s: s.cell(3, 2, 2016)), "row 3, column B", "as wave 2017 did"),
    Slip("no coder", _edited(lambda _, s: s.cell(5, 2, "")), "row 5, column B", "nobody is named as coder"),
    Slip(
        "a column of a Forms export renamed",
        _replaced(0, "Have you developed a local", "Has it a local", "google_forms"),
        "row 1, column D",
        "the mapping file says nothing of this column",
    ),
    Slip(
        "a Forms answer in other words",
        _replaced(0, '"Yes"', '"Sort of"', "google_forms"),
        "row 2, column D",
        "Sort of",
    ),
    Slip("a field of REDCap renamed", _replaced(0, ",q2a,", ",q_two,", "redcap"), "row 1, column E", "says nothing of"),
    Slip(
        "a long table with an unknown question",
        _replaced(0, "q2a", "q9z", "long_table"),
        "row 2, column B",
        "the codebook has no such question",
    ),
    Slip(
        "an unknown code in a long table", _replaced(0, "q2a,yes", "q2a,yess", "long_table"), "row 2, column C", "yess"
    ),
    Slip(
        "an export without its mapping",
        _export("google_forms", lambda _, mapping: mapping.unlink()),
        "row 1, column A",
        "this looks like an export of Google Forms",
    ),
    Slip(
        "saved by Excel in Windows-1252",
        _text(lambda text: text.replace("comes first", "comes “first” for £5").encode("cp1252")),
    ),
    Slip("semicolons between cells", _text(_semicolons)),
    Slip("quotations left blank (counted)", _cleared("q2a:quotation")),
    Slip("another sheet put first", _edited(lambda book, _: book.create_sheet("My notes", 0))),
    Slip("the sheet renamed", _edited(lambda _, sheet: setattr(sheet, "title", "Sheet1"))),
    Slip("a row put above the head", _edited(lambda _, sheet: sheet.insert_rows(1))),
    Slip("spaces behind codes", _put(10, "q2a", "yes \u00a0")),
    Slip("1, 0, TRUE, FALSE and Y for yes and no", _edited(_truths)),
    Slip("a year as a number", _put(10, "start_year", 2014, "jhws")),
    Slip("the words of a code for the code", _put(10, "q2a", "Yes")),
)
