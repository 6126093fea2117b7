"""Mid-year population estimates by single year of age: a row an area and a column an age, or a row a figure.

The layout names the sheet (none for CSV) and the `mid_year`; the header row is looked for unless it is named. The
oldest age is 90 and over, whether the header says `90` or `90+`. Every area is kept, from the United Kingdom down
to districts, on the release's own boundaries; footnotes under the table are no rows. The long form is that of the
Nomis export of the same estimates (data set NM_2002_1): `GEOGRAPHY_CODE`, `C_AGE_NAME` and `OBS_VALUE`, with the
rows of one sex, of percentages and of broad ages left out.
"""

import re

import pandas as pd

from ingest import column_map
from ingest.edition import Edition, Parsed
from ingest.numbers import is_number, read_number, refuse_if_many
from ingest.problems import InputError, Problem
from ingest.sheets import Rows, cell_text
from ingest.tables import POPULATION_CELLS
from ingest.tabular import headers_in, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("population_cells",)

SOURCE = "ons_population"
ALL_AGES = -1
AREA_CODE = re.compile(r"[A-Z]\d{8}")
HEADER_ROWS = 30
NEEDED = {"GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "C_AGE_NAME", "OBS_VALUE"}
LONG = {*NEEDED, "DATE_NAME", "GENDER_NAME", "SEX_NAME", "C_SEX_NAME", "MEASURES_NAME"}
AGE_NAME = re.compile(
    r"(?P<all>all ages)|(?:aged? )?(?P<age>\d{1,2})(?:\+| and over| years(?: and over)?)?", re.IGNORECASE
)


def read(edition: Edition) -> Parsed:
    """One row an area and age. Raises InputError for unknown columns, or when an age is missing."""
    layout = edition.release.layout
    rows = rows_of(edition)
    header_row = layout.get("header_row") or _header_row(rows)
    headers = headers_in(edition, rows, header_row)
    named_long = {name: n for n, header in headers.items() for name in LONG if header.upper() == name}
    if "OBS_VALUE" in named_long:
        return _long(edition, rows, header_row, named_long)
    place = {"file": edition.path.name, "sheet": layout.get("sheet")}
    found = column_map.match(SOURCE, "1", headers, row=header_row, learned=edition.release.learned, **place)
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
            cells.append((*found_at, mid_year(edition), code, name, age, int(persons), cell_text(cell)))
    refuse_if_many(rejects, len(cells), edition.path.name)
    return Parsed({POPULATION_CELLS.name: pd.DataFrame(cells, columns=POPULATION_CELLS.schema.names)}, rejects)


def mid_year(edition: Edition) -> int:
    """The year whose 30 June the estimate is for: as the layout says, else the first of the financial year."""
    layout = edition.release.layout
    return layout.get("mid_year") or int((edition.release.financial_year or "0")[:4])


def _header_row(rows: Rows) -> int:
    """1-based row of the headers: the first that has a code and every age, or the columns of the long form."""
    for number, row in enumerate(rows[:HEADER_ROWS], start=1):
        texts = {cell_text(cell).lower() for cell in row}
        if {"code", "all ages", "65"} <= texts or {"geography_code", "obs_value"} <= texts:
            return number
    return 1


def _long(edition: Edition, rows: Rows, header_row: int, named: dict[str, int]) -> Parsed:
    """One row an area and age of the long form; figures of one sex, percentages and broad ages are passed over."""
    place = {"file": edition.path.name, "sheet": edition.release.layout.get("sheet")}
    missing = sorted(NEEDED - set(named))
    if missing:
        raise InputError(
            Problem(
                **place,
                row=header_row,
                what=f"columns missing: {', '.join(missing)}",
                remedy="export the file again with these columns; Nomis offers them as names and codes",
            )
        )
    cells, rejects = [], []
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        texts = {name: cell_text(row[n - 1]) if n <= len(row) else "" for name, n in named.items()}
        sex = texts.get("GENDER_NAME") or texts.get("SEX_NAME") or texts.get("C_SEX_NAME") or "Total"
        age = AGE_NAME.fullmatch(texts["C_AGE_NAME"])
        is_count = texts.get("MEASURES_NAME", "Value") == "Value"
        if not age or not is_count or sex.lower() not in ("total", "all persons", "persons"):
            continue
        code, position = texts["GEOGRAPHY_CODE"], named["OBS_VALUE"]
        persons = read_number(row[position - 1], SOURCE).number
        whole = persons is not None and persons >= 0 and persons == persons.to_integral_value()
        if not whole or not AREA_CODE.fullmatch(code):
            rejects.append(_bad_cell(place, number, position, row[position - 1]))
            continue
        year = int(texts["DATE_NAME"][:4]) if texts.get("DATE_NAME", "")[:4].isdigit() else mid_year(edition)
        single = ALL_AGES if age["all"] else int(age["age"])
        found_at = (edition.release_id, place["sheet"] or "", number, position)
        cells.append((*found_at, year, code, texts["GEOGRAPHY_NAME"], single, int(persons), texts["OBS_VALUE"]))
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
