"""Published headers to our names: one CSV a source under `column_maps/`, one row per layout and header.

Reading stops on a published column that no row of the map knows, so that a publisher's change is seen
the day it happens and never guessed at.
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


def match(
    source: str,
    layout: str | Sequence[str],
    headers: dict[int, str],
    *,
    file: str,
    sheet: str | None,
    row: int | None = None,
    numbers: dict[int, str] | None = None,
) -> list[MappedColumn]:
    """Every published column of a file, matched to the map's rows for this layout.

    `layout` names a layout of the map, or several of which the first that knows a header counts: a year
    that differs in a few columns lists those and stands on the layout it resembles. `headers` maps
    1-based positions to header texts (already joined where headers span rows); blank headers are the
    caller's to drop. `numbers` maps positions to the form line numbers printed with the headers. Where
    the map gives a `position` or a `number`, it must agree as well.
    Raises InputError naming every unknown header, with its position and the nearest known ones.
    """
    layouts = (layout,) if isinstance(layout, str) else tuple(layout)
    rows = [row_ for name in layouts for row_ in load(source) if row_["layout"] == name]
    known: dict[tuple[str, str, str], dict[str, str]] = {}
    for row_ in rows:
        known.setdefault((normalise(row_["header"]), row_.get("position") or "", row_.get("number") or ""), row_)
    found, problems = [], []
    for position, header in headers.items():
        key, number = normalise(header), (numbers or {}).get(position, "")
        keys = ((key, str(position), ""), (key, "", number), (key, "", ""))
        fields = next((known[k] for k in keys if k in known), None)
        if fields is None:
            problems.append(_unknown(header, number, position, rows, file, sheet, row, source, layouts[0]))
        else:
            found.append(MappedColumn(position, header, fields))
    if problems:
        raise InputError(problems)
    return found


def _unknown(header, number, position, rows, file, sheet, row, source, layout) -> Problem:
    same = sorted({r["number"] for r in rows if r.get("number") and normalise(r["header"]) == normalise(header)})
    if same:
        hint = f" with form line number {number or 'blank'}; it is known with {', '.join(same)}"
    else:
        known = sorted({r["header"] for r in rows})
        # Shared words tell more than shared letters: publishers reword the end of a header, or its order.
        found = process.extract(header, known, scorer=fuzz.token_set_ratio, processor=normalise, limit=3)
        near = [name for name, score, _ in found if score >= 60]
        hint = f"; nearest known headers: {'; '.join(near)}" if near else "; no known header is near it"
    return Problem(
        file=file,
        sheet=sheet,
        row=row,
        column=position,
        value=header,
        what=f"column {position} ({column_letter(position)}) is not in the column map{hint}",
        remedy=f"add a row for layout {layout} to ingest/column_maps/{source}.csv, or correct the file",
    )
