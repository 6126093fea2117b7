"""Revenue Account budget files of the sample, each in the layout of its year.

`revenue_account_layout.csv` holds the form: line number, section, header, our pence per head, and in which
column each year prints the line. 2020-21 has a council that made no return: its cells are `…`, its flag `S`,
and what it would have reported is in the ENGLAND and class rows only.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from sample.bodies import other_bodies
from sample.councils import Council, in_force
from sample.files import Cell, write_csv, write_xlsx
from sample.money import Body, budget

LAYOUT = Path(__file__).with_name("revenue_account_layout.csv")
FILES = {
    "2016-17": ("SAMPLE_RA_2016-17_data_by_LA.xlsx", "RA LA Data 2016-17"),
    "2017-18": ("SAMPLE_RA_2017-18_data_by_LA.xlsx", "RA LA Data 2017-18"),
    "2018-19": ("SAMPLE_RA_2018-19_data_by_LA.xlsx", "RA LA Data 2018-19"),
    "2020-21": ("SAMPLE_RA_2020-21_data_by_LA_rev.xlsx", "RA LA Data 2020-21"),
    "2021-22": ("SAMPLE_RA_2021-22_data_by_LA.csv", None),
}
NO_RETURN = {"2020-21": {"E08900012"}}
REVISED = {"2020-21": {"E06900021"}}
FOOTNOTED = {"2020-21": {"E06900022": " D, E", "E09900020": " D"}}
CLASS_ROWS = {
    "L": "LONDON BOROUGHS", "MD": "METROPOLITAN DISTRICTS", "UA": "UNITARY AUTHORITIES", "SC": "SHIRE COUNTIES",
    "SD": "SHIRE DISTRICTS", "O": "OTHER AUTHORITIES",
}  # fmt: skip
TEXTS = {"Budget Basis (more detail in following 4 columns)": "No Covid adjustment"}
BLANK_COLUMNS_AT_END = 37


@dataclass(frozen=True)
class Column:
    """One published column: form line number (None for names and remarks), section, header, pence per head."""

    number: int | None
    section: str
    header: str
    pence_per_head: int


@cache
def columns(financial_year: str) -> dict[int, Column]:
    """The columns of a year's file by 1-based position."""
    found = {}
    with LAYOUT.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if position := row[financial_year]:
                number = int(row["number"]) if row["number"] else None
                found[int(position)] = Column(number, row["section"], row["header"], int(row["pence_per_head"] or 0))
    return found


@cache
def budgets(financial_year: str) -> dict[Body, dict[int, int]]:
    """Pounds by line of every body of a year, those without a return included, in order of E-codes.

    A year without a budget file has the lines of the last form before it.
    """
    form_year = max(year for year in FILES if year <= financial_year)
    form = {column.number: column.pence_per_head for column in columns(form_year).values() if column.number}
    bodies = sorted([*in_force(financial_year), *other_bodies(financial_year)], key=lambda body: body.ecode)
    return {body: budget(body, financial_year, form) for body in bodies}


def body_class(body: Body) -> str:
    """Class letters as the Revenue Account prints them."""
    return body.council_class if isinstance(body, Council) else body.body_class


def write(folder: Path) -> None:
    """The budget file of every year."""
    for year, (name, sheet) in FILES.items():
        if sheet:
            front: list[list[Cell]] = [["SAMPLE"], ["Fictional councils and figures in a published layout."]]
            write_xlsx(folder / name, {"Front Page": front, sheet: _rows(year, _thousands)})
        else:
            rows = _rows(year, lambda pounds: f"{_thousands(pounds):,}")
            width = max(columns(year)) + BLANK_COLUMNS_AT_END
            write_csv(folder / name, [row + [""] * (width - len(row)) for row in rows], "utf-8-sig")


def _thousands(pounds: int) -> int | Decimal:
    return Decimal(pounds) / 1000 if pounds % 1000 else pounds // 1000


def _rows(year: str, shown: Callable[[int], Cell]) -> list[list[Cell]]:
    form, width = columns(year), max(columns(year))
    at = {column.header: position for position, column in form.items() if column.number is None}
    lines = {position: column for position, column in form.items() if column.number is not None}
    rows: list[list[Cell]] = [
        [f"SAMPLE: Revenue Account Budget (RA) {year}: fictional Revenue Account data"],
        ["Net current expenditure (£ thousand)"],
        _spread({position: position - 1 for position in lines}, width),
        _spread({position: 1 for position in lines}, width),
        _spread({position: column.section for position, column in lines.items()}, width),
        _spread({position: column.number for position, column in lines.items()}, width),
        _spread({position: column.header for position, column in form.items()}, width),
    ]
    england: dict[int, int] = {}
    classes: dict[str, dict[int, int]] = {letters: {} for letters in CLASS_ROWS}
    for body, amounts in budgets(year).items():
        for total in (england, classes[body_class(body)]):
            for number, pounds in amounts.items():
                total[number] = total.get(number, 0) + pounds
        is_silent = body.council_code in NO_RETURN.get(year, ())
        suffix = (" UA" if body_class(body) == "UA" else "") + FOOTNOTED.get(year, {}).get(body.council_code, "")
        facts: dict[int, Cell] = {
            at["E-code"]: body.ecode,
            at["Local authority"]: body.name + suffix,
            at["Class"]: body_class(body),
            **{at[header]: text for header, text in TEXTS.items() if header in at},
        }
        if "ONS Code" in at:
            facts[at["ONS Code"]] = body.council_code
        flag = "S" if is_silent else "R" if body.council_code in REVISED.get(year, ()) else ""
        facts[at["Local authority"] + 1] = flag
        if is_silent:
            cells: list[Cell] = ["…"] * (width + BLANK_COLUMNS_AT_END)
            cells[: at["Class"]] = _spread(facts, at["Class"])
            rows.append(cells)
        else:
            rows.append(_spread(facts | _line_cells(lines, amounts, shown), width))
    rows += [[], []]
    rows.append(_spread({at["Local authority"]: "ENGLAND"} | _line_cells(lines, england, shown), width))
    rows += [[], _spread({at["Local authority"]: "CLASS BREAKDOWN"}, width)]
    for letters, title in CLASS_ROWS.items():
        facts = {at["Local authority"]: title, at["Class"]: letters}
        rows.append(_spread(facts | _line_cells(lines, classes[letters], shown), width))
    rows += [[], ["Source: SAMPLE, invented for testing and teaching; no such councils exist"]]
    if year in NO_RETURN:
        rows.append(["S RA return not received in time for publication, therefore imputed figures used."])
    return rows


def _line_cells(lines: dict[int, Column], amounts: dict[int, int], shown: Callable[[int], Cell]) -> dict[int, Cell]:
    return {position: shown(amounts.get(column.number, 0)) for position, column in lines.items()}


def _spread(cells: dict[int, Cell], width: int) -> list[Cell]:
    """A row of this width with the given cells at their 1-based positions, the rest blank."""
    return [cells.get(position, "") for position in range(1, width + 1)]
