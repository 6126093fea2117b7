"""Opening a workbook that somebody sent: is it one, is it whole, is it small enough, and is everything in sight?

A map is small. What is large, locked or packed oddly is refused before it is unpacked, with words a service
manager can act on.
"""

import warnings
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.problems import InputError, Problem, column_letter

MAX_FILE_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 20_000_000
MAX_PARTS = 1_000
MAX_ROWS = 5_000
MAX_COLUMNS = 60
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


def open_workbook(path: Path) -> Workbook:
    """The workbook with its formulas as formulas.

    Raises InputError when the file is no .xlsx workbook, is locked with a password, damaged or too large.
    """
    _refuse_if(path, *_outside(path))
    try:
        with zipfile.ZipFile(path) as parts:
            _refuse_if(path, *_inside(parts))
        with warnings.catch_warnings():
            # Drop-downs of newer Excel versions are dropped on reading, with a warning; only values matter here.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, data_only=False)
    except InputError:
        raise
    except Exception as error:  # a damaged part shows as almost any exception of the reading library
        raise InputError(
            Problem(
                file=path.name,
                what="the workbook is damaged and cannot be read",
                value=str(error)[:120],
                remedy="open it in Excel or LibreOffice, save it again as Excel workbook (.xlsx), and send that copy",
            )
        ) from error


def _refuse_if(path: Path, what: str | None, remedy: str = "", value: str | None = None) -> None:
    if what:
        raise InputError(Problem(file=path.name, what=what, remedy=remedy, value=value))


def _outside(path: Path) -> tuple:
    size = path.stat().st_size
    if size == 0:
        return "the file is empty", "send the workbook again; the copy did not arrive whole"
    if size > MAX_FILE_BYTES:
        return (
            f"the file has {size / 1e6:.0f} MB; a service map has less than {MAX_FILE_BYTES / 1e6:.0f} MB",
            "remove pictures, attachments and sheets of raw data from the workbook",
        )
    with path.open("rb") as stream:
        start = stream.read(8)
        if start == _OLE_MAGIC:
            if "EncryptedPackage".encode("utf-16-le") in stream.read():
                return (
                    "the workbook is locked with a password",
                    "take the password off (File, Info, Protect Workbook) and save it again",
                )
            return (
                "this is a workbook of the old kind (.xls)",
                "open it and save it as Excel workbook (.xlsx), best from a fresh template",
            )
    if not start.startswith(b"PK"):
        return (
            "this is not an Excel workbook",
            "send the template filled in and saved as Excel workbook (.xlsx), not a PDF, a CSV or a scan",
        )
    return (None,)


def _inside(parts: zipfile.ZipFile) -> tuple:
    names = parts.namelist()
    if "xl/workbook.xml" not in names:
        return "this is not an Excel workbook", "open it and save it as Excel workbook (.xlsx)"
    if len(names) > MAX_PARTS:
        return f"the workbook has {len(names)} parts inside", "copy your answers into a fresh template"
    unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        return (
            f"the workbook is huge: {unpacked / 1e6:,.0f} MB when unpacked, at most {MAX_UNPACKED_BYTES / 1e6:.0f} MB "
            "are read",
            "copy your answers into a fresh template; filled-down formats or pasted data make a sheet this large",
        )
    return (None,)


def out_of_sight(file: str, sheet: Worksheet) -> list[Problem]:
    """What makes a sheet unsafe to read: too large, hidden, with hidden rows or columns, or with merged cells."""
    problems = []

    def add(
        what: str, remedy: str, row: int | None = None, column: int | None = None, value: str | None = None
    ) -> None:
        problems.append(Problem(file, what, remedy, sheet.title, row, column, value))

    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        size = f"{sheet.max_row:,} rows and {sheet.max_column:,} columns"
        add(
            f"the sheet is huge: it runs to {size}; at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns are read",
            "delete the rows and columns outside the table (select them, then Delete rows), and save",
        )
    if sheet.sheet_state != "visible":
        add("the sheet is hidden", "right-click the sheet tabs, choose Unhide, and check what it holds")
    for row, size in sorted(sheet.row_dimensions.items()):
        if size.hidden and row <= MAX_ROWS:
            add("this row is hidden", "clear the filter, or select the rows around it and choose Unhide", row)
    for size in sheet.column_dimensions.values():
        if size.hidden:
            for column in range(size.min, min(size.max, MAX_COLUMNS) + 1):
                add("this column is hidden", "select the columns around it and choose Unhide", None, column)
    for cells in sorted(sheet.merged_cells.ranges, key=lambda cells: (cells.min_row, cells.min_col)):
        add(
            "cells are merged",
            "select them, choose Unmerge Cells, and fill in every row",
            cells.min_row,
            cells.min_col,
            f"{column_letter(cells.min_col)}{cells.min_row}:{column_letter(cells.max_col)}{cells.max_row}",
        )
    return problems
