"""Faulty maps: each is spoilt from a good one, refused, and its message says where, what and what to do."""

import csv
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from service_maps import FILLED, detail_cell, line_cell, spoil, tier_cell, write_good
from test_service_map import edition_of

from ingest.problems import InputError
from ingest.submitted.service_maps import service_map
from ingest.submitted.service_maps.map_layout import DETAILS, LINES, TARGETS, TIERS, TOTAL_LINES
from ingest.submitted.service_maps.map_rules import Known


def put(cell_of, *place):
    """A change that writes a value into one cell."""
    *where, value = place

    def change(workbook):
        cell_of(workbook, *where).value = value

    return change


def header_cell(workbook, sheet, header):
    return next(c for row in workbook[sheet].iter_rows() for c in row if c.value == header)


def rename_header(sheet, header, new):
    def change(workbook):
        header_cell(workbook, sheet, header).value = new

    return change


def delete_column(sheet, header):
    def change(workbook):
        workbook[sheet].delete_cols(header_cell(workbook, sheet, header).column)

    return change


def rename_sheet(name, new):
    def change(workbook):
        workbook[name].title = new

    return change


def merge(workbook):
    cell = line_cell(workbook, "Careline telecare", "Evidence")
    workbook[LINES].merge_cells(
        start_row=cell.row, end_row=cell.row + 1, start_column=cell.column, end_column=cell.column
    )


def hide_row(workbook):
    workbook[LINES].row_dimensions[line_cell(workbook, "Falls visits", "Service").row].hidden = True


def hide_column(workbook):
    workbook[TIERS].column_dimensions["G"].hidden = True


def hide_sheet(workbook):
    workbook[TIERS].sheet_state = "hidden"


def blank(workbook):
    for name in workbook.sheetnames[1:]:
        del workbook[name]
    workbook.worksheets[0].title = "Sheet1"
    workbook.worksheets[0].delete_rows(1, 100)


def no_answers(workbook):
    for sheet, columns in ((LINES, 16), (TIERS, 9)):
        for row in workbook[sheet].iter_rows(min_row=7, min_col=1, max_col=columns):
            for cell in row:
                cell.value = None


def swap_range(workbook):
    line_cell(workbook, "Careline telecare", "Lowest share").value = 0.7
    line_cell(workbook, "Careline telecare", "Highest share").value = 0.6


def share_it(workbook):
    detail_cell(workbook, "Kind of map").value = "Shared by several councils"


