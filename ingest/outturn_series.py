"""The Revenue Outturn multi-year data set: a row an authority and year, a column a form, item and measure, £ thousand.

Not yet tried on a published file. Built from the publisher's guidance page “Revenue Outturn multi-year data set
guidance” (rows, unit, rows for England and the classes) and from public programs that read the file: its columns
`year_ending` (`201803`), `ONS_code`, `LA_LGF_code`, `LA_name`, `status` (`submitted`), `LA_class`, `LA_subclass`, then
form, reference id and measure as in `RO3_ascinf_net_cur_exp`. The ids are those that the workbooks of RO3 and RSX and
the budgets of 2023-24 print in a row of their own; `column_maps/revenue_outturn_ids.csv` says which line each is.

One file is an edition of many releases: of each form and year it holds. An id that nobody has named is kept under its
own name as a note, which counts in no sum.
"""

import re
from collections.abc import Callable

import pandas as pd

from ingest import column_map
from ingest.edition import Edition, Parsed
from ingest.finance_heading import no_councils
from ingest.finance_lines import required_lines
from ingest.finance_sheet import (
    CLASS_CODE,
    ECODE,
    ENGLAND,
    ENGLAND_CODE,
    GLA,
    Body,
    Line,
    at,
    cells,
    clean_name,
    no_repeated_body,
    no_repeated_line,
    require,
)
from ingest.problems import InputError, Problem
from ingest.sheets import Rows, read_csv_rows

IDS = "revenue_outturn_ids"
# The columns that say whose row it is and of which year; `status` and `la_subclass` stand beside them.
PLACE = ("year_ending", "ons_code", "la_lgf_code", "la_name", "la_class", "status")
MEASURES = {
    "empl": "employees",
    "run_exp": "running_expenses",
    "tot_exp": "total_expenditure",
    "sfc": "sales_fees_and_charges",
    "oth_inc": "other_income",
    "tot_inc": "total_income",
    "net_cur_exp": "net_current_expenditure",
    "mss": "management_and_support_services",
}
COLUMN = re.compile(rf"(?P<form>[A-Z]+\d?|RSX)_(?P<id>.+?)_(?P<measure>{'|'.join(MEASURES)})", re.IGNORECASE)
# Forms of which it is known what their ids mean. The others (RO1, RO2, RO6, RS, RG, TSR) are left where they are.
FORMS = ("ro3", "ro4", "ro5", "rsx")
YEAR_ENDING = re.compile(r"(20\d\d)-?(?:03(?:-?31)?)?")
SUBMITTED = "submitted"
NOT_NAMED = "notes"


def is_series(headers: list[str]) -> bool:
    """Whether a first row of headers is that of the data set."""
    return set(PLACE) <= {header.strip().lower() for header in headers}


def parts_of(rows: Rows) -> list[tuple[str, str]]:
    """Every form and year that the rows of a whole file hold, of the forms that are read."""
    headers = _headers(rows[0])
    column = next(n for n, text in headers.items() if text.lower() == "year_ending")
    forms = {found["form"].lower() for text in headers.values() if (found := COLUMN.fullmatch(text))}
    years = {year for row in rows[1:] if (year := _year(at(row, column)))}
    return [(form, year) for form in FORMS if form in forms for year in sorted(years)]


