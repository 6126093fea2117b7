"""What people read in the service map workbook: the first sheet, the worked example and the lists."""

import csv
from collections.abc import Mapping
from math import ceil
from pathlib import Path

from ingest.submitted.service_maps import map_layout
from ingest.submitted.service_maps.map_layout import (
    BASES,
    BUDGET_LINES,
    CHOICES,
    CONFIDENCE,
    DEPARTMENTS,
    DETAILS,
    EXAMPLE,
    LINES,
    LISTS,
    TARGETS,
    TIERS,
    TIERS_OFFERED,
)
from ingest.submitted.service_maps.map_style import Sheet

CAMDEN_GRID = Path(__file__).parent / "camden_grid.csv"
GRID_SOURCE = (
    "Source: the grid of services printed in the Local Government Information Unit's toolkit on prevention with the "
    "London Borough of Camden, 2013. Where the printed column had to be inferred, the confidence says so."
)
_FIRST_LIST_ROW = 3
_EXAMPLE_WIDTHS = (56, 30, 18, 16, 84)

_STEPS = (
    ("1", DETAILS, "Say which council and years the map holds for, and which version it is."),
    ("2", BUDGET_LINES, "Read only. Your published budget lines, and what is still unmapped."),
    ("3", LINES, "Give each line to services: what does the money do? Several services per line are welcome."),
    ("4", TIERS, "Give each service a tier: why is it there, for people aged 65 and over?"),
    ("5", TARGETS, "Set a target if you have one, and answer eight questions."),
    ("", EXAMPLE, "Read only. How one council sorted its services, and two lines worked through."),
    ("", LISTS, "Read only. Every word the drop-downs offer, and what it means."),
)
_RULES = (
    "Bring the finance officer and the people who run the services. Informed estimates are welcome: grade them low.",
    "Give shares (30%) or quantities (hours, users) within one line, never both. Quantities become shares.",
    "Shares of one line add up to at most 100%. What you leave out is shown as unclassified; it is never lost.",
    "A lowest and a highest share say how sure you are. They need a word of evidence, and so does high confidence.",
    "Type values: no formulas, no merged cells, no hidden rows or columns. Extra sheets of your own are not read.",
    "Changing a tier later is a new version of the map, never an edit: raise the number on the sheet Details.",
    "Do not name people. Roles are enough.",
)


def write_read_me(sheet: Sheet, council: str, year: str) -> None:
    """The first sheet: what this is, the steps, the rules, and what the colours mean."""
    sheet.heading(f"Service map for {council}, {year}", "What each budget line is spent on, and why.")
    sheet.widths({0: 6, 1: 26, 2: 96})
    row = 3
    sheet.plain(row, 0, "What to do", "section")
    for number, name, text in _STEPS:
        row += 1
        sheet.plain(row, 0, number)
        sheet.plain(row, 1, name, "label")
        sheet.plain(row, 2, text, "wrap")
    row += 2
    sheet.plain(row, 0, "What keeps a map valid", "section")
    for rule in _RULES:
        row += 1
        sheet.plain(row, 0, "•")
        sheet.plain(row, 1, rule)
    row += 2
    sheet.plain(row, 0, "How it looks", "section")
    sheet.answer(row + 1, 1, map_layout.Field("", "", "text"), "to fill in")
    sheet.plain(row + 1, 2, "Cells with a pale ground and a border are yours. Many have a drop-down.")
    sheet.plain(row + 2, 1, "plain")
    sheet.plain(row + 2, 2, "Given or calculated; never read back.")
    row += 4
    sheet.plain(row, 0, "When it is full", "section")
    sheet.plain(row + 1, 1, "Check it with: prevention check-map FILE. Every problem is named with sheet and cell.")
    sheet.plain(
        row + 2, 1, "Then put it in the folder maps of the warehouse's landing folder; the next refresh takes it."
    )
    sheet.plain(row + 3, 1, "A map with any problem is refused whole, and the council's last valid map stays in use.")