# name: the spoiling, the place the message must name, words it must hold, and a word of the remedy
FAULTS = {
    "share over 1": (
        put(line_cell, "Careline telecare", "Share of line", 65),
        (LINES, 11, "I"),
        "more than 100%",
        "type 65%",
    ),
    "shares sum over 1": (
        put(line_cell, "Equipment store", "Share of line", 0.36),
        (LINES, 12, "I"),
        "come to 101%",
        "at most 100%",
    ),
    "negative share": (
        put(line_cell, "Careline telecare", "Share of line", -0.1),
        (LINES, 11, "I"),
        "is negative",
        "0% to 100%",
    ),
    "tier shares sum over 1": (
        put(tier_cell, "Falls visits", "Share of service", 0.9),
        (TIERS, 11, "D"),
        "come to 110%",
        "at most 100%",
    ),
    "unknown tier": (
        put(tier_cell, "Falls visits", "Tier", "early help"),
        (TIERS, 10, "C"),
        "does not know",
        "primary; secondary",
    ),
    "unknown basis": (
        put(line_cell, "Falls visits", "Basis", "gut feeling"),
        (LINES, 16, "H"),
        "does not know",
        "Staff time",
    ),
    "unknown department": (
        put(line_cell, "Falls visits", "Department", "Parks"),
        (LINES, 16, "G"),
        "does not know",
        "Public health",
    ),
    "unknown confidence": (
        put(line_cell, "Falls visits", "Confidence", "quite"),
        (LINES, 16, "N"),
        "does not know",
        "high; medium; low",
    ),
    "text in a number": (
        put(line_cell, "Careline telecare", "Share of line", "two thirds"),
        (LINES, 11, "I"),
        "holds text",
        "type a number",
    ),
    "number stored as text": (
        put(line_cell, "Advice line", "Quantity", "4000"),
        (LINES, 15, "J"),
        "holds text",
        "apostrophe",
    ),
    "formula instead of value": (
        put(line_cell, "Advice line", "Quantity", "=2000*2"),
        (LINES, 15, "J"),
        "formula",
        "Paste Special",
    ),
    "formula in the text": (
        put(line_cell, "Advice line", "Service", '=HYPERLINK("x","Advice line")'),
        (LINES, 15, "E"),
        "formula",
        "Values",
    ),
    "error value": (put(line_cell, "Advice line", "Quantity", "#N/A"), (LINES, 15, "J"), "an error", "replace"),
    "date in a number": (
        put(line_cell, "Advice line", "Quantity", FILLED["details"]["assessed_on"]),
        (LINES, 15, "J"),
        "a date is in",
        "number",
    ),
    "duplicate service": (
        put(line_cell, "Equipment store", "Service", "careline  Telecare"),
        (LINES, 12, "E"),
        "twice (row 11 too)",
        "one row",
    ),
    "duplicate tier": (
        put(tier_cell, "Falls visits", "Tier", "tertiary"),
        (TIERS, 11, "C"),
        "twice (row 10 too)",
        "one row",
    ),
    "negative hours": (put(line_cell, "Falls visits", "Quantity", -5), (LINES, 16, "J"), "negative", "0 or more"),
    "no driver": (
        put(line_cell, "Falls visits", "Quantity", None),
        (LINES, 16, "E"),
        "neither share nor quantity",
        "share of the line",
    ),
    "share and quantity": (
        put(line_cell, "Falls visits", "Share of line", 0.2),
        (LINES, 16, "J"),
        "a share and a quantity",
        "one of the two",
    ),
    "range without evidence": (
        put(line_cell, "Careline telecare", "Evidence", None),
        (LINES, 11, "L"),
        "range is given without evidence",
        "Evidence",
    ),
    "high confidence without evidence": (
        put(line_cell, "Advice line", "Evidence", " "),
        (LINES, 15, "N"),
        "without evidence",
        "medium",
    ),
    "lowest above share": (
        put(line_cell, "Careline telecare", "Lowest share", 0.66),
        (LINES, 11, "L"),
        "above the share of 65%",
        "lower",
    ),
    "highest below share": (
        put(line_cell, "Careline telecare", "Highest share", 0.64),
        (LINES, 11, "M"),
        "below the share of 65%",
        "raise",
    ),
    "lowest above highest": (swap_range, (LINES, 11, "L"), "lowest share is above the highest", "swap"),
    "needed cell blank": (
        put(line_cell, "Falls visits", "Department", None),
        (LINES, 16, "G"),
        "is blank in a row",
        "fill it in",
    ),
    "two departments": (
        put(line_cell, "Falls visits", "Service", "Advice line"),
        (LINES, 16, "G"),
        "another department than in row 15",
        "two names",
    ),
    "service not on step one": (
        put(tier_cell, "Careline telecare", "Service", "Careline telcare"),
        (TIERS, 7, "A"),
        "not on the sheet",
        "“Careline telecare”",
    ),
    "service without tier": (
        put(line_cell, "Falls visits", "Service", "Falls prevention"),
        (LINES, 16, "E"),
        "has no tier",
        TIERS,
    ),
    "line of another form": (
        put(line_cell, "Falls visits", "Line code", "999"),
        (LINES, 16, "A"),
        "E06000047 has no published line",
        "drop-down",
    ),
    "deleted column": (
        delete_column(LINES, "Basis"),
        (LINES, 6, None),
        "column “Basis” is missing",
        "put the column back",
    ),
    "renamed column": (
        rename_header(LINES, "Confidence", "How sure"),
        (LINES, 6, "N"),
        "no column of this name",
        "template name",
    ),
    "doubled column": (
        rename_header(LINES, "Lowest share", "Highest share"),
        (LINES, 6, "M"),
        "is there twice",
        "delete",
    ),
    "no header row": (lambda wb: wb[TIERS].delete_rows(6), (TIERS, None, None), "header row", "put the header row"),
    "merged cells": (merge, (LINES, 11, "P"), "cells are merged", "Unmerge"),
    "hidden row": (hide_row, (LINES, 16, None), "row is hidden", "Unhide"),
    "hidden column": (hide_column, (TIERS, None, "G"), "column is hidden", "Unhide"),
    "hidden sheet": (hide_sheet, (TIERS, None, None), "sheet is hidden", "Unhide"),
    "renamed sheet": (rename_sheet(LINES, "Lines"), (LINES, None, None), "is missing", "name “Lines to services” back"),
    "deleted sheet": (lambda wb: wb.remove(wb[TARGETS]), (TARGETS, None, None), "is missing", "fresh template"),
    "blank workbook": (blank, (None, None, None), "blank or is no service map", "prevention template"),
    "nothing filled in": (no_answers, (LINES, None, None), "no line is given", "at least one line"),
    "wrong year": (
        put(detail_cell, "Holds from financial year", "2025-27"),
        (DETAILS, 12, "B"),
        "not a financial year",
        "2025-26",
    ),
    "year as a number": (
        put(detail_cell, "Holds from financial year", 2025),
        (DETAILS, 12, "B"),
        "not a financial year",
        "both parts",
    ),
    "year not published": (
        put(detail_cell, "Holds from financial year", "2031-32"),
        (DETAILS, 12, "B"),
        "2013-14 to 2025-26",
        "until that budget",
    ),
    "years the wrong way round": (
        put(detail_cell, "Holds to financial year", "2019-20"),
        (DETAILS, 13, "B"),
        "before it begins",
        "leave the last year blank",
    ),
    "wrong council": (
        put(detail_cell, "Council code", "E09000033"),
        (DETAILS, 9, "B"),
        "belongs to Westminster",
        "correct the code or the name",
    ),
    "no such council": (
        put(detail_cell, "Council code", "E06000999"),
        (DETAILS, 8, "B"),
        "no council E06000999",
        "County Durham has E06000047",
    ),
    "district council": (
        put(detail_cell, "Council code", "E07000999"),
        (DETAILS, 8, "B"),
        "there is no council",
        "check the code",
    ),
    "no council code at all": (
        put(detail_cell, "Council code", "Durham"),
        (DETAILS, 8, "B"),
        "not the ONS code",
        "E09000007",
    ),
    "version is no number": (
        put(detail_cell, "Version of this map", "draft"),
        (DETAILS, 15, "B"),
        "not a whole number",
        "1, 2, 3",
    ),
    "date that is none": (
        put(detail_cell, "Assessed on", "last spring"),
        (DETAILS, 17, "B"),
        "is not a date",
        "2025-05-12",
    ),
    "role missing": (
        put(detail_cell, "Role of the assessor", None),
        (DETAILS, 16, "B"),
        "is not filled in",
        "never a name",
    ),
    "shared map without councils": (share_it, (DETAILS, None, None), "lists no councils", "ONS codes"),
    "text too long": (
        put(line_cell, "Falls visits", "Evidence", "x" * 5001),
        (LINES, 16, "P"),
        "5,001 characters",
        "shorten",
    ),
    "far too many rows": (
        lambda wb: wb[LINES].cell(60_000, 3, "x"),
        (LINES, None, None),
        "runs to 60,000 rows",
        "Delete rows",
    ),
}

