"""A workbook before it has a format: its sheets, their columns and rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

# Row, counted from zero, of the columns' names; the header in words is below it, the first row of figures next.
NAME_ROW = 3
HEADER_ROW = 4
# Characters across a sheet of A4 on its side that can still be read; wider tables go on beside themselves.
PAPER_WIDTH = 200
# Columns that stand at the left of each of the sheets that a wide table is printed on: what tells its rows apart.
HEADING_COLUMNS = 2


class Link(str):
    """The name of a sheet, which leads there."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its name in the warehouse, the header in words, and how its numbers are shown."""

    name: str
    header: str
    shape: str = "text"


@dataclass
class Sheet:
    """One sheet: title, what a row is, a note, then one table. A sheet without columns is a page of lines."""

    name: str
    title: str
    about: str = ""
    note: str = ""
    columns: list[Column] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Book:
    """What both formats write: properties, and the sheets one by one."""

    title: str
    author: str
    comments: str
    language: str
    created: datetime
    sheets: list[Sheet]


def lines_of(sheet: Sheet) -> Iterator[list[Any]]:
    """The sheet's lines from the top, as both formats write them."""
    yield [sheet.title]
    yield [sheet.about]
    yield [sheet.note]
    if sheet.columns:
        yield [column.name for column in sheet.columns]
        yield unique(sheet)
    yield from sheet.rows


def width(place: int, shape: str) -> int:
    """Width of a column in characters."""
    return 16 if shape != "text" else 24 if place < 5 else 18


def across(sheet: Sheet) -> int:
    """How many sheets of paper a table is printed on, side by side."""
    return ceil(sum(width(place, column.shape) for place, column in enumerate(sheet.columns)) / PAPER_WIDTH) or 1


def unique(sheet: Sheet) -> list[str]:
    """Headers in words, told apart where two columns have the same words: a table may not have one header twice."""
    seen: dict[str, int] = {}
    headers = []
    for column in sheet.columns:
        times = seen[column.header.casefold()] = seen.get(column.header.casefold(), 0) + 1
        headers.append(column.header if times == 1 else f"{column.header} ({column.name})")
    return headers
