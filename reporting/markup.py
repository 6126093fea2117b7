"""Figures and tables that carry where they came from: every number printed names its mart, column and key."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, ClassVar
from urllib.parse import quote

from markupsafe import Markup, escape

from reporting import words

# The wide forms count too: spreadsheets set to East Asian languages read them alike.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# Control characters steer a terminal or end a text early; line ends and tabs are kept inside a cell.
CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)])
STATUS_WORDS = {"suppressed": "[c]", "not_reported": "[x]"}


@dataclass(frozen=True)
class Figure:
    """One number on a page: its text, and the mart cell it is (or the sum it is, when `sums` is set).

    `key` are the column values that find the row; a test reads them back and asks the mart.
    """

    text: str
    mart: str
    column: str
    key: dict[str, Any]
    value: Any
    sums: bool = False

    def __html__(self) -> Markup:
        return Markup(self.markup({}))

    def markup(self, said: dict[str, str]) -> str:
        """The element, escaped; what `said` (the table and the row) already tells of the cell is left out."""
        attributes = f' data-column="{self.column}"'
        if said != self.address:
            attributes += f' data-mart="{self.mart}" data-key="{escape(encode(self.key))}"'
        attributes += " data-sum" if self.sums else ""
        return f'<data value="{words.exact(self.value)}"{attributes}>{escape(self.text)}</data>'

    @property
    def address(self) -> dict[str, str]:
        """The mart and the row, as one flat dictionary. Not to be changed: the figures of a row share it."""
        return _address(self.mart, *self.key.items())

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Label:
    """A cell of markup that a file tells in plainer words."""

    markup: Markup
    words: str

    def __html__(self) -> Markup:
        return self.markup


@dataclass(frozen=True)
class Spine:
    """A council's place in the spread of councils, as a small drawing in a table cell.

    `marks` are places on the drawing's width: the ends of the spread, of its middle half, its middle, England, the
    ends of the council's interval, the council (None where not held), and whether its figure is modelled.
    """

    marks: list
    words: str

    WIDTH: ClassVar[int] = 220
    HEIGHT: ClassVar[int] = 26

    def __html__(self) -> Markup:
        *places, is_modelled = self.marks
        first, third = places[2], places[3]
        width = f"{round(third - first, 1):g}"
        low, high, first, third, middle, england, lower, upper, own = (p if p is None else f"{p:g}" for p in places)
        parts = [
            f'<line class="spread" x1="{low}" x2="{high}" y1="13" y2="13"/>',
            f'<rect class="half" x="{first}" y="8" width="{width}" height="10"/>',
            f'<line class="middle" x1="{middle}" x2="{middle}" y1="5" y2="21"/>',
        ]
        if england is not None:
            parts.append(f'<path class="england" d="M{england} 21l4 5h-8z"/>')
        if own is not None:
            if lower is not None:
                parts.append(f'<line class="interval" x1="{lower}" x2="{upper}" y1="13" y2="13"/>')
            kind = "own modelled" if is_modelled else "own"
            parts.append(f'<circle class="{kind}" cx="{own}" cy="13" r="5"/>')
        return Markup(
            f'<svg class="spine" width="{self.WIDTH}" height="{self.HEIGHT}" viewBox="0 0 {self.WIDTH} {self.HEIGHT}"'
            f' role="img" aria-label="{escape(self.words)}">{"".join(parts)}</svg>'
        )


def encode(key: dict[str, Any]) -> str:
    """A row key as a query string; a null value is left empty after a bare name."""
    return "&".join(f"{_quoted(name)}={_quoted(words.exact(value))}" for name, value in key.items())


@lru_cache(maxsize=4096)
def _address(mart: str, *key: tuple[str, Any]) -> dict[str, str]:
    return {"mart": mart, **{k: words.exact(v) for k, v in key}}


@cache
def _quoted(text: str) -> str:
    return quote(text, safe="")


def figure(row: dict, mart: str, keys: Iterable[str], column: str, shape: Callable[[Any], str]) -> Figure:
    """The figure of a mart row's column."""
    return Figure(shape(row[column]), mart, column, {k: row[k] for k in keys}, row[column])


@dataclass(frozen=True)
class Column:
    """A table column: header with its unit, whether it holds numbers, and its data type for the sorter."""

    header: str
    is_number: bool = False
    note: str = ""


