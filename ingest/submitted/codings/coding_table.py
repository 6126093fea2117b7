"""A table of codings as people save it: Excel's several kinds of CSV, or a sheet of a workbook.

UK Excel writes “CSV (Comma delimited)” in Windows-1252, Excel of other countries puts semicolons between cells,
and “Unicode Text” is UTF-16 with tabs. All hold the same rows.
"""

import codecs
import io
from pathlib import Path

from ingest.container import inspect
from ingest.problems import InputError, Problem
from ingest.sheets import Rows, cell_text, open_workbook, read_rows, text_rows

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = ",;\t|"
_WINDOWS = "cp1252"


def read_table(path: Path, sheet: str | None = None, head: str | None = None) -> tuple[str | None, Rows]:
    """Name of the sheet (None for text files) and its rows.

    Where no sheet has this name, the one that begins with `head` is read, for people rename sheets; else the
    first. Raises InputError when the file cannot be read as either.
    """
    if path.suffix.lower() in TEXT_SUFFIXES:
        text = _text(path)
        return None, text_rows(io.StringIO(text), path.name, _delimiter(text))
    names = open_workbook(path).sheet_names
    if sheet in names:
        return sheet, read_rows(path, sheet)
    read = ((name, read_rows(path, name)) for name in names)
    headed = ((name, rows) for name, rows in read if head and any(at(row, 0) == head for row in rows[:3]))
    return next(headed, None) or (names[0], read_rows(path, names[0]))


def _text(path: Path) -> str:
    inspect(path)
    content = path.read_bytes()
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode(_WINDOWS)
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                file=path.name,
                what=f"byte {error.start + 1} of the file belongs to neither UTF-8 nor Windows text",
                remedy="save it as “CSV UTF-8 (Comma delimited)”, or as .xlsx",
            )
        ) from error


def _delimiter(text: str) -> str:
    """The sign between cells: the one that the first line with any has most of."""
    for line in text.splitlines():
        counts = {sign: line.count(sign) for sign in _DELIMITERS}
        if any(counts.values()):
            return max(counts, key=counts.get)
    return ","


def at(row: list, position: int) -> str:
    """The cell at a 0-based position as text; '' beyond the end of the row."""
    return cell_text(row[position]) if position < len(row) else ""
