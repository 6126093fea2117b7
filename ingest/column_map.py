"""Published headers to our names: one CSV a source under `column_maps/`, one row per layout and header.

Reading stops on a published column that no row of the map knows, so that a publisher's change is seen
the day it happens and never guessed at. Footnote marks, years and positions are no change.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from ingest.problems import InputError, Problem, column_letter
from ingest.sheets import Cell, cell_text

FOLDER = Path(__file__).parent / "column_maps"
# Above this, and when they are most of the sheet, unknown headers are one message: it is another table.
MANY = 12
NOTE_MARK = re.compile(
    r"\[(?:notes? )?[a-z0-9]{1,3}(?:(?:,| and|, and) [a-z0-9]{1,3})*\]|\((?:note \d+|[a-z])\)|\^\d+|[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰]+"
)
EXTENT = re.compile(r"\((?:total|sum) of (?:lines? )?[^()]*\)")
YEARS = re.compile(r"\b(?:19|20)\d{2} ?(?:-|/|to) ?(?:(?:19|20)?\d{2})\b")
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True)
class MappedColumn:
    """A published column found in a file: 1-based position, header as published, and the map's fields."""

    position: int
    header: str
    fields: dict[str, str]


def normalise(header: Cell) -> str:
    """Header text for comparison: white space folded, dashes and quotes made plain, lower case."""
    text = cell_text(header).replace("–", "-").replace("—", "-")
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"\s+", " ", text).strip().lower()


@cache
def load(source: str) -> tuple[dict[str, str], ...]:
    """All rows of a source's column map, as dictionaries. Shape: columns `layout`, `header` and the rest."""
    with (FOLDER / f"{source}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def loose(header: Cell) -> str:
    """Header text without what changes from year to year: footnote marks, years, ranges of lines, punctuation."""
    text = EXTENT.sub(" ", NOTE_MARK.sub(" ", normalise(header)))
    text = YEAR.sub(" year ", YEARS.sub(" year ", text)).replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9+]", " ", text).split())


def match(
    source: str,
    layout: str | Sequence[str],
    headers: dict[int, str],
    *,
    file: str,
    sheet: str | None,
    row: int | None = None,
    numbers: dict[int, str] | None = None,
    learned: Sequence[dict[str, str]] = (),
) -> list[MappedColumn]:
    """Every published column of a file, matched to the map's rows for this layout.

    `layout` names a layout of the map, or several of which the first that knows a header counts: a year
    that differs in a few columns lists those and is on the layout it resembles. `headers` maps
    1-based positions to header texts (already joined where headers span rows); blank headers are the
    caller's to drop. `numbers` maps positions to the form line numbers printed with the headers. Where
    the map gives a `position` or a `number`, it must agree as well. `learned` are rows that a warehouse has added.

    A header that no row has word for word is compared without footnote marks and years, and without its
    position or an unprinted number; it counts as known where one line is left, or where as many columns as
    lines share the header: these are in the order of the form.
    Raises InputError naming every unknown header, with its position and the nearest known ones.
    """
    layouts = (layout,) if isinstance(layout, str) else tuple(layout)
    rows = [row_ for row_ in learned if not row_.get("layout") or row_["layout"] in layouts]
    rows += [row_ for name in layouts for row_ in load(source) if row_["layout"] == name]
    known: dict[tuple[str, str, str], dict[str, str]] = {}
    for row_ in rows:
        known.setdefault((normalise(row_["header"]), row_.get("position") or "", row_.get("number") or ""), row_)
    # Where the layout asked first tells one header's columns apart by position, no later layout speaks for them.
    first: dict[str, dict[str, str]] = {}
    for row_ in rows:
        first.setdefault(normalise(row_["header"]), row_)
    by_position = {key for key, row_ in first.items() if row_.get("position")}
    numbers = numbers or {}
    found: dict[int, dict[str, str]] = {}
    for position, header in headers.items():
        key, number = normalise(header), numbers.get(position, "")
        keys: tuple[tuple[str, str, str], ...] = ((key, str(position), ""), (key, "", number), (key, "", ""))
        if key in by_position:
            keys = keys[:1]
        fields = next((known[k] for k in keys if k in known), None)
        if fields is not None:
            found[position] = fields
    found |= _resembling(rows, headers, numbers, found)
    unknown = [position for position in headers if position not in found]
    if unknown:
        raise InputError(_unknown_headers(unknown, headers, numbers, rows, file, sheet, row, source, layouts[0]))
    return [MappedColumn(position, header, found[position]) for position, header in headers.items()]


