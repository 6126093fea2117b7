"""The service map workbook in LibreOffice: filled in, calculated afresh, saved, and still a valid map."""

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ingest.submitted.service_maps import service_map, service_map_template
from ingest.submitted.service_maps.map_layout import BUDGET_LINES, LINES, TIERS

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
BUDGET = [
    {
        "line_code": code,
        "line_name": f"Line {code}",
        "section": "Adult social care",
        "department": "Adult social care",
        "amount_gbp": Decimal(amount),
    }
    for code, amount in (("301", "1000000"), ("330", "400000"), ("340", "600000"))
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine"),
]


def fill(workbook, sheet, row, **by_header):
    """Type values into a row, as a person would, by header."""
    headers = {cell.value: cell.column for cell in workbook[sheet][6]}
    for header, value in by_header.items():
        workbook[sheet].cell(row, headers[header.replace("_", " ")]).value = value


def offered(workbook, sheet, column) -> str:
    """What the drop-down of a column offers, as a formula."""
    rules = workbook[sheet].data_validations.dataValidation
    return next(r.formula1 for r in rules if r.type == "list" and str(r.sqref).startswith(column)).lstrip("=")


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    """A template filled in without any stored result, then opened, calculated and saved by LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    path = folder / "map.xlsx"
    service_map_template.write(path, {"code": "E06000047", "name": "County Durham"}, "2025-26", BUDGET)
    workbook = openpyxl.load_workbook(path)
    common = {"Department": "Adult social care", "Confidence": "low"}
    fill(workbook, LINES, 7, Service="Home care", Basis="Service users", Share_of_line=0.25, **common)
    fill(workbook, LINES, 11, Service="Telecare", Basis="Activity", Quantity=300, **common)
    fill(workbook, LINES, 12, Service="Equipment", Basis="Activity", Quantity=100, **common)
    fill(workbook, TIERS, 7, Service="Telecare", Tier="secondary", Share_of_service=0.6, Confidence="low")
    fill(workbook, TIERS, 8, Service="Equipment", Tier="tertiary", Share_of_service=1, Confidence="low")
    long_term = {"Long-term home care": "Yes"}
    fill(workbook, TIERS, 9, Service="Home care", Tier="tertiary", Share_of_service=1, Confidence="low", **long_term)
    workbook["Details"]["B16"] = "Head of finance"
    workbook["Details"]["B17"] = "2025-06-02"
    probe = workbook.create_sheet("Probe")
    for row, rule in enumerate((offered(workbook, TIERS, "A"), offered(workbook, LINES, "A")), start=1):
        probe.cell(row, 1, f"=ROWS({rule})")
        probe.cell(row, 2, f"=INDEX({rule},2)")
    workbook.save(path)
    (folder / "out").mkdir()
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / "out" / "map.xlsx"


def values(path, sheet):
    workbook = openpyxl.load_workbook(path, data_only=True)
    headers = [cell.value for cell in workbook[sheet][6]]
    return [
        dict(zip(headers, (cell.value for cell in row), strict=True)) for row in workbook[sheet].iter_rows(min_row=7)
    ]


def test_totals_show_what_is_still_unmapped(saved):
    lines = {row["Line code"]: row for row in values(saved, BUDGET_LINES)}
    assert [lines[code]["State"] for code in ("301", "330", "340")] == ["partly mapped", "complete", "not mapped yet"]
    assert [lines[code]["Still unmapped (£)"] for code in ("301", "330", "340")] == [750000, 0, 600000]
    sheet = openpyxl.load_workbook(saved, data_only=True)[BUDGET_LINES]
    assert [sheet[cell].value for cell in ("E4", "F4", "G4", "H4")] == [2000000, 0.325, 0.675, 1350000]


def test_amounts_follow_shares_and_quantities(saved):
    rows = values(saved, LINES)
    given = {row["Service"]: row["Amount given (£)"] for row in rows if row["Service"]}
    assert given == {"Home care": 250000, "Telecare": 300000, "Equipment": 100000}
    assert [row["Line still unmapped"] for row in rows[:5]] == [0.75, 0.75, 0.75, 0.75, 0]


def test_services_of_step_one_are_listed_for_step_two(saved):
    rows = values(saved, TIERS)
    assert [row["Services of step one"] for row in rows[:3]] == ["Home care", "Telecare", "Equipment"]
    assert [round(row["Still without tier"], 9) for row in rows[:3]] == [0, 0.4, 0]
    assert not rows[3]["Services of step one"]


def test_no_formula_gives_an_error(saved):
    workbook = openpyxl.load_workbook(saved, data_only=True)
    wrong = [(s.title, c.coordinate, c.value) for s in workbook for r in s.iter_rows() for c in r if c.data_type == "e"]
    assert wrong == []


def test_drop_downs_survive(saved):
    workbook = openpyxl.load_workbook(saved)
    kinds = {
        str(cells): rule.type for rule in workbook[LINES].data_validations.dataValidation for cells in rule.sqref.ranges
    }
    assert {"list", "decimal"} <= set(kinds.values())


def test_drop_downs_offer_services_and_lines_without_blank_ends(saved):
    probe = openpyxl.load_workbook(saved, data_only=True)["Probe"]
    assert [[cell.value for cell in row] for row in probe.iter_rows()] == [[3, "Telecare"], [3, "330"]]


def test_what_libreoffice_saved_is_still_a_valid_map(saved):
    assert [str(problem) for problem in service_map.check(saved)] == []
