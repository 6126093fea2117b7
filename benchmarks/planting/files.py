"""Published files as books of sheets, and the ways their figures are altered."""

import csv
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from benchmarks.fuzzing import books
from benchmarks.fuzzing.books import Book
from ingest.catalogue import Release
from ingest.sheets import Cell, Rows, cell_text, open_workbook, read_rows

# The published files by name, found once.
_places: dict[str, Path] = {}


def look_in(data: Path) -> None:
    """Name the folder of the published files."""
    _places.update({path.name: path for path in data.rglob("*") if path.is_file()})


def place_of(name: str) -> Path:
    return _places[name]


def only_sheet(name: str, sheet: str) -> Rows:
    """The rows of one sheet of a published file."""
    return [list(row) for row in read_rows(place_of(name), sheet)]


def book_of(release: Release, name: str) -> Book:
    """The sheets of a published file that are read; a text file as it is, cell by cell."""
    path = place_of(name)
    if path.suffix == ".csv":
        with path.open(encoding=_encoding(release), newline="") as stream:
            return {"": list(csv.reader(stream))}
    layout = release.layout
    named = [layout["sheet"]] if "sheet" in layout else []
    named += [sheet if isinstance(sheet, str) else sheet["name"] for sheet in layout.get("sheets", ())]
    return {sheet: only_sheet(name, sheet) for sheet in named or open_workbook(path).sheet_names}


def _encoding(release: Release) -> str:
    return release.layout.get("encoding", "utf-8-sig")


def write(book: Book, path: Path, release: Release) -> None:
    """Write a book as the file it was, in its own encoding."""
    if path.suffix == ".csv":
        with path.open("w", encoding=_encoding(release), newline="") as stream:
            csv.writer(stream).writerows(book[""])
    else:
        books.write(book, path)


def number(cell: Cell) -> Decimal | None:
    """The figure in a cell, or none."""
    try:
        return Decimal(cell_text(cell).replace(",", "").strip())
    except InvalidOperation:
        return None


def as_cell(value: Decimal, like: Cell) -> Cell:
    """A figure in the form of the cell it takes the place of."""
    if isinstance(like, str):
        return f"{value.normalize():f}"
    return float(value)


def row_of(rows: Rows, key: str) -> int:
    """The first row that has this text in one of its first cells."""
    return next(n for n, row in enumerate(rows) if key in [cell_text(cell).strip() for cell in row[:12]])


def column_of(rows: Rows, words: str, row: int | None = None) -> int:
    """The first column with a header (of the given row, or any of the first twenty) that contains the words."""
    for header in rows[:20] if row is None else [rows[row]]:
        for n, cell in enumerate(header):
            if words in " ".join(cell_text(cell).split()):
                return n
    raise AssertionError(f"no header says {words}")


def scale(row: list[Cell], times: Decimal | str, first: int = 0, only: set[int] | None = None) -> None:
    """Multiply the figures of a row, from a column on."""
    for n, cell in enumerate(row):
        value = number(cell) if n >= first and (only is None or n in only) else None
        if value is not None:
            row[n] = as_cell(value * Decimal(times), cell)


def exchange(one: list[Cell], other: list[Cell], first: int) -> None:
    """Exchange what two rows hold from a column on."""
    one[first:], other[first:] = other[first:], one[first:]


def in_sheet(sheet: str, alter: Callable[[Rows], None]) -> Callable[[Book], None]:
    """An alteration of one sheet of a book."""
    return lambda book: alter(book[sheet])
