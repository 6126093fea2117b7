"""What an .xls file asks for before it is opened: the chains its sectors form, and the rectangle its cells span.

An .xls file is a compound file: a small file system, whose table names for each sector the one that follows it. The
reading library follows such a chain to its end without counting; a chain that runs in a circle has it ask for memory
until there is none. So the chains it will follow are followed here first, and the records of the workbook are looked
through for their last row and column. The layout is Microsoft's [MS-CFB] and [MS-XLS].
"""

import struct
from collections.abc import Iterator
from pathlib import Path

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_HEADER = 512
_FIRST_OF_HEADER = 76
_HIGHEST = 0xFFFFFFFA
_END = 0xFFFFFFFE
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_WORKBOOKS = ("Workbook", "Book")
# Records that hold the value of one cell or of a row of cells: their first two numbers are the row and the column.
_OF_CELLS = {0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0406, 0x0206}
_SEVERAL = 0x00BD
_BEGIN = 0x0809


class Damaged(Exception):
    """The file is no sound compound file; the message says in which way."""


class CompoundFile:
    """The file system within a file, as far as a workbook lies in it.

    Raises Damaged where a chain of sectors runs in a circle, leads outside the file, or holds less than it says.
    """

    def __init__(self, content: bytes):
        self._content = content
        if len(content) < _HEADER:
            raise Damaged("its header is cut off")
        shift, self._mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or self._mini_shift != 6:
            raise Damaged("its header gives sectors of no known size")
        self._size = 1 << shift
        first_directory, _, cutoff, first_mini, _, first_of_table = struct.unpack_from("<6I", content, 48)
        table_sectors = [*struct.unpack_from("<109I", content, _FIRST_OF_HEADER), *self._further(first_of_table)]
        self._table = self._numbers(n for n in table_sectors if n < _HIGHEST)
        entries = b"".join(self._sectors(self._chain(self._table, first_directory)))
        self._mini_table = self._numbers(self._chain(self._table, first_mini))
        self._mini = b""
        self._cutoff = cutoff
        self._streams: dict[str, tuple[int, int]] = {}
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            name = entries[at : at + min(max(struct.unpack_from("<H", entries, at + 64)[0] - 2, 0), 62)]
            kind = entries[at + 66]
            start, size = struct.unpack_from("<II", entries, at + 116)
            if kind == _ROOT:
                self._mini = b"".join(self._sectors(self._chain(self._table, start)))
            elif kind == _STREAM:
                self._streams[name.decode("utf-16-le", "replace")] = (start, size)

    def workbook(self) -> bytes:
        """The records of the workbook in the file; nothing where there is none."""
        start, size = next((self._streams[name] for name in _WORKBOOKS if name in self._streams), (_END, 0))
        if size >= self._cutoff:
            held = b"".join(self._sectors(self._chain(self._table, start)))
        else:
            width = 1 << self._mini_shift
            held = b"".join(self._mini[n * width : (n + 1) * width] for n in self._chain(self._mini_table, start))
        if size > len(held):
            raise Damaged("its workbook is cut off")
        return held[:size]

    def _further(self, sector: int) -> Iterator[int]:
        """Sectors of the table that the header has no room for, from the list that goes on in sectors of its own."""
        seen: set[int] = set()
        while sector < _HIGHEST:
            if sector in seen:
                raise Damaged("the list of its table's sectors runs in a circle")
            seen.add(sector)
            (held,) = self._sectors([sector])
            *numbers, sector = struct.unpack(f"<{self._size // 4}I", held)
            yield from numbers

    def _numbers(self, sectors: Iterator[int] | list[int]) -> list[int]:
        held = b"".join(self._sectors(sectors))
        return list(struct.unpack(f"<{len(held) // 4}I", held))

    def _sectors(self, numbers: Iterator[int] | list[int]) -> Iterator[bytes]:
        for number in numbers:
            held = self._content[(number + 1) * self._size : (number + 2) * self._size]
            if not held:
                raise Damaged(f"a chain of its sectors leads to sector {number:,}, which the file does not have")
            yield held.ljust(self._size, b"\0")

    @staticmethod
    def _chain(table: list[int], start: int) -> list[int]:
        chain: list[int] = []
        while start < _HIGHEST:
            if start >= len(table):
                raise Damaged(f"a chain of its sectors leads to sector {start:,}, which its table does not have")
            if len(chain) >= len(table):
                raise Damaged("a chain of its sectors runs in a circle")
            chain.append(start)
            start = table[start]
        return chain


def extents(path: Path) -> Iterator[tuple[int, int]]:
    """Rows and columns from the first to the last cell with a value, of each sheet of the workbook.

    Raises Damaged.
    """
    records = CompoundFile(path.read_bytes()).workbook()
    at = rows = columns = 0
    while at + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, at)
        if kind == _BEGIN:
            yield rows, columns
            rows = columns = 0
        elif kind in _OF_CELLS and length >= 4 and at + 8 <= len(records):
            row, column = struct.unpack_from("<HH", records, at + 4)
            if kind == _SEVERAL and length >= 6:
                (column,) = struct.unpack_from("<H", records, min(at + 2 + length, len(records) - 2))
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += 4 + length
    yield rows, columns
