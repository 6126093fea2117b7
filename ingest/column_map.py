"""Published headers to our names: one CSV a source under `column_maps/`, one row per layout and header.

Reading stops on a published column that no row of the map knows, so that a publisher's change is seen
the day it happens and never guessed at.
"""

import csv
import re
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
    layout: str,
    headers: dict[int, str],
    *,
    file: str,
    sheet: str | None,
    row: int | None = None,
) -> list[MappedColumn]:
    """Every published column of a file, matched to the map's rows for this layout.

    `headers` maps 1-based positions to header texts (already joined where headers span rows); blank
    headers are the caller's to drop. Where the map gives a `position`, both must agree.
    Raises InputError naming every unknown header, with its position and the nearest known ones.
    """
    rows = [row_ for row_ in load(source) if row_["layout"] == layout]
    by_position = {(normalise(r["header"]), r.get("position") or ""): r for r in rows}
    found, problems = [], []
    for position, header in headers.items():
        key = normalise(header)
        fields = by_position.get((key, str(position))) or by_position.get((key, ""))
        if fields is None:
            problems.append(_unknown(header, position, rows, file, sheet, row, source, layout))
        else:
            found.append(MappedColumn(position, header, fields))
    if problems:
        raise InputError(problems)
    return found


def _unknown(header, position, rows, file, sheet, row, source, layout) -> Problem:
    known = sorted({r["header"] for r in rows})
    near = [name for name, score, _ in process.extract(header, known, scorer=fuzz.WRatio, limit=3) if score >= 60]
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
