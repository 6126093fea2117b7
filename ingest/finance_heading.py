"""What a finance sheet says of itself above its figures: the unit, the year, and which column says whose row it is.

Each is compared with what the catalogue expects, because a sheet in another unit, of another year, or with two
columns under each other's headers has nothing in its figures that would give it away.
"""

import re
from itertools import permutations

from ingest.problems import InputError, Problem
from ingest.sheets import Rows, cell_text

UNIT = "£ thousand"
_UNITS = (
    ("£ thousand", re.compile(r"£\s*(?:thousands?|000s?|k)\b|thousands? of pounds|\bin thousands\b", re.IGNORECASE)),
    ("£ million", re.compile(r"£\s*(?:millions?|m)\b|millions? of pounds|\bin millions\b", re.IGNORECASE)),
    ("£ billion", re.compile(r"£\s*(?:billions?|bn)\b", re.IGNORECASE)),
    ("£", re.compile(r"\(£s?\)|\bin (?:whole )?pounds\b|\bin £s?(?:$|[.,;)])", re.IGNORECASE)),
)
_YEAR = re.compile(r"\b(20\d\d)\s?(?:[-–/]|to)\s?(?:20)?(\d\d)\b")
# What the columns that say whose row it is hold, in the order in which they are told apart.
_CONTENT = {
    "ecode": re.compile(r"E\d{4}"),
    "ons_code": re.compile(r"[A-Z]\d{8}"),
    "class": re.compile(r"[A-Z]{1,3}"),
    "name": re.compile(r"(?![A-Z]\d{4,8}$).{4,}"),
}
_SURE_SHARE, _UNSURE_SHARE = 0.9, 0.5


def check_unit(rows: Rows, header: int, file: str, sheet: str | None) -> None:
    """Raise InputError when the rows above the header name another unit than every catalogued file is in."""
    for number, text in _above(rows, header):
        named = [unit for unit, pattern in _UNITS if pattern.search(text)]
        if named and UNIT not in named:
            raise InputError(
                Problem(
                    file=file,
                    sheet=sheet,
                    row=number,
                    value=text[:120],
                    what=f"the sheet says its figures are in {named[0]}; every file of the catalogue is in {UNIT}",
                    remedy=f"obtain the file in {UNIT}, or convert its figures and its title together",
                )
            )


def check_year(rows: Rows, header: int, file: str, sheet: str | None, financial_year: str | None) -> None:
    """Raise InputError when the sheet's title names years and the release's year is not among them."""
    named = {}
    for number, text in _above(rows, header):
        for start, end in _YEAR.findall(text):
            if (int(start) + 1) % 100 == int(end):
                named.setdefault(f"{start}-{end}", (number, text))
    if financial_year and named and financial_year not in named:
        year, (number, text) = next(iter(named.items()))
        raise InputError(
            Problem(
                file=file,
                sheet=sheet,
                row=number,
                value=text[:120],
                what=f"the sheet says it is of {year}, and its name belongs to {financial_year}",
                remedy="give the file the name it was published under, or obtain the file of the year its name says",
            )
        )


def by_content(rows: Rows, header: int, roles: dict[str, int]) -> dict[str, int]:
    """The columns that say whose row it is, by what they hold where their headers lie over each other's values.

    Headers are believed unless a column hardly ever holds what its header says and an exchange of columns fits
    almost every row.
    """
    known = [role for role in _CONTENT if role in roles]
    if not known:
        return roles
    positions = [roles[role] for role in known]
    sample = [[cell_text(cell) for cell in row[: max(positions)]] for row in rows[header:]]
    if min(_fit(sample, roles[role], role) for role in known) >= _UNSURE_SHARE:
        return roles
    for order in permutations(positions):
        if all(_fit(sample, position, role) >= _SURE_SHARE for role, position in zip(known, order, strict=True)):
            return roles | dict(zip(known, order, strict=True))
    return roles


def _fit(sample: list[list[str]], position: int, role: str) -> float:
    """Share of the column's filled cells that hold what the role says; 1 for a column without any."""
    cells = [row[position - 1] for row in sample if len(row) >= position and row[position - 1]]
    return sum(bool(_CONTENT[role].fullmatch(cell)) for cell in cells) / len(cells) if cells else 1.0


def no_councils(file: str, sheet: str | None, header: int, found: str) -> InputError:
    """The refusal of a sheet in which no row is an authority's: what its E-code column holds instead."""
    return InputError(
        Problem(
            file=file,
            sheet=sheet,
            row=header,
            value=found[:120] or None,
            what="no row below the header has an E-code, so the sheet holds no authority",
            remedy="check that this is the sheet with one row an authority, and that its header is above its values",
        )
    )


def _above(rows: Rows, header: int) -> list[tuple[int, str]]:
    """Row number and text of every cell above the header row."""
    return [
        (number, text)
        for number, row in enumerate(rows[: header - 1], 1)
        for text in map(cell_text, row)
        if text and not text.isdigit()
    ]
