"""Revenue outturn of the sample: the social care and public health form (RO3) of 2022-23.

`revenue_outturn_form_layout.csv` lists the services of the form in the order in which they are printed. A
service takes its net cost from the budget line it follows, or a per cent of the service it is part of;
totals add up their lines. One district made no return; England does not miss its money, for it has no care.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sample.bodies import OtherBody
from sample.chance import draw
from sample.files import Cell, write_xlsx
from sample.money import Body
from sample.revenue_account import body_class, budgets
from sample.revenue_outturn import MEASURES, outturn_measures

LAYOUT = Path(__file__).with_name("revenue_outturn_form_layout.csv")
YEAR = "2022-23"
FILE = "SAMPLE_RO3_2022-23_data_by_LA.xlsx"
SHEET = "RO3_LA_Data_2022-23"
NAMES = ("E-code", "ONS Code", "Local authority", "Notes", "Class", "Detailed Class", "Certified")
NO_RETURN = "E9207"
UNCERTIFIED = "E9035"
CLASS_ROWS = {
    "E06": ("Unitary Authorities", "UA"),
    "E07": ("Shire Districts", "SD"),
    "E08": ("Metropolitan Districts", "MD"),
    "E09": ("London Boroughs", "LB"),
    "E10": ("Shire Counties", "SC"),
}


@dataclass(frozen=True)
class Entry:
    """One service, net figure or memorandum of the form; numbers and per cents are None where they do not apply."""

    position: int
    code: str
    number: int
    kind: str
    title: str
    budget_line: int | None
    part_of: int | None
    per_cent: int | None
    first_line: int | None
    last_line: int | None

    @property
    def width(self) -> int:
        """Columns it takes: seven measures, or one."""
        return len(MEASURES) if self.kind == "service" else 1


@cache
def entries() -> tuple[Entry, ...]:
    """The form, in the order in which it is printed."""
    with LAYOUT.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Entry(
                **{
                    name: text if name in ("code", "kind", "title") else int(text) if text else None
                    for name, text in row.items()
                }
            )
            for row in csv.DictReader(stream)
        )


def write(folder: Path) -> None:
    """The form of one year, with its front page."""
    front: list[list[Cell]] = [["SAMPLE"], ["Fictional councils and figures in a published layout."]]
    write_xlsx(folder / FILE, {"Front_Page": front, SHEET: _rows()})


def _rows() -> list[list[Cell]]:
    blank: list[Cell] = [""] * len(NAMES)
    references: list[Cell] = []
    cells: list[Cell] = []
    numbers: list[Cell] = []
    places: list[Cell] = []
    services: list[Cell] = []
    measures: list[Cell] = []
    for entry in entries():
        shown = list(enumerate(MEASURES, start=1)) if entry.width > 1 else [(7, MEASURES[-1])]
        for place, (short, words, formula) in shown:
            references.append(f"RO3-{entry.code}-{short}")
            cells.append(f"C{place}R{entry.number}")
            numbers.append(entry.number)
            places.append(place)
            services.append(entry.title if entry.kind != "memorandum" and place == shown[0][0] else "")
            # The spreadsheet numbers repeated headers apart.
            count = len(measures) - len(MEASURES) + 2
            header = f"{words}\n {formula}{count if count > 1 else ''}"
            measures.append(entry.title if entry.kind == "memorandum" else header)
    rows: list[list[Cell]] = [
        [f"Worksheet 2: SAMPLE Revenue Outturn (RO) {YEAR}: fictional social care and public health data"],
        ["This worksheet contains 2 tables. Every authority and figure is invented."],
        ["SAMPLE: in the layout of the published file."],
        ["Source: SAMPLE, invented for testing and teaching"],
        ["Data is reported in £ thousand."],
        ["Rows 7-10 hold reference numbers."],
        [*blank, *references],
        [*blank, *cells],
        ["", "", "", "", "", "Row_no", "", *numbers],
        ["", "", "", "", "", "Col_no", "", *places],
        [*blank, *services],
        [*NAMES, *measures],
    ]
    total: list[int] = [0] * len(measures)
    classes = {code: list(total) for code in CLASS_ROWS}
    for body, amounts in sorted(budgets(YEAR).items(), key=lambda item: item[0].name):
        letters = "LB" if body_class(body) == "L" else body_class(body)
        detailed = body.detailed_class if isinstance(body, OtherBody) else letters
        place = (body.ecode, body.council_code, body.name)
        if body.ecode == NO_RETURN:
            rows.append([*place, "M", letters, detailed, *["[x]"] * (1 + len(measures))])
            continue
        figures = _figures(body, amounts)
        total = _plus(total, figures)
        if body.council_code[:3] in classes:
            classes[body.council_code[:3]] = _plus(classes[body.council_code[:3]], figures)
        certified = "N" if body.ecode == UNCERTIFIED else "Y"
        rows.append([*place, "", letters, detailed, certified, *figures])
    rows.append(["Eng", "E92000001", "ENGLAND", "", "Eng", "Eng", "[Y]", *total])
    rows.append(
        ["E-code", "ONS Code", "Class Breakdown [o]", "Notes", "Class", "Detailed Class", "Certified", *measures]
    )
    for code, (title, letters) in CLASS_ROWS.items():
        rows.append(["[Y]", code, title, "", letters, letters, "[Y]", *classes[code]])
    return rows


def _plus(totals: list[int], figures: list[int]) -> list[int]:
    return [total + figure for total, figure in zip(totals, figures, strict=True)]


def _figures(body: Body, amounts: dict[int, int]) -> list[int]:
    """£ thousand of every column of the form for one body."""
    by_number: dict[int, list[int]] = {}
    by_line: dict[int, list[int]] = {}
    parts_left: dict[int, list[int]] = {}
    found: list[int] = []
    for entry in entries():
        if entry.budget_line:
            net = amounts.get(entry.budget_line, 0) // 1000
            net = net * draw(960, 1050, body.ecode, entry.number, "form") // 1000
            figures = outturn_measures(net, body.ecode, f"form {entry.number}")
            by_line[entry.budget_line] = figures
            parts_left[entry.number] = figures
        elif entry.part_of:
            whole, left = by_number[entry.part_of], parts_left[entry.part_of]
            later = [e for e in entries() if e.part_of == entry.part_of and e.position > entry.position]
            figures = _part(whole, entry.per_cent) if later else left
            parts_left[entry.part_of] = [a - b for a, b in zip(left, figures, strict=True)]
        elif entry.first_line:
            lines = [f for line, f in by_line.items() if entry.first_line <= line <= entry.last_line]
            figures = [sum(column) for column in zip(*lines, strict=True)]
        else:
            figures = [0] * entry.width
        by_number[entry.number] = figures
        found += figures
    return found


def _part(whole: list[int], per_cent: int) -> list[int]:
    """A per cent of a service, its totals added up again from its parts."""
    employees, running, _, charges, other, _, _ = (figure * per_cent // 100 for figure in whole)
    total, income = employees + running, charges + other
    return [employees, running, total, charges, other, income, total - income]