SEED_OF_TOTALS = Path(__file__).parents[2] / "dbt_project" / "seeds" / "budget_line_totals.csv"
KNOWN = Known(
    councils={"E06000047": "County Durham", "E09000033": "Westminster"},
    line_codes={"E06000047": {"301", "330", "340", "371", "372"}},
    services={"information_and_advice"},
    financial_years={"2013-14", "2025-26"},
)


@pytest.mark.parametrize("name", FAULTS)
def test_faulty_map_is_refused_with_a_message_to_act_on(name, tmp_path):
    change, (sheet, row, column), words, remedy = FAULTS[name]
    path = spoil(write_good(tmp_path / "map.xlsx"), change)
    problems = service_map.check(path, KNOWN)
    found = [p for p in problems if words in p.what and remedy in p.remedy and p.sheet == sheet]
    assert found, "\n".join(map(str, problems))
    place = str(found[0])
    assert found[0].file == "map.xlsx"
    assert row is None or f"row {row}" in place
    assert column is None or f"column {column}" in place


def test_every_problem_is_reported_at_once(tmp_path):
    def change(workbook):
        for name in ("share over 1", "unknown tier", "negative hours", "wrong year", "role missing"):
            FAULTS[name][0](workbook)

    problems = service_map.check(spoil(write_good(tmp_path / "map.xlsx"), change), KNOWN)
    assert {p.sheet for p in problems} == {DETAILS, LINES, TIERS}
    assert len(problems) >= 5


