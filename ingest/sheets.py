"""Spreadsheets and CSV files as plain rows of cells, with the published positions kept.

Row and column numbers are 1-based and count from the sheet's own first cell, so that they match what a
person sees when opening the file.
"""

import csv
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from ingest.problems import InputError, Problem

Cell = str | int | float | bool | None
Rows = list[list[Cell]]


def read_rows(path: Path, sheet: str | None = None, encoding: str = "utf-8-sig") -> Rows:
    """Every row of a sheet (xls, xlsx, ods) or of a CSV file.

    Raises InputError when the file cannot be opened or has no such sheet.
    """
    if path.suffix.lower() == ".csv":
        return _read_csv(path, encoding)
    workbook = open_workbook(path)
    if sheet not in workbook.sheet_names:
        raise InputError(
            Problem(
                file=path.name,
                sheet=sheet,
                what=f"there is no sheet of this name; the workbook has {', '.join(workbook.sheet_names)}",
                remedy="put the sheet's present name in the release's layout in ingest/sources.yml",
            )
        )
    return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def open_workbook(path: Path) -> CalamineWorkbook:
    """A workbook opened for reading. Raises InputError when it is damaged, locked or no workbook at all."""
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise InputError(
            Problem(
                file=path.name,
                what=f"the workbook cannot be opened ({str(error).rstrip('.')})",
                remedy="save it again as .xlsx, .xls or .ods, without a password, or obtain a fresh copy",
            )
        ) from error


def _read_csv(path: Path, encoding: str) -> Rows:
    try:
        with path.open(encoding=encoding, newline="") as stream:
            return [list(row) for row in csv.reader(stream)]
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                file=path.name,
                what=f"byte {error.start} is not {encoding} text",
                remedy="set the encoding in the release's layout in ingest/sources.yml",
            )
        ) from error


def cell_text(cell: Cell) -> str:
    """The cell as published text, outer white space (no-break spaces too) removed; blank cells give ''.

    A number stored as a float keeps its shortest exact form: 11896.0 becomes '11896'.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).replace(" ", " ").strip()
