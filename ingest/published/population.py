"""Mid-year population estimates by single year of age, one sheet a release.

The layout names the sheet, the header row and the `mid_year`. The oldest age is 90 and over, whether the
header says `90` or `90+`. Every area is kept, from the United Kingdom down to districts, on the release's
own boundaries; footnotes under the table are no rows.
"""

import re

import pandas as pd

from ingest import column_map
from ingest.edition import Edition, Parsed
from ingest.numbers import is_number, read_number, refuse_if_many
from ingest.problems import InputError, Problem
from ingest.sheets import cell_text
from ingest.tables import POPULATION_CELLS
from ingest.tabular import rows_of

SOURCE = "ons_population"
ALL_AGES = -1
AREA_CODE = re.compile(r"[A-Z]\d{8}")


def read(edition: Edition) -> Parsed:
    """One row an area and age. Raises InputError for unknown columns, or when an age is missing."""
    layout = edition.release.layout
    rows, header_row = rows_of(edition), layout["header_row"]
    headers = {n: cell_text(cell) for n, cell in enumerate(rows[header_row - 1], start=1) if cell_text(cell)}
    place = {"file": edition.path.name, "sheet": layout.get("sheet")}
    found = column_map.match(SOURCE, "1", headers, row=header_row, **place)
    named = {column.fields["name"]: column.position for column in found if column.fields["name"]}
    ages = {int(name.removeprefix("age_")): n for name, n in named.items() if name.startswith("age_")}
    missing = sorted({"code", "name"} - set(named)) + sorted(set(range(ALL_AGES, 91)) - set(ages))
    if missing:
        raise InputError(
            Problem(
                **place,
                row=header_row,
                what=f"columns missing: {', '.join(str(m) for m in missing)} (a number is an age, -1 all ages)",
                remedy="correct header_row in ingest/sources.yml, or the file",
            )
        )
    cells, rejects = [], []
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        row = row + [None] * (max(named.values()) - len(row))
        code, name = cell_text(row[named["code"] - 1]), cell_text(row[named["name"] - 1])
        if not AREA_CODE.fullmatch(code):
            rejects.extend(_odd_row(row, ages, place, number, code))
            continue
        for age, position in ages.items():
            cell = row[position - 1]
            reading = read_number(cell, SOURCE)
            persons = reading.number
            if persons is None or persons != persons.to_integral_value() or persons < 0:
                rejects.append(_bad_cell(place, number, position, cell))
                continue
            found_at = (edition.release_id, layout.get("sheet") or "", number, position)
            cells.append((*found_at, layout["mid_year"], code, name, age, int(persons), cell_text(cell)))
    refuse_if_many(rejects, len(cells), edition.path.name)
    return Parsed({POPULATION_CELLS.name: pd.DataFrame(cells, columns=POPULATION_CELLS.schema.names)}, rejects)


def _odd_row(row: list, ages: dict[int, int], place: dict, number: int, code: str) -> list[Problem]:
    """A row without an area code is a footnote, unless it holds figures: then it is a reject."""
    if not any(is_number(row[position - 1]) for position in ages.values()):
        return []
    return [
        Problem(
            **place,
            row=number,
            column="code",
            value=code,
            what="a row of figures without an area code",
            remedy="give the area's ONS code in the first column",
        )
    ]


def _bad_cell(place: dict, row: int, column: int, cell) -> Problem:
    return Problem(
        **place,
        row=row,
        column=column,
        value=cell_text(cell),
        what="not a whole number of residents",
        remedy="correct the cell; the area counts as having no estimate at this age",
    )