def read(edition: Edition) -> Parsed:
    """The cells of one form and year as finance_cells, in £ thousand.

    Raises InputError for a missing column or total line, a word for the state of a return that nobody knows, an
    authority that is there twice, and a year that the file does not hold.
    """
    layout, year = edition.release.layout, edition.release.financial_year
    form, file = layout["form"], edition.release.file
    rows = read_csv_rows(edition.path, layout.get("encoding", "utf-8-sig"), _of_year(year))
    headers = _headers(rows[0]) if rows else {}
    named = {text.lower(): n for n, text in headers.items()}
    require(named, PLACE, file, None, 1)
    roles = {name: named[name] for name in PLACE}
    bodies = _bodies(rows, roles, file)
    if all(body.is_control for body in bodies):
        raise no_councils(file, None, 1, f"no row of {year}" if not bodies else "")
    lines = [line for line in _lines(headers, form) if any(at(rows[b.row - 1], line.position) for b in bodies)]
    require({line.code: line for line in lines}, required_lines(edition, form), file, None, 1)
    no_repeated_line(lines, file, None, 1)
    no_repeated_body(bodies, file, None)
    frame, faults = cells(edition.release_id, year or "", "outturn", form, file, None, rows, bodies, lines)
    _known_states(frame, rows, roles, file)
    return Parsed({"finance_cells": pd.DataFrame(frame)}, faults)


def _headers(row: list) -> dict[int, str]:
    return {n: str(cell).strip() for n, cell in enumerate(row, 1) if str(cell).strip()}


def _year(ending: str) -> str | None:
    found = YEAR_ENDING.fullmatch(ending)
    return f"{int(found[1]) - 1}-{found[1][2:]}" if found else None


def _of_year(year: str | None) -> Callable[[int, list], bool]:
    """Whether a row is the header or of a year; the column of the year is found in the header."""
    column: list[int] = []

    def is_wanted(number: int, row: list) -> bool:
        if number == 1:
            column.extend(n for n, text in _headers(row).items() if text.lower() == "year_ending")
            return True
        return bool(column) and _year(at(row, column[0])) == year

    return is_wanted


def _lines(headers: dict[int, str], form: str) -> list[Line]:
    known = {r["header"]: r for r in column_map.load(IDS) if r["layout"] == form}
    lines = []
    for position, text in headers.items():
        found = COLUMN.fullmatch(text)
        if found is None or found["form"].lower() != form:
            continue
        measure, own = MEASURES[found["measure"].lower()], found["id"].lower()
        row = known.get(own, {"line_code": f"{form}_{own}", "section": NOT_NAMED, "name": own})
        lines.append(Line(position, row["name"], row["line_code"], row["section"], measure))
    return lines


def _bodies(rows: Rows, roles: dict[str, int], file: str) -> list[Body]:
    bodies: list[Body] = []
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        code, ons_code = at(row, roles["la_lgf_code"]), at(row, roles["ons_code"])
        published, body_class = at(row, roles["la_name"]), at(row, roles["la_class"])
        total = ENGLAND if ons_code == ENGLAND_CODE else ons_code if CLASS_CODE.fullmatch(ons_code) else ""
        if body_class == GLA and code in seen:
            total = ons_code[:3]
        if total:
            bodies.append(Body(number, total, ons_code, clean_name(published), published, body_class, is_control=True))
        elif ECODE.fullmatch(code):
            seen.add(code)
            bodies.append(Body(number, code, ons_code or None, clean_name(published), published, body_class))
        else:
            what = "the row is neither an authority's, with an E-code, nor England's, nor that of a class"
            raise InputError(
                Problem(
                    file=file,
                    row=number,
                    column=roles["la_lgf_code"],
                    value=code or published,
                    what=what,
                    remedy="this reader has not been tried on a published file yet: compare the row with the guidance "
                    "beside the file, and report it",
                )
            )
    return bodies


def _known_states(frame: pd.DataFrame, rows: Rows, roles: dict[str, int], file: str) -> None:
    """Raise InputError where a row has figures and its return is in a state that nobody knows: they may be imputed."""
    own = frame[~frame.is_control & frame.marker.isna()]
    for number in sorted(own.source_row.unique()):
        state = at(rows[number - 1], roles["status"])
        if state.lower() != SUBMITTED:
            raise InputError(
                Problem(
                    file=file,
                    row=int(number),
                    column=roles["status"],
                    value=state,
                    what="the authority has figures, and the state of its return is not “submitted”: they may be the "
                    "publisher's estimates",
                    remedy="look the word up in the metadata beside the file, and name it in ingest/outturn_series.py",
                )
            )
