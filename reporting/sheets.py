"""A workbook before it has a format: its sheets, their columns and rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Row, counted from zero, of the columns' names; the header in words is below it, the first row of figures next.
NAME_ROW = 3
HEADER_ROW = 4


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
        yield [column.header for column in sheet.columns]
    yield from sheet.rows
