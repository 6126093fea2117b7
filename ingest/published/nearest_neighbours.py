"""Statistical neighbours of each council: a table of councils with their neighbours by rank, or an older list.

The table has a column a neighbour, the nearest first. The older list is a JSON object from ONS code to an
unordered list of codes, which hold the council itself and some repeats; both are left out, for a neighbour is
another council and counts once. `source_row` and `source_column` count entries of the object and of the list.
"""

import json
import re

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.sheets import cell_text
from ingest.tables import NEIGHBOUR_ROWS
from ingest.tabular import rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("nearest_neighbours",)

CODE = re.compile(r"[A-Z]\d{8}")
CODE_HEADER = re.compile(r"(?:.*\b)?(?:authority|area|council|ons|gss) code", re.IGNORECASE)
RANK_HEADER = re.compile(r"(?:nearest )?neighbour (?P<rank>\d+)(?: code)?", re.IGNORECASE)
HEADER_ROWS = 20


def read(edition: Edition) -> Parsed:
    """One row a council and neighbour, with its rank where the file gives one.

    Raises InputError when the file is neither a table of ranks nor an object of lists of codes.
    """
    if edition.path.suffix.lower() == ".json":
        rows = _lists(edition)
        rejects: list[Problem] = []
    else:
        rows, rejects = _ranks(edition)
    return Parsed({NEIGHBOUR_ROWS.name: pd.DataFrame(rows, columns=NEIGHBOUR_ROWS.schema.names)}, rejects)


def _lists(edition: Edition) -> list[tuple]:
    try:
        lists = json.loads(edition.path.read_text(encoding="utf-8"))
        is_known = isinstance(lists, dict) and all(isinstance(v, list) for v in lists.values())
    except ValueError:
        is_known = False
    if not is_known:
        raise _unknown(edition, "the file is not a JSON object of lists of codes")
    rows = []
    for number, (council_code, neighbours) in enumerate(lists.items(), start=1):
        seen = {council_code}
        for position, neighbour_code in enumerate(neighbours, start=1):
            if neighbour_code in seen:
                continue
            seen.add(neighbour_code)
            rows.append((edition.release_id, "", number, position, council_code, neighbour_code, None))
    return rows


def _ranks(edition: Edition) -> tuple[list[tuple], list[Problem]]:
    table = rows_of(edition)
    header, code_column, ranks = _header(table)
    if not ranks or code_column is None:
        raise _unknown(edition, "no row of headers has a council's code and neighbours by rank (“Neighbour 1”)")
    rows, rejects = [], []
    sheet = edition.release.layout.get("sheet") or ""
    for number, row in enumerate(table[header:], start=header + 1):
        council_code = cell_text(row[code_column - 1]) if code_column <= len(row) else ""
        seen = {council_code}
        for rank, position in ranks.items():
            neighbour_code = cell_text(row[position - 1]) if position <= len(row) else ""
            if not neighbour_code:
                continue
            if not (CODE.fullmatch(council_code) and CODE.fullmatch(neighbour_code)) or neighbour_code in seen:
                rejects.append(_no_neighbour(edition, number, position, neighbour_code))
                continue
            seen.add(neighbour_code)
            rows.append((edition.release_id, sheet, number, position, council_code, neighbour_code, rank))
    return rows, rejects


def _header(table: list[list]) -> tuple[int, int | None, dict[int, int]]:
    """1-based header row, column of the council's code, and column of each rank."""
    for number, row in enumerate(table[:HEADER_ROWS], start=1):
        texts = {n: " ".join(cell_text(cell).split()) for n, cell in enumerate(row, start=1)}
        found = {n: RANK_HEADER.fullmatch(text) for n, text in texts.items()}
        ranks = {int(match["rank"]): n for n, match in found.items() if match}
        if ranks:
            return number, next((n for n, text in texts.items() if CODE_HEADER.fullmatch(text)), None), ranks
    return 0, None, {}


def _no_neighbour(edition: Edition, row: int, column: int, value: str) -> Problem:
    return Problem(
        file=edition.path.name,
        sheet=edition.release.layout.get("sheet"),
        row=row,
        column=column,
        value=value,
        what="not the code of another council, or one that the row has already",
        remedy="correct the cell; the council counts as having one neighbour fewer",
    )


def _unknown(edition: Edition, what: str) -> InputError:
    return InputError(
        Problem(
            file=edition.path.name,
            what=what,
            remedy="obtain a fresh copy; a new layout needs a change in ingest/published/nearest_neighbours.py",
        )
    )
