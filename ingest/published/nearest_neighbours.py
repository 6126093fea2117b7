"""Statistical neighbours of each council: a JSON object from ONS code to an unordered list of codes.

The lists hold the council itself and some repeats; both are left out, for a neighbour is another council
and counts once. `source_row` and `source_column` count entries of the object and of the list.
"""

import json

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.tables import NEIGHBOUR_ROWS


def read(edition: Edition) -> Parsed:
    """One row a council and neighbour. Raises InputError when the file is not an object of lists of codes."""
    try:
        lists = json.loads(edition.path.read_text(encoding="utf-8"))
        is_known = isinstance(lists, dict) and all(isinstance(v, list) for v in lists.values())
    except ValueError:
        is_known = False
    if not is_known:
        raise InputError(
            Problem(
                file=edition.path.name,
                what="the file is not a JSON object of lists of codes",
                remedy="obtain a fresh copy; a new layout needs a change in ingest/published/nearest_neighbours.py",
            )
        )
    rows = []
    for number, (council_code, neighbours) in enumerate(lists.items(), start=1):
        seen = {council_code}
        for position, neighbour_code in enumerate(neighbours, start=1):
            if neighbour_code in seen:
                continue
            seen.add(neighbour_code)
            rows.append((edition.release_id, "", number, position, council_code, neighbour_code))
    return Parsed({NEIGHBOUR_ROWS.name: pd.DataFrame(rows, columns=NEIGHBOUR_ROWS.schema.names)})