def _resembling(rows, headers, numbers, found) -> dict[int, dict[str, str]]:
    """Rows for the columns that no row names word for word, where there can be no doubt which is meant."""
    taken = {_target(fields) for fields in found.values()}
    by_header: dict[str, list[dict[str, str]]] = {}
    for fields in rows:
        same = by_header.setdefault(loose(fields["header"]), [])
        if not same or same[0].get("layout") == fields.get("layout"):
            same.append(fields)
    groups: dict[tuple[str, str], list[int]] = {}
    for position, header in headers.items():
        if position not in found:
            groups.setdefault((loose(header), numbers.get(position, "")), []).append(position)
    resolved: dict[int, dict[str, str]] = {}
    for (text, number), positions in groups.items():
        fits = by_header.get(text, [])
        if numbers:
            fits = [f for f in fits if (f.get("number") or "") in ("", number)]
        targets = {_target(f): f for f in reversed(fits)}
        choice = list(reversed(targets.values()))
        if len(choice) > 1:
            choice = [fields for fields in choice if _target(fields) not in taken]
        if len(choice) == 1:
            choice *= len(positions)
        if text and len(choice) == len(positions):
            resolved |= dict(zip(sorted(positions), choice, strict=True))
    return resolved


def _target(fields: dict[str, str]) -> tuple:
    """What a row of the map makes of a column, whatever the header it is known by."""
    return tuple(value for name, value in fields.items() if name not in ("layout", "header", "number", "position"))


def _unknown_headers(unknown, headers, numbers, rows, file, sheet, row, source, layout) -> list[Problem]:
    if len(unknown) > MANY and len(unknown) * 2 > len(headers):
        shown = "; ".join(f"{column_letter(n)} {headers[n]!r}" for n in unknown[:3])
        return [
            Problem(
                file=file,
                sheet=sheet,
                row=row,
                what=f"{len(unknown)} of {len(headers)} headers are not in layout {layout} of the column map, "
                f"for example {shown}",
                remedy="this is another table or another layout: check the sheet and the row of its headers, or let "
                "`prevention add` say what the file is",
            )
        ]
    # A service has a column for each of its measures: one question for all of them.
    first = {(loose(headers[n]), numbers.get(n, "")): n for n in reversed(unknown)}
    return [
        _unknown(headers[n], numbers.get(n, ""), n, rows, file, sheet, row, source, layout)
        for n in sorted(first.values())
    ]


def nearest(header: str, rows: Sequence[dict[str, str]], limit: int = 3) -> list[dict[str, str]]:
    """Rows of a map whose headers are nearest to a header, the nearest first; those too far away are left out."""
    # Shared words tell more than shared letters: publishers reword the end of a header, or its order.
    known = {r["header"]: r for r in reversed(rows)}
    found = process.extract(header, list(known), scorer=fuzz.token_set_ratio, processor=normalise, limit=limit)
    return [known[name] for name, score, _ in found if score >= 60]


def _unknown(header, number, position, rows, file, sheet, row, source, layout) -> Problem:
    same = [r for r in rows if normalise(r["header"]) == normalise(header)]
    printed = sorted({r["number"] for r in same if r.get("number")})
    placed = sorted({int(r["position"]) for r in same if r.get("position")})
    if printed:
        hint = f" with form line number {number or 'blank'}; it is known with {', '.join(printed)}"
    elif placed:
        columns = ", ".join(f"{n} ({column_letter(n)})" for n in placed)
        hint = f" at this position; it is known in column {columns}, and more than one line bears this header"
    else:
        near = [r["header"] for r in nearest(header, sorted(rows, key=lambda r: r["header"]))]
        hint = f"; nearest known headers: {'; '.join(near)}" if near else "; no known header is near it"
    return Problem(
        file=file,
        sheet=sheet,
        row=row,
        column=position,
        value=header,
        what=f"column {position} ({column_letter(position)}) is not in the column map{hint}",
        remedy=f"say which line it is with `prevention add`, add a row for layout {layout} to "
        f"ingest/column_maps/{source}.csv, or correct the file",
    )