def write_lists(sheet: Sheet, year: str, services: Mapping[str, str]) -> dict[str, str]:
    """The sheet of words behind the drop-downs, each with its meaning. Returns the range of every list."""
    sheet.heading("Words used", "What the drop-downs offer, and what each word means.")
    start = int(year[:4])
    years = [f"{y}-{(y + 1) % 100:02d}" for y in range(start - 12, start + 11)]
    lists = (
        ("tier", "Tier", list(TIERS_OFFERED.items()), 66),
        ("department", "Department", [(label, "") for label in DEPARTMENTS], 4),
        ("basis", "Basis", [(label, meaning) for label, (_, meaning) in BASES.items()], 66),
        ("confidence", "Confidence", list(CONFIDENCE.items()), 52),
        ("statement", "Holds for", [(label, "") for label in CHOICES["statement"]], 4),
        ("map_kind", "Kind of map", [(label, "") for label in CHOICES["map_kind"]], 4),
        ("yes_no", "Yes or no", [(label, "") for label in CHOICES["yes_no"]], 4),
        ("year", "Financial year", [(y, "") for y in years], 4),
        ("standard_service", "Standard service", list(services.items()), 50),
    )
    ranges = {}
    column = 0
    for name, title, words, meaning_width in lists:
        if not words:
            continue
        has_meaning = any(meaning for _, meaning in words)
        sheet.header(_FIRST_LIST_ROW - 1, (title, "What it means") if has_meaning else (title,), column)
        for offset, (word, meaning) in enumerate(words):
            sheet.plain(_FIRST_LIST_ROW + offset, column, word)
            if has_meaning:
                sheet.plain(_FIRST_LIST_ROW + offset, column + 1, meaning, "text_quiet")
        letter = _letter(column)
        ranges[name] = f"'{LISTS}'!${letter}${_FIRST_LIST_ROW + 1}:${letter}${_FIRST_LIST_ROW + len(words)}"
        sheet.widths({column: max(16, max(len(word) for word, _ in words) + 2)})
        if has_meaning:
            sheet.widths({column + 1: meaning_width})
        column += 3 if has_meaning else 2
        sheet.widths({column - 1: 3})
    sheet.freeze(_FIRST_LIST_ROW, 0)
    sheet.protect()
    return ranges


def write_example(sheet: Sheet) -> None:
    """The Camden grid, and two made-up lines worked through both steps."""
    sheet.heading("Worked example", GRID_SOURCE)
    sheet.widths(dict(enumerate(_EXAMPLE_WIDTHS)))
    sheet.plain(3, 0, "One council's services, sorted by department and tier", "section")
    sheet.header(4, ("Service", "Department", "Tier", "Confidence", "Note"))
    row = 5
    with CAMDEN_GRID.open(encoding="utf-8", newline="") as stream:
        for service in csv.DictReader(stream):
            texts = [service[name] for name in ("service", "department", "tier", "confidence", "note")]
            for column, text in enumerate(texts):
                sheet.plain(row, column, text, "wrap")
            lines = max(ceil(len(text) / width) for text, width in zip(texts, _EXAMPLE_WIDTHS, strict=True))
            sheet.height(row, 18 + 13 * (lines - 1) if lines > 1 else 18)
            row += 1
    row += 1
    sheet.plain(row, 0, "Two lines worked through (made-up figures)", "section")
    row = _worked_line(
        sheet,
        row + 1,
        "Equipment and technology, £1,200,000, by staff time",
        (
            ("Careline telecare", "Adult social care", "65.0%", "£780,000", "secondary 100%"),
            ("Community equipment store", "Adult social care", "35.0%", "£420,000", "tertiary 100%"),
        ),
        "Job plans of the joint team: 13 of 20 posts. Lowest 60%, highest 70% for telecare. Confidence medium.",
    )
    _worked_line(
        sheet,
        row,
        "Information and early intervention, £900,000, by recorded hours",
        (
            ("Advice line", "Adult social care", "4,000 hours", "£600,000", "primary 100%"),
            ("Falls prevention visits", "Public health", "2,000 hours", "£300,000", "secondary 80%, tertiary 20%"),
        ),
        "Contract monitoring gives hours; 4,000 and 2,000 hours become two thirds and one third. Confidence high.",
    )
    sheet.freeze(3, 0)
    sheet.protect()


def _worked_line(sheet: Sheet, row: int, title: str, services: tuple, evidence: str) -> int:
    sheet.plain(row, 0, title, "text_lead")
    sheet.header(row + 1, ("Service", "Department", "Share or quantity", "Amount", "Tiers"))
    row += 2
    for texts in services:
        for column, text in enumerate(texts):
            sheet.plain(row, column, text)
        row += 1
    sheet.plain(row, 0, f"Evidence: {evidence}", "text_quiet")
    return row + 2


def _letter(column: int) -> str:
    return chr(ord("A") + column)
