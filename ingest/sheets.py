"""Spreadsheets and CSV files as plain rows of cells, with the published positions kept.

Row and column numbers are 1-based and count from the sheet's own first cell, so that they match what a
person sees when opening the file.
"""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from ingest.container import inspect
from ingest.limits import LONGEST_FIELD, MOST_ROWS
from ingest.problems import InputError, Problem

Cell = str | int | float | bool | None
Rows = list[list[Cell]]

# A comma first: of two that part as much, the first counts.
_DELIMITERS = (",", ";", "\t")
_HEAD_LINES = 60
_UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def read_rows(path: Path, sheet: str | None = None, encoding: str = "utf-8-sig") -> Rows:
    """Every row of a sheet (xls, xlsx, ods) or of a CSV file.

    Raises InputError when the file cannot be opened or has no such sheet.
    """
    if path.suffix.lower() == ".csv":
        return read_csv_rows(path, encoding)
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
    """A workbook opened for reading.

    Raises InputError when it asks for too much, is damaged, locked or no workbook at all.
    """
    inspect(path)
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


def read_csv_rows(path: Path, encoding: str, keep: Callable[[int, list], bool] | None = None) -> Rows:
    """Every row of a CSV file; with `keep`, those for which it says so of number and row, each of the others empty.

    Raises InputError when the file cannot be opened or is not of this encoding.
    """
    inspect(path)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            head = [line for _, line in zip(range(_HEAD_LINES), stream, strict=False)]
            stream.seek(0)
            return text_rows(stream, path.name, _delimiter(head), keep=keep)
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                file=path.name,
                what=f"byte {error.start} is not {encoding} text",
                remedy="set the encoding in the release's layout in ingest/sources.yml",
            )
        ) from error


def _delimiter(head: list[str]) -> str:
    """What parts the cells of a text table: the sign that gives its first lines most columns, a comma if in doubt."""
    try:
        columns = {sign: max(map(len, csv.reader(head, delimiter=sign)), default=0) for sign in _DELIMITERS}
    except csv.Error:
        return _DELIMITERS[0]
    return max(_DELIMITERS, key=lambda sign: columns[sign])


def text_rows(
    stream: Iterable[str], file: str, delimiter: str = ",", keep: Callable[[int, list], bool] | None = None
) -> Rows:
    """Every row of a text table; blank rows at its end are left out.

    Raises InputError for a cell longer than any text, and for more rows than any publication has.
    """
    csv.field_size_limit(LONGEST_FIELD)
    rows: Rows = []
    number = blank = 0
    try:
        for number, row in enumerate(csv.reader(stream, delimiter=delimiter), 1):
            if not any(row) or (keep and not keep(number, row)):
                blank += 1
                continue
            if number > MOST_ROWS:
                raise _too_large(file, number, f"the file goes on beyond row {MOST_ROWS:,}, the last that is read")
            rows.extend([] for _ in range(blank))
            rows.append(row)
            blank = 0
    except csv.Error as error:
        raise _too_large(file, number + 1, f"the row cannot be read as CSV ({error})") from error
    return rows


def _too_large(file: str, row: int, what: str) -> InputError:
    remedy = "check the row, and for a quotation mark that is not closed before it; or obtain a fresh copy"
    return InputError(Problem(file=file, row=row, what=what, remedy=remedy))


def cell_text(cell: Cell) -> str:
    """The cell as published text, outer white space (no-break spaces too) removed; blank cells give ''.

    Control characters, which no program shows, are left out. A number stored as a float keeps its shortest exact
    form: 11896.0 becomes '11896'.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() else repr(cell)
    text = str(cell)
    if not text.isprintable():
        text = text.translate(_UNSEEN)
    return text.replace("\u00a0", " ").strip()
