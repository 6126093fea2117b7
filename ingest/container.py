"""What a workbook asks for before it is opened: its size, its parts, and the rectangle its cells span.

The reading library builds every cell between the first and the last one of a sheet. A file of a thousand bytes with
one cell in each far corner would have it ask for half a terabyte, and the whole program would end there. So the
parts are looked through as plain text first, piece by piece, and what asks for too much is refused in words.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest import compound
from ingest.limits import (
    MOST_CELLS,
    MOST_FILE_BYTES,
    MOST_PACKING,
    MOST_PARTS,
    MOST_UNPACKED_BYTES,
    PACKING_FREE_BYTES,
)
from ingest.problems import InputError, Problem

_PIECE = 1 << 22
_TAIL = 4096
_NESTED = (".zip", ".7z", ".rar", ".gz", ".xlsx", ".xlsm", ".xls", ".ods")
_XLSX_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']\$?([A-Za-z]{1,4})\$?(\d{1,10})["']""")
# A cell without a place of its own is where its row is.
_XLSX_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d{1,10})["'][^>]*>\s*<(?:\w+:)?c(?![^>]*\br=)[\s>]""")
_ODS_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)(?![\w-])([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["'](\d+)["']""")
_VALUE = re.compile(rb"office:value|office:string-value|office:date-value|office:boolean-value|value-type")


def inspect(path: Path) -> None:
    """Raise InputError when opening the file would ask for more than any publication does, or it is empty."""
    at = path.stat()
    _inspect_once(path, at.st_size, at.st_mtime_ns, at.st_ino)


# A workbook is opened once for each of its sheets; what it asks for is the same each time.
@lru_cache(maxsize=256)
def _inspect_once(path: Path, size: int, _changed: int, _node: int) -> None:
    if size == 0:
        raise _refusal(path, "the file is empty", "obtain it again; the copy did not arrive whole")
    if size > MOST_FILE_BYTES:
        raise _refusal(
            path,
            f"the file has {size / 1e9:.1f} GB; at most {MOST_FILE_BYTES / 1e9:.0f} GB are read",
            "check that this is the right file",
        )
    if _is_compound(path):
        _inspect_chains(path)
    if zipfile.is_zipfile(path):
        _inspect_parts(path)


def _is_compound(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(compound.SIGNATURE)) == compound.SIGNATURE


def _inspect_chains(path: Path) -> None:
    try:
        for rows, columns in compound.extents(path):
            _bounded_sheet(path, "a sheet", rows, columns)
    except compound.Damaged as error:
        raise _damaged(path, error) from error


def _inspect_parts(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            _bounded(path, parts.infolist())
            for part in parts.infolist():
                if not part.filename.endswith(".xml"):
                    continue
                read = _ods_extent if part.filename == "content.xml" else _xlsx_extent
                extent = read(parts, part)
                _bounded_sheet(path, part.filename, extent.rows, extent.columns)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _damaged(path, error) from error


def _bounded_sheet(path: Path, what: str, rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise _refusal(
            path,
            f"the cells of {what} span {rows:,} rows and {columns:,} columns; at most {MOST_CELLS:,} cells are read",
            "delete what is far outside the table (select the rows and columns, then Delete), and save",
        )


def _damaged(path: Path, error: Exception) -> InputError:
    return _refusal(
        path,
        f"the workbook is damaged or locked ({str(error).rstrip('.')[:120]})",
        "save it again without a password, or obtain a fresh copy",
    )


def _bounded(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise _refusal(path, f"the workbook has {len(parts):,} parts inside", "save its table as a new workbook")
    nested = next((part for part in parts if part.filename.lower().endswith(_NESTED)), None)
    if nested is not None:
        raise _refusal(
            path, f"there is another archive inside ({nested.filename[:80]})", "send the file itself, unpacked"
        )
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > PACKING_FREE_BYTES and unpacked > MOST_PACKING * max(packed, 1)):
        raise _refusal(
            path,
            f"the workbook is {unpacked / 1e6:,.0f} MB when unpacked, {unpacked // max(packed, 1):,} times its size",
            "copy the table into a new workbook; filled-down formats or pasted data make a sheet this large",
        )


@dataclass
class _Extent:
    """The last row and column with anything in it."""

    rows: int = 0
    columns: int = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part piece by piece; each ends behind a whole tag, so that none is cut in two."""
    rest, seen = b"", 0
    with parts.open(part) as stream:
        while block := stream.read(_PIECE):
            seen += len(block)
            if seen > MOST_UNPACKED_BYTES:
                raise zipfile.BadZipFile("it unpacks to more than it says")
            block = rest + block
            cut = block.rfind(b">") + 1
            yield block[:cut]
            rest = block[cut:][-_PIECE:]


def _xlsx_extent(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Extent:
    extent = _Extent()
    for piece in _pieces(parts, part):
        for row in _XLSX_ROW.findall(piece):
            extent.reach(int(row), 1)
        found = _XLSX_CELL.findall(piece)
        if found:
            extent.reach(max(int(row) for _, row in found), max(map(_column, {letters for letters, _ in found})))
    return extent


def _column(letters: bytes) -> int:
    position = 0
    for letter in letters.upper():
        position = position * 26 + letter - 64
    return position


def _ods_extent(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Extent:
    """The largest sheet. Cells repeated without a value, as programs write them to the edge of the grid, are none."""
    largest, extent, row, column, times = _Extent(), _Extent(), 0, 0, 1
    for piece in _pieces(parts, part):
        for closing, kind, attributes in _ODS_TAG.findall(piece):
            if kind == b"table":
                extent, row = (_Extent(), 0) if not closing else (extent, row)
            elif kind == b"table-row":
                if closing or attributes.endswith(b"/"):
                    row += times if closing else _repeated(attributes)
                else:
                    column, times = 0, _repeated(attributes)
            elif not closing:
                column += _repeated(attributes) if b"repeated" in attributes else 1
                if (row + times > extent.rows or column > extent.columns) and _VALUE.search(attributes):
                    extent.reach(row + times, column)
                    if extent.cells > largest.cells:
                        largest = _Extent(extent.rows, extent.columns)
    return largest


def _repeated(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return min(int(found[1]), 10**10) if found else 1


def _refusal(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(file=path.name, what=what, remedy=remedy))
