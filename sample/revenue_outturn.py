"""Revenue outturn of the sample: service expenditure summary (RSX) of 2021-22 in two editions of one name.

The later edition restates adult social care of a few councils and its own total, as publishers do without a
new file name.
"""

from pathlib import Path

from sample.bodies import OtherBody
from sample.chance import draw
from sample.councils import Council
from sample.files import Cell, write_csv
from sample.money import Body
from sample.revenue_account import body_class, budgets

YEAR = "2021-22"
FILE = "SAMPLE_RSX_2021-22_data_by_LA_Live.csv"
EDITIONS = ("first_release", "update")
# code in the reference row, budget line, title with the publisher's own spacing and separators
SERVICES = (
    ("edu", 190, "Education services"),
    ("trans", 290, "Highways and transport services"),
    ("csc", 330, "Children Social Care"),
    ("asc", 360, "Adult Social Care"),
    ("phs", 390, "Public Health"),
    ("hous", 490, "Housing services (GFRA only)"),
    ("cul", 509, "Cultural and related services"),
    ("env", 590, "Environmental and regulatory services"),
    ("plan", 599, "Planning and development services"),
    ("pol", 601, "Police services"),
    ("frs", 602, "Fire and rescue services"),
    ("cen", 690, "Central services"),
    ("oth", 698, "Other services"),
)
MEASURES = (
    ("empl", "Employees", "(C1)"),
    ("run-exp", "Running Expenses", "(C2)"),
    ("tot-exp", "Total Expenditure", "(C3 = C1 + C2)"),
    ("sfc", "Sales, Fees and Charges", "(C4)"),
    ("oth-inc", "Other Income", "(C5)"),
    ("tot-inc", "Total Income", "(C6 = C4 + C5)"),
    ("net-cur-exp", "Net Current Expenditure", "(C7 = C3 - C6)"),
)
DASHES = {"edu": ("- ", {"Employees": " - "}), "trans": (" -  ", {"Employees": " - "}), "csc": (" -  ", {})}
RESTATED = {  # council: £ thousand that the later edition adds to running expenses of adult social care
    "E06900003": 412,
    "E06900019": -1275,
    "E08900005": 88,
    "E09900018": -300,
    "E10900012": 2940,
}


def write(folder: Path) -> None:
    """Both editions, each in a folder of its own."""
    for edition in EDITIONS:
        place = folder / edition
        place.mkdir(exist_ok=True)
        write_csv(place / FILE, _rows(edition), "utf-8-sig")


def _rows(edition: str) -> list[list[Cell]]:
    services = [*SERVICES, ("totsx", 699, "Total Service Expenditure")]
    pairs = [(service, measure) for service in services for measure in enumerate(MEASURES, start=1)]
    rows: list[list[Cell]] = [
        [f"Worksheet 2: SAMPLE Revenue Outturn (RO) {YEAR}: fictional Service Expenditure Summary (RSX) data"],
        ["This worksheet contains 1 table. Every authority and figure is invented."],
        ["Data is reported in £ thousand. "],
        ["SAMPLE: in the layout of the published file."],
        ["Source: SAMPLE, invented for testing and teaching"],
        [f"Edition: {edition.replace('_', ' ')}"],
        ["", "", "", "", "", "", *(f"RSX-{code}-{short}" for (code, _, _), (_, (short, _, _)) in pairs)],
        ["", "", "", "", "", "", *(f"C{n}R{line}" for (_, line, _), (n, _) in pairs)],
        ["Hide ", "", "", "", "", "Row_no", *(line for (_, line, _), _ in pairs)],
        ["", "", "", "", "", "Col_no", *(n for _, (n, _) in pairs)],
        [
            "E-code",
            "ONS Code",
            "Local authority",
            "Notes",
            "Class",
            "Detailed Class",
            *(_header(service, measure) for service, (_, measure) in pairs),
        ],
    ]
    england = [0] * len(pairs)
    for body, amounts in sorted(budgets(YEAR).items(), key=lambda item: item[0].name):
        figures = _figures(body, amounts, edition)
        england = [total + figure for total, figure in zip(england, figures, strict=True)]
        letters = "LB" if body_class(body) == "L" else body_class(body)
        detailed = body.detailed_class if isinstance(body, OtherBody) else letters
        rows.append([body.ecode, body.council_code, body.name, "", letters, detailed, *map(_shown, figures)])
    rows.append(["Eng", "E92000001", "ENGLAND", "", "Eng", "Eng", *map(_shown, england)])
    width = 6 + len(pairs)
    return [row + [""] * (width - len(row)) for row in rows]


def _header(service: tuple[str, int, str], measure: tuple[str, str, str]) -> str:
    """The header as published, uneven dashes included."""
    code, _, title = service
    _, words, formula = measure
    usual, exceptions = DASHES.get(code, (" - ", {}))
    if code == "env" and words == "Total Income":
        usual = " -"
    if code == "env" and words == "Net Current Expenditure":
        return f"{words}\n {formula}"
    return f"{title}{exceptions.get(words, usual)}{words}\n {formula}"


def _figures(body: Body, amounts: dict[int, int], edition: str) -> list[int]:
    """£ thousand of each service and measure, seven measures a service, the total last."""
    found: list[int] = []
    for code, line, _ in SERVICES:
        net = amounts.get(line, 0) // 1000
        net = net * draw(970, 1060, body.ecode, code, "outturn") // 1000
        figures = outturn_measures(net, body.ecode, code)
        if code == "asc" and edition == EDITIONS[-1] and isinstance(body, Council):
            more = RESTATED.get(body.council_code, 0)  # running expenses, total expenditure, net current expenditure
            for place in (1, 2, 6):
                figures[place] += more
        found += figures
    return found + [sum(found[place :: len(MEASURES)]) for place in range(len(MEASURES))]


def outturn_measures(net: int, *name: object) -> list[int]:
    """The seven measures of a service, £ thousand, from its net cost: costs, income, and what is left."""
    charges, other = abs(net) * draw(6, 14, *name, "charges") // 100, abs(net) * 9 // 100
    total = net + charges + other
    employees = total * draw(18, 40, *name, "employees") // 100
    return [employees, total - employees, total, charges, other, charges + other, net]


def _shown(thousands: int) -> str:
    return f"{thousands:,}"
