"""The service map workbook for one council and year, its real budget lines filled in, ready for the workshop.

What people read (notes, worked example, lists) is in `map_guidance.py`; the sheets they fill in are here.
Totals are formulas: they show while the map is filled in what is still unmapped. Nothing computed is read back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ingest.submitted.service_maps import map_guidance, map_layout
from ingest.submitted.service_maps.map_layout import (
    BUDGET_LINES,
    DETAIL_FIELDS,
    DETAILS,
    LINES,
    LISTS,
    QUESTIONS,
    TARGET_FIELDS,
    TARGETS,
    TIER_FIELDS,
    TIERS,
    Field,
)
from ingest.submitted.service_maps.map_money_sheets import (
    FIRST_ROW,
    HEADER_ROW,
    NUMBER_HEADERS,
    Places,
    by_code,
    cell_range,
    column_of,
    line_rows,
    service_numbers,
    write_budget_lines,
    write_lines,
)
from ingest.submitted.service_maps.map_style import Book, Sheet

TIER_ROWS = 150


@dataclass(frozen=True)
class Council:
    """Whom the workbook is for: ONS code and name."""

    code: str
    name: str


def write(
    path: Path,
    council: Council | Mapping[str, str],
    financial_year: str,
    lines: Iterable[Mapping],
    services: Mapping[str, str] | None = None,
    filled: Mapping[str, object] | None = None,
) -> None:
    """Write the workbook.

    `lines` are dicts of line_code, line_name, section, department, amount_gbp (Decimal or None where nothing
    was reported) and, optionally, `suggestion`: what the figures assume about the line today, in words.
    `services` (code to name) are our own services for the drop-down. `filled` puts answers in: `details` and
    `targets` as dicts by field name, `lines` and `tiers` as lists of dicts by field name.

    Raises ValueError for a financial year that is none, or when there is no line to map.
    """
    council = council if isinstance(council, Council) else Council(council["code"], council["name"])
    lines = sorted((dict(line) for line in lines), key=lambda line: (str(line["section"]), by_code(line)))
    if not map_layout.is_financial_year(financial_year):
        raise ValueError(f"{financial_year!r} is not a financial year such as 2025-26")
    if not lines:
        raise ValueError(f"{council.name} has no budget lines in {financial_year}")
    filled = filled or {}
    workbook = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    workbook.set_properties(
        {
            "title": f"Service map: {council.name}, {financial_year}",
            "subject": "What each budget line is spent on, and which services prevent, reduce or delay need",
            "created": datetime(2026, 1, 1),  # a fixed date, so that the same map is the same file
        }
    )
    book = Book(workbook, f"{council.name} · {financial_year}")
    sheets = {
        name: book.sheet(name, is_wide=name in (BUDGET_LINES, LINES))
        for name in (
            map_layout.READ_ME,
            DETAILS,
            BUDGET_LINES,
            LINES,
            TIERS,
            TARGETS,
            map_layout.EXAMPLE,
            LISTS,
        )
    }
    places = Places(map_guidance.write_lists(sheets[LISTS], financial_year, services or {}))
    rows = line_rows(lines, filled.get("lines", ()))
    map_guidance.write_read_me(sheets[map_layout.READ_ME], council.name, financial_year)
    _write_details(sheets[DETAILS], council, financial_year, places, filled.get("details", {}))
    write_budget_lines(sheets[BUDGET_LINES], lines, rows, places)
    write_lines(sheets[LINES], rows, places)
    _write_tiers(sheets[TIERS], filled.get("tiers", ()), rows, places)
    _write_targets(sheets[TARGETS], places, filled.get("targets", {}))
    map_guidance.write_example(sheets[map_layout.EXAMPLE])
    sheets[map_layout.READ_ME].sheet.activate()
    workbook.close()


def _write_details(sheet: Sheet, council: Council, year: str, places: Places, answers: Mapping) -> None:
    sheet.heading("Details of this map", "Who it is for, which years it holds for, and which version it is.")
    given = {
        "map_kind": "One council",
        "council_code": council.code,
        "council_name": council.name,
        "valid_from_year": year,
        "statement": "Both",
        "definition_version": 1,
        **answers,
    }
    sheet.widths({0: 30, 1: 44, 2: 60})
    sheet.header(HEADER_ROW, ("Item", "Answer", "Note"))
    for offset, item in enumerate(DETAIL_FIELDS):
        row = FIRST_ROW + offset
        sheet.label(row, 0, item.header + (" *" if item.is_needed else ""))
        sheet.answer(row, 1, item, given.get(item.name))
        sheet.note(row, 2, item.hint)
        sheet.validate(row, row, 1, item, places.lists)


def _write_tiers(sheet: Sheet, answers: Iterable[Mapping], line_rows: list[dict], places: Places) -> None:
    sheet.heading(
        "Step two. Why is each service there?",
        "For people aged 65 and over, and the delay or reduction of their need for care. A service may have "
        "several tiers; its shares add up to 100%.",
    )
    computed = map_layout.COMPUTED_HEADERS[TIERS]
    columns = (TIER_FIELDS[0], computed[0], *TIER_FIELDS[1:], *computed[1:])
    answers = list(answers)
    rows = answers + [{} for _ in range(max(TIER_ROWS - len(answers), 20))]
    last = FIRST_ROW + len(rows) - 1
    sheet.widths({i: c.width if isinstance(c, Field) else 15 for i, c in enumerate(columns)})
    sheet.widths({len(columns) - 2: 34})
    sheet.header(HEADER_ROW, [c.header if isinstance(c, Field) else c for c in columns], numbers=NUMBER_HEADERS)
    sheet.hints(HEADER_ROW, {i: c.hint for i, c in enumerate(columns) if isinstance(c, Field)})
    names, shares = cell_range(None, FIRST_ROW, last, 0), cell_range(None, FIRST_ROW, last, 3)
    services = cell_range(LINES, FIRST_ROW, FIRST_ROW + len(line_rows) - 1, column_of("service_name"))
    numbers = service_numbers(len(line_rows))
    named = list(dict.fromkeys(row["service_name"] for row in line_rows if row.get("service_name")))
    listed = len(columns) - 2
    letter = xl_col_to_name(listed)
    for offset, answer in enumerate(rows):
        row = FIRST_ROW + offset
        for column, item in enumerate(columns):
            if isinstance(item, Field):
                sheet.answer(row, column, item, answer.get(item.name))
        sheet.formula(
            row,
            1,
            f'=IF($A{row + 1}="","",IF(COUNTIF({services},$A{row + 1})=0,"not on step one",'
            f"1-SUMIFS({shares},{names},$A{row + 1})))",
            _without_tier(answers, answer["service_name"]) if answer else "",
            "share",
        )
        name = named[offset] if offset < len(named) else ""
        found = f'IFERROR(INDEX({services},MATCH({offset + 1},{numbers},0)),"")'
        sheet.formula(row, listed, f"={found}", name, "text_quiet")
        sheet.formula(
            row,
            listed + 1,
            f'=IF(${letter}{row + 1}="","",1-SUMIFS({shares},{names},${letter}{row + 1}))',
            _without_tier(answers, name) if name else "",
            "share_quiet",
        )
    # As long as there are services, so that the drop-down has no blank end.
    offered = f"OFFSET('{TIERS}'!${letter}${FIRST_ROW + 1},0,0,MAX(1,MAX({numbers})),1)"
    for column, item in enumerate(columns):
        if isinstance(item, Field):
            sheet.validate(FIRST_ROW, last, column, item, {**places.lists, "service_name": offered})
    sheet.warn_below_zero(FIRST_ROW, last, 1)
    sheet.freeze(FIRST_ROW, 1)
    sheet.filter(HEADER_ROW, last, listed - 1)


def _without_tier(answers: list[Mapping], service: str) -> float:
    given = (Decimal(str(a.get("tier_share") or 0)) for a in answers if a.get("service_name") == service)
    return float(1 - sum(given, Decimal(0)))


def _write_targets(sheet: Sheet, places: Places, answers: Mapping) -> None:
    sheet.heading(
        "Step five. Where should the money go, and how would you know?",
        "The target is optional. Answers are shown beside the council's figures as written: name roles, not people.",
    )
    sheet.widths({0: 8, 1: 62, 2: 80})
    sheet.header(HEADER_ROW, ("Item", "Target or question", "Answer"))
    row = FIRST_ROW
    for item in TARGET_FIELDS:
        sheet.plain(row, 0, "target")
        sheet.label(row, 1, item.header)
        sheet.answer(row, 2, item, answers.get(item.name))
        sheet.validate(row, row, 2, item, places.lists)
        row += 1
    for code, question in QUESTIONS.items():
        sheet.plain(row, 0, code)
        sheet.label(row, 1, question)
        sheet.answer(row, 2, Field(question, code, "long_text"), answers.get(code))
        sheet.height(row, 48)
        row += 1
    sheet.freeze(FIRST_ROW, 0)
