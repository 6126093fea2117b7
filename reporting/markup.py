"""Figures and tables that carry where they came from: every number printed names its mart, column and key."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

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

    @cached_property
    def address(self) -> dict[str, str]:
        """The mart and the row, as one flat dictionary."""
        return {"mart": self.mart, **{k: words.exact(v) for k, v in self.key.items()}}

    def __str__(self) -> str:
        return self.text


def encode(key: dict[str, Any]) -> str:
    """A row key as a query string; a null value is left empty after a bare name."""
    return urlencode({name: words.exact(value) for name, value in key.items()}, quote_via=quote)


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
    """A table as shown and as downloaded. Cells are text, Markup, Figure or None; the first column heads the row."""

    caption: str
    columns: list[Column]
    rows: list[list[Any]] = field(default_factory=list)
    csv_name: str = ""
    is_sortable: bool = False
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
    if isinstance(cell, Markup):
        return guard(cell.striptags())
    return guard(str(cell))


def guard(text: str) -> str:
    """Text a spreadsheet will not run as a formula, without control characters."""
    # A line end of old is one to a spreadsheet, and stands unquoted where the file ends its lines another way.
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    stripped = text.lstrip("-")
    return text.count("-") <= 1 and bool(stripped) and stripped.replace(".", "", 1).isdigit()


def name(text: Any) -> Markup:
    """A name that came from a file: isolated, so that right-to-left text cannot reorder what stands beside it."""
    return Markup("<bdi>{}</bdi>").format("" if text is None else str(text))


def link(href: str, text: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text if isinstance(text, Markup) else name(text))


def render(table: Table) -> Markup:
    """The table in its own scrolling box, which takes the keyboard so that it can be scrolled without a mouse.

    The mart, and the part of the key that all rows share, stand once on the table; the rest of the key on the row.
    """
    addresses = [_row_address(row) for row in table.rows]
    common = _common(addresses)
    attributes = ' class="sortable"' if table.is_sortable else ""
    attributes += f' id="{escape(table.identifier)}"' if table.identifier else ""
    if common.get("mart"):
        attributes += f' data-mart="{escape(common["mart"])}" data-key="{escape(_query(common))}"'
    parts = [
        f'<div class="table-box" tabindex="0" role="region" aria-label="{escape(table.caption)}">',
        f"<table{attributes}><caption>{escape(table.caption)}</caption><thead><tr>",
        *(f'<th scope="col"{_number_class(column)}>{escape(column.header)}</th>' for column in table.columns),
        "</tr></thead><tbody>",
    ]
    for position, (row, address) in enumerate(zip(table.rows, addresses, strict=True)):
        own = {k: v for k, v in address.items() if common.get(k) != v} if common.get("mart") else {}
        said = address if common.get("mart") else {}
        attributes = f' data-key="{escape(_query(own))}"' if own else ""
        if table.row_attributes:
            pairs = table.row_attributes[position].items()
            attributes += "".join(f' data-{escape(k)}="{escape(words.exact(v))}"' for k, v in pairs)
        parts.append(f"<tr{attributes}>")
        for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            content = cell.markup(said) if isinstance(cell, Figure) else escape("" if cell is None else cell)
            tag = "td" if place else 'th scope="row"'
            parts.append(f"<{tag}{_number_class(column)}>{content}</{tag[:2]}>")
        parts.append("</tr>")
    parts.append("</tbody></table></div>")
    return Markup("".join(parts))


def _row_address(row: list[Any]) -> dict[str, str]:
    """Where most of the row's figures come from; the first of them where none is most."""
    addresses = [cell.address for cell in row if isinstance(cell, Figure) and cell.mart]
    return max(addresses, key=addresses.count) if addresses else {}


def _common(addresses: list[dict[str, str]]) -> dict[str, str]:
    """What every row that has figures says alike."""
    held = [address for address in addresses if address]
    if not held or len({tuple(address) for address in held}) > 1:
        return {}
    return {k: v for k, v in held[0].items() if all(address[k] == v for address in held)}


def _query(address: dict[str, str]) -> str:
    return urlencode({k: v for k, v in address.items() if k != "mart"}, quote_via=quote)


def _number_class(column: Column) -> str:
    return ' class="number"' if column.is_number else ""