@dataclass
class Table:
    """A table as shown and as downloaded. Cells are text, Markup, Figure or None; the first column heads the row.

    With `has_groups` a head that repeats the one above it is shown on one line: it is whole in the first of its group.
    """

    caption: str
    columns: list[Column]
    rows: list[list[Any]] = field(default_factory=list)
    csv_name: str = ""
    is_sortable: bool = False
    has_groups: bool = False
    identifier: str = ""
    row_attributes: list[dict[str, Any]] | None = None

    def __html__(self) -> Markup:
        return render(self)

    def as_csv(self) -> str:
        """The table as CSV: exact values where a cell is a figure, text that a spreadsheet cannot run."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([plain(column.header) for column in self.columns])
        for row in self.rows:
            writer.writerow([plain(cell) for cell in row])
        return out.getvalue()


def plain(cell: Any) -> str:
    """A cell for CSV. Text that begins like a formula gets an apostrophe, so that it stays text."""
    if cell is None:
        return ""
    if isinstance(cell, Figure):
        return words.exact(cell.value)
    if isinstance(cell, Spine | Label):
        return guard(cell.words)
    if isinstance(cell, Markup):
        return guard(cell.striptags())
    return guard(str(cell))


def guard(text: str) -> str:
    """Text a spreadsheet will not run as a formula, without control characters."""
    # A line end of old is one to a spreadsheet, and is left unquoted where the file ends its lines another way.
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    stripped = text.lstrip("-")
    return text.count("-") <= 1 and bool(stripped) and stripped.replace(".", "", 1).isdigit()


def name(text: Any) -> Markup:
    """A name that came from a file: isolated, so that right-to-left text cannot reorder what is beside it."""
    return Markup("<bdi>{}</bdi>").format("" if text is None else str(text))


def link(href: str, text: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text if isinstance(text, Markup) else name(text))


def render(table: Table) -> Markup:
    """The table in its own scrolling box, which takes the keyboard so that it can be scrolled without a mouse.

    The mart, and the part of the key that all rows share, stand once on the table; the rest of the key on the row.
    """
    shared = addressed(table)
    common = shared.common
    attributes = ' class="sortable"' if table.is_sortable else ""
    attributes += f' id="{escape(table.identifier)}"' if table.identifier else ""
    if common.get("mart"):
        attributes += f' data-mart="{escape(common["mart"])}" data-key="{escape(key_query(common))}"'
    parts = [
        f'<div class="table-box" tabindex="0" role="region" aria-label="{escape(table.caption)}">',
        f"<table{attributes}><caption>{escape(table.caption)}</caption><thead><tr>",
        *(f'<th scope="col"{_number_class(column)}>{escape(column.header)}</th>' for column in table.columns),
        "</tr></thead><tbody>",
    ]
    for position, (row, (own, said)) in enumerate(zip(table.rows, shared.rows, strict=True)):
        attributes = f' data-key="{escape(key_query(own))}"' if own else ""
        if table.row_attributes:
            pairs = table.row_attributes[position].items()
            attributes += "".join(f' data-{escape(k)}="{escape(words.exact(v))}"' for k, v in pairs)
        parts.append(f"<tr{attributes}>")
        for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            content = cell.markup(said) if isinstance(cell, Figure) else escape("" if cell is None else cell)
            tag = "td" if place else 'th scope="row"'
            if table.has_groups and not place and position and plain(cell) == plain(table.rows[position - 1][0]):
                tag += ' class="same"'
            parts.append(f"<{tag}{_number_class(column)}>{content}</{tag[:2]}>")
        parts.append("</tr>")
    parts.append("</tbody></table></div>")
    return Markup("".join(parts))


@dataclass(frozen=True)
class Addressed:
    """What a table's rows share of their address; of each row, what it has besides, and what its cells need not say."""

    common: dict[str, str]
    rows: list[tuple[dict[str, str], dict[str, str]]]


def addressed(table: Table) -> Addressed:
    """Where the table's figures come from: said once for the table, then for the row."""
    addresses = [_row_address(row) for row in table.rows]
    common = _common(addresses)
    if not common.get("mart"):
        return Addressed(common, [({}, {})] * len(addresses))
    return Addressed(common, [({k: v for k, v in a.items() if common.get(k) != v}, a) for a in addresses])


def _row_address(row: list[Any]) -> dict[str, str]:
    """Where most of the row's figures come from; the first of them where none is most."""
    figures = [cell for cell in row if isinstance(cell, Figure) and cell.mart]
    if not figures:
        return {}
    first = figures[0]
    if all(f.key == first.key and f.mart == first.mart for f in figures):
        return first.address
    addresses = [f.address for f in figures]
    return max(addresses, key=addresses.count)


def _common(addresses: list[dict[str, str]]) -> dict[str, str]:
    """What every row that has figures says alike."""
    held = [address for address in addresses if address]
    if not held or len({tuple(address) for address in held}) > 1:
        return {}
    return {k: v for k, v in held[0].items() if all(address[k] == v for address in held)}


def key_query(address: dict[str, str]) -> str:
    return encode({k: v for k, v in address.items() if k != "mart"})


def _number_class(column: Column) -> str:
    return ' class="number"' if column.is_number else ""