def write_text(path: Path) -> None:
    path.write_text("Line code;Service\n330;Telecare\n", encoding="utf-8")


def write_locked(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"))


def write_old(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000)


def write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("notes.txt", "hello")


def write_bomb(path: Path) -> None:
    shutil.copy(write_good(path.with_name("good.xlsx")), path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet99.xml", b"0" * 70_000_000)


def write_damaged(path: Path) -> None:
    good = write_good(path.with_name("good.xlsx"))
    with zipfile.ZipFile(good) as parts, zipfile.ZipFile(path, "w") as spoilt:
        for name in parts.namelist():
            spoilt.writestr(name, parts.read(name)[:-40] if name == "xl/workbook.xml" else parts.read(name))


def write_short(path: Path) -> None:
    path.write_bytes(write_good(path.with_name("good.xlsx")).read_bytes()[:5000])


@pytest.mark.parametrize(
    ("make", "words", "remedy"),
    [
        (lambda path: path.write_bytes(b""), "the file is empty", "send the workbook again"),
        (lambda path: path.write_bytes(b"PK" + b"\0" * 21_000_000), "21 MB", "remove pictures"),
        (write_text, "not an Excel workbook", "saved as Excel workbook"),
        (write_locked, "locked with a password", "take the password off"),
        (write_old, "old kind (.xls)", "save it as Excel workbook"),
        (write_zip, "not an Excel workbook", "save it as Excel workbook"),
        (write_bomb, "huge", "fresh template"),
        (write_damaged, "damaged", "save it again"),
        (write_short, "damaged", "save it again"),
    ],
)
def test_file_that_is_no_readable_workbook(make, words, remedy, tmp_path):
    path = tmp_path / "map.xlsx"
    make(path)
    (problem,) = service_map.check(path)
    assert words in problem.what
    assert remedy in problem.remedy


def test_mixed_shares_and_quantities(tmp_path):
    def change(workbook):
        line_cell(workbook, "Falls visits", "Quantity").value = None
        line_cell(workbook, "Falls visits", "Share of line").value = 0.2

    (problem,) = service_map.check(spoil(write_good(tmp_path / "map.xlsx"), change))
    assert "line 340 mixes shares and quantities" in problem.what


def test_quantities_that_are_all_nought(tmp_path):
    def change(workbook):
        line_cell(workbook, "Advice line", "Quantity").value = 0
        line_cell(workbook, "Falls visits", "Quantity").value = 0

    (problem,) = service_map.check(spoil(write_good(tmp_path / "map.xlsx"), change))
    assert "quantities of line 340 are all 0" in problem.what


def test_two_names_for_one_standard_service(tmp_path):
    def change(workbook):
        line_cell(workbook, "Falls visits", "Standard service").value = "information_and_advice"

    (problem,) = service_map.check(spoil(write_good(tmp_path / "map.xlsx"), change), KNOWN)
    assert "cannot be told from “Advice line”" in problem.what


def test_target_without_a_year(tmp_path):
    path = write_good(tmp_path / "map.xlsx", targets={"shift_target_share": 0.02})
    (problem,) = service_map.check(path)
    assert "needs both a share and a year" in problem.what
    assert problem.sheet == TARGETS


def test_refused_whole(tmp_path):
    from ingest.catalogue import Release, Source
    from ingest.land import Edition

    path = spoil(write_good(tmp_path / "map.xlsx"), FAULTS["share over 1"][0])
    source = Source("service_maps", "", "", "", "service_map", folder="maps")
    edition = Edition(
        Release("service_maps:map", source, path.name, ()), "service_maps:map@1", path, "1", "", None, False, 0
    )
    with pytest.raises(InputError, match="more than 100%"):
        service_map.read(edition)


def test_workings_on_a_sheet_of_their_own_are_left_alone(tmp_path):
    def change(workbook):
        sheet = workbook.create_sheet("Our workings")
        sheet["A1"] = "=1/0"
        sheet.merge_cells("A1:B2")

    assert service_map.check(spoil(write_good(tmp_path / "map.xlsx"), change)) == []


def test_a_map_that_went_through_another_program_stays_valid(tmp_path):
    path = write_good(tmp_path / "map.xlsx")
    openpyxl.load_workbook(path).save(path)
    assert service_map.check(path, KNOWN) == []


def test_a_total_line_is_refused_with_the_reason(tmp_path):
    """Line 360 sums the others up: nothing a map says of it could move a figure."""
    path = write_good(tmp_path / "map.xlsx")
    spoil(path, put(line_cell, "Careline telecare", "Line code", "360"))
    whats = [problem.what for problem in service_map.check(path)]
    assert any("line 360 (Adult social care) is the total of the other lines" in what for what in whats)
    with pytest.raises(InputError):
        service_map.read(edition_of(path))


def test_totals_are_those_of_the_form():
    with SEED_OF_TOTALS.open(encoding="utf-8", newline="") as stream:
        of_the_form = {row["line_code"]: row["total_of"] for row in csv.DictReader(stream)}
    assert {code: of_the_form[code] for code in TOTAL_LINES} == TOTAL_LINES


def test_a_line_whose_shares_are_all_nought_gives_nothing(tmp_path):
    path = write_good(tmp_path / "map.xlsx")
    for service, low, high in (("Careline telecare", 0, 0.1), ("Equipment store", None, None)):
        spoil(path, put(line_cell, service, "Share of line", 0))
        spoil(path, put(line_cell, service, "Lowest share", low))
        spoil(path, put(line_cell, service, "Highest share", high))
    assert ["all 0" in problem.what for problem in service_map.check(path)] == [True]


def test_a_service_called_home_care_is_asked_about_unless_a_standard_service_says(tmp_path):
    def named(standard):
        lines = [{**line, "service_name": "Home care"} for line in FILLED["lines"][:1]]
        lines[0]["standard_service"] = standard
        tiers = [{"service_name": "Home care", "tier": "tertiary", "tier_share": 1, "confidence": "medium"}]
        return write_good(tmp_path / f"{standard}.xlsx", lines=lines, tiers=tiers)

    (problem,) = service_map.check(named(None))
    assert "long-term home care" in problem.what
    assert service_map.check(named("home_care_65_plus")) == []
    # What the column leaves open is left open in the raw row, for the standard service to settle.
    frame = service_map.read(edition_of(named("home_care_65_plus"))).frames["service_map_tiers"]
    assert frame.is_home_care.isna().all()
