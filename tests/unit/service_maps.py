"""A good service map, and means to spoil one, for the tests of maps."""

import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl

from ingest.submitted.service_maps import service_map_template
from ingest.submitted.service_maps.map_layout import LINES, TIERS

COUNCIL = {"code": "E06000047", "name": "County Durham"}
YEAR = "2025-26"
BUDGET = [
    {
        "line_code": code,
        "line_name": name,
        "section": section,
        "department": section,
        "amount_gbp": Decimal(amount),
    }
    for code, name, section, amount in (
        ("301", "Physical support, 65 and over", "Adult social care", "2220000.00"),
        ("330", "Assistive equipment and technology", "Adult social care", "1200000.00"),
        ("340", "Information and early intervention", "Adult social care", "900000.00"),
        ("371", "NHS health check", "Public health", "150000.00"),
        ("372", "Stop smoking services", "Public health", "0.00"),
    )
]
FILLED = {
    "details": {"assessor_role": "Head of finance", "assessed_on": date(2025, 6, 2)},
    "lines": [
        {
            "line_code": "330",
            "service_name": "Careline telecare",
            "department": "Adult social care",
            "basis": "Staff time",
            "share": Decimal("0.65"),
            "low_share": Decimal("0.6"),
            "high_share": Decimal("0.7"),
            "confidence": "medium",
            "performance_measure": "Calls answered within a minute",
            "evidence": "Job plans: 13 of 20 posts",
        },
        {
            "line_code": "330",
            "service_name": "Equipment store",
            "department": "Adult social care",
            "basis": "Staff time",
            "share": Decimal("0.35"),
            "confidence": "low",
        },
        {
            "line_code": "340",
            "service_name": "Advice line",
            "standard_service": "information_and_advice",
            "department": "Adult social care",
            "basis": "Activity",
            "quantity": 4000,
            "confidence": "high",
            "evidence": "Contract monitoring",
        },
        {
            "line_code": "340",
            "service_name": "Falls visits",
            "department": "Public health",
            "basis": "Activity",
            "quantity": 2000,
            "confidence": "medium",
        },
    ],
    "tiers": [
        {
            "service_name": "Careline telecare",
            "tier": "secondary",
            "tier_share": 1,
            "confidence": "high",
            "evidence": "x",
        },
        {"service_name": "Equipment store", "tier": "tertiary", "tier_share": 1, "confidence": "medium"},
        {"service_name": "Advice line", "tier": "primary", "tier_share": 1, "confidence": "medium"},
        {"service_name": "Falls visits", "tier": "secondary", "tier_share": Decimal("0.8"), "confidence": "medium"},
        {"service_name": "Falls visits", "tier": "tertiary", "tier_share": Decimal("0.2"), "confidence": "medium"},
    ],
    "targets": {"shift_target_share": Decimal("0.02"), "shift_target_year": "2028-29", "q1": "Monthly, by the board"},
}


def write_good(path: Path, **filled) -> Path:
    """A valid map; keyword arguments replace its details, lines, tiers or targets."""
    if filled:
        service_map_template.write(path, COUNCIL, YEAR, BUDGET, filled={**FILLED, **filled})
    else:
        path.write_bytes(_good())
    return path


@cache
def _good() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.xlsx"
        service_map_template.write(path, COUNCIL, YEAR, BUDGET, filled=FILLED)
        return path.read_bytes()


def spoil(path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """Change a workbook in place, as somebody would in a spreadsheet program."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def cell_of(workbook: openpyxl.Workbook, sheet: str, service: str, header: str):
    """The cell of a service's first row under a header."""
    rows = list(workbook[sheet].iter_rows())
    headers = next(
        row for row in rows if any(c.value == "Service" for c in row) and any(c.value == "Confidence" for c in row)
    )
    name = next(c.column for c in headers if c.value == "Service")
    column = next(c.column for c in headers if c.value == header)
    return next(row[column - 1] for row in rows if row[name - 1].value == service and row[0].row > headers[0].row)


def line_cell(workbook: openpyxl.Workbook, service: str, header: str):
    """A cell of step one."""
    return cell_of(workbook, LINES, service, header)


def tier_cell(workbook: openpyxl.Workbook, service: str, header: str):
    """A cell of step two."""
    return cell_of(workbook, TIERS, service, header)


def detail_cell(workbook: openpyxl.Workbook, label: str):
    """The answer beside a label of the sheet Details."""
    return next(row[1] for row in workbook["Details"].iter_rows() if str(row[0].value or "").rstrip(" *") == label)
