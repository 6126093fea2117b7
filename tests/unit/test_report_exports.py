"""The workbook and the data package: equal figures, text that stays text, descriptions that machines accept."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal

import duckdb
import frictionless
import invented_warehouse as invented
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from reporting import datapackage, workbook
from reporting.sheets import HEADER_ROW, NAME_ROW
from reporting.warehouse import Warehouse

PUBLICATION = {"publication_id": "test-1", "published_at": "2026-01-02T03:04:05Z", "is_sample": True}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return invented.build(tmp_path_factory.mktemp("exports") / "warehouse.duckdb")


@pytest.fixture(scope="module")
def book(database, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "prevention_marts.xlsx"
    with Warehouse(database) as warehouse:
        workbook.write(warehouse, path, PUBLICATION)
    return path


def test_notes_come_first_and_name_what_is_not_here(book):
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames[0] == "Notes"
    notes = [[cell.value for cell in row] for row in sheets["Notes"].iter_rows()]
    firsts = {row[0] for row in notes}
    assert {"[sample]", "[c]", "[x]", "[z]", "not here: fct_allocation", "not here: fct_budget_line"} <= firsts
    assert {"Questions and corrections", "Next release", "Language", "Dictionary", "prevention_headline"} <= firsts


def test_every_sheet_has_one_table_frozen_filtered_and_nothing_merged(book):
    for sheet in openpyxl.load_workbook(book).worksheets[1:]:
        assert not sheet.merged_cells.ranges, sheet.title
        assert sheet.freeze_panes == f"B{HEADER_ROW + 2}", sheet.title
        (table,) = sheet.tables.values()
        assert table.ref.startswith(f"A{HEADER_ROW + 1}:") and table.autoFilter, sheet.title
        assert all(cell.value for cell in sheet[HEADER_ROW + 1]), sheet.title
        assert sheet.print_area and sheet.print_title_rows and sheet.page_setup.orientation == "landscape"


def test_nothing_of_the_workbook_is_hidden_drawn_or_worked_out(book):
    workbook_ = openpyxl.load_workbook(book)
    for sheet in workbook_.worksheets:
        assert sheet.sheet_state == "visible" and sheet["A1"].value, sheet.title
        hidden = [d for dims in (sheet.row_dimensions, sheet.column_dimensions) for d in dims.values() if d.hidden]
        assert not hidden and not sheet._images and not sheet._charts, sheet.title
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), sheet.title
    for sheet in workbook_.worksheets[1:]:
        headers = [cell.value for cell in sheet[HEADER_ROW + 1]]
        assert len(set(headers)) == len(headers), sheet.title
    links = [cell.hyperlink for (cell,) in workbook_.worksheets[0].iter_rows(max_col=1) if cell.hyperlink]
    linked = {link.location.split("!")[0].strip("'") for link in links}
    assert linked == {sheet.title for sheet in workbook_.worksheets[1:]}


def test_figures_are_equal_to_the_mart_when_read_with_pandas(book, database):
    read = pd.read_excel(
        book,
        sheet_name="prevention_headline",
        header=NAME_ROW,
        skiprows=[HEADER_ROW],
        na_values=["[x]", "[c]", "[z]"],
        dtype=object,
        engine="openpyxl",
    )
    with duckdb.connect(str(database), read_only=True) as con:
        rows = con.execute(
            "select council_code, financial_year, cost_view, perimeter, amount_gbp, movement_gbp"
            " from marts.mart_prevention_headline where cost_view = 'direct'"
        ).fetchall()
    held = {tuple(row[:4]): row[4:] for row in rows}
    assert len(read) == len(rows) > 150
    for row in read.to_dict("records"):
        amount, movement = held[row["council_code"], row["financial_year"], row["cost_view"], row["perimeter"]]
        assert Decimal(str(row["amount_gbp"])) == amount
        assert pd.isna(row["movement_gbp"]) == (movement is None)


def test_no_cell_of_a_table_is_blank_and_each_council_is_named(book):
    for sheet in openpyxl.load_workbook(book).worksheets[1:]:
        names = [cell.value for cell in sheet[NAME_ROW + 1]]
        rows = list(sheet.iter_rows(min_row=HEADER_ROW + 2, values_only=True))
        assert rows and all(value not in (None, "") for row in rows for value in row), sheet.title
        if "council_code" in names:
            assert {"council_name", "region"} <= set(names), sheet.title


def test_headers_are_words_with_units_and_the_dictionary_has_every_column(book):
    workbook_ = openpyxl.load_workbook(book)
    sheet = workbook_["prevention_headline"]
    pairs = {sheet.cell(NAME_ROW + 1, c + 1).value: cell.value for c, cell in enumerate(sheet[HEADER_ROW + 1])}
    assert pairs["amount_gbp"] == "Amount (£)" and pairs["per_head_65_plus_gbp"] == "Per head 65+ (£ per person)"
    said = {(row[0], row[2]) for row in workbook_["Dictionary"].iter_rows(min_row=HEADER_ROW + 2, values_only=True)}
    for table in workbook_.worksheets[1:-1]:
        assert {(table.title, cell.value) for cell in table[NAME_ROW + 1]} <= said


def test_a_row_of_the_contents_is_as_high_as_its_text(book):
    notes = openpyxl.load_workbook(book).worksheets[0]
    heights = {}
    for row in notes.iter_rows(min_row=3, max_col=2):
        heights[len(str(row[1].value or ""))] = notes.row_dimensions[row[0].row].height or 15
    width = notes.column_dimensions["B"].width
    assert max(heights) > width
    assert all(height >= 15 * length / (1.1 * width) for length, height in heights.items())


def test_a_wide_sheet_is_printed_on_several_sheets_of_paper_that_can_be_read(book):
    across = {}
    for sheet in openpyxl.load_workbook(book).worksheets[1:]:
        width = sum(sheet.column_dimensions[get_column_letter(n)].width for n in range(1, sheet.max_column + 1))
        # A width of one sheet is what a workbook has that says nothing.
        across[sheet.title] = sheet.page_setup.fitToWidth or 1
        assert width / across[sheet.title] <= 215, sheet.title
        assert bool(sheet.print_title_cols) == (across[sheet.title] > 1)
    assert across["prevention_headline"] > 1 and across["dim_tier"] == 1


def test_the_workbook_says_who_made_it_and_in_what_language(book):
    properties = openpyxl.load_workbook(book).properties
    assert properties.creator and properties.title and "Questions" in properties.description
    assert properties.language == "en-GB"
    with zipfile.ZipFile(book.with_suffix(".ods")) as parts:
        assert "<dc:language>en-GB</dc:language>" in parts.read("meta.xml").decode()


def test_the_opendocument_file_holds_the_same_cells(book):
    ours, theirs = pd.ExcelFile(book, engine="openpyxl"), pd.ExcelFile(book.with_suffix(".ods"), engine="calamine")
    assert ours.sheet_names == theirs.sheet_names
    for name in ours.sheet_names[1:]:
        options = {"sheet_name": name, "header": HEADER_ROW, "dtype": object, "keep_default_na": False}
        one, other = ours.parse(**options), theirs.parse(**options)
        assert one.shape == other.shape and list(one.columns) == list(other.columns), name
        for a, b in zip(one.to_numpy().ravel(), other.to_numpy().ravel(), strict=True):
            assert a == b or str(a) == str(b) or Decimal(str(a)) == Decimal(str(b)), (name, a, b)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_the_opendocument_file_is_laid_out_as_the_other_in_libreoffice(book, tmp_path):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(book.with_suffix(".ods"))], check=True, capture_output=True, timeout=300)
    ours, theirs = openpyxl.load_workbook(book), openpyxl.load_workbook(tmp_path / book.name)
    for one in ours.worksheets:
        other = theirs[one.title]
        assert other.print_title_rows == one.print_title_rows, one.title
        assert other.print_title_cols == one.print_title_cols and other.page_setup.orientation == "landscape"
        assert (other.page_setup.fitToWidth or 1) == (one.page_setup.fitToWidth or 1), one.title
        for letter in "AB":
            width = one.column_dimensions[letter].width
            assert 0.8 * width < other.column_dimensions[letter].width < 1.25 * width, one.title
    # Without a window LibreOffice keeps no view: what stays while scrolling is read from the file itself.
    with zipfile.ZipFile(book.with_suffix(".ods")) as parts:
        settings = parts.read("settings.xml").decode()
    frozen = re.findall(
        r'map-entry config:name="([^"]+)">(?:(?!map-entry).)*VerticalSplitPosition[^>]*>(\d+)<', settings
    )
    assert frozen == [(one.title, str(HEADER_ROW + 1)) for one in ours.worksheets if one.freeze_panes]
    contents = {row[0].value: row[0] for row in theirs["Notes"].iter_rows() if row[0].hyperlink}
    assert "prevention_headline" in contents["prevention_headline"].hyperlink.location
    assert len(contents) == len(theirs.sheetnames) - 1
    long = max(theirs["Notes"].iter_rows(min_row=3, max_col=2), key=lambda row: len(str(row[1].value)))
    assert long[1].alignment.wrap_text and theirs["Notes"].row_dimensions[long[0].row].height > 20


def test_an_empty_table_has_a_line_in_the_contents_and_no_sheet(database, tmp_path):
    empty = tmp_path / "warehouse.duckdb"
    shutil.copyfile(database, empty)
    with duckdb.connect(str(empty)) as con:
        con.execute("delete from marts.mart_published_findings")
    with Warehouse(empty) as warehouse:
        names = workbook.write(warehouse, tmp_path / "book.xlsx", PUBLICATION)
    notes = openpyxl.load_workbook(tmp_path / "book.xlsx")["Notes"]
    said = {row[0].value: row[1].value for row in notes.iter_rows()}
    assert "published_findings" not in names
    assert "no rows in this publication" in said["not here: mart_published_findings"]


def test_a_formula_in_a_name_is_text_in_the_workbook(book):
    sheet = openpyxl.load_workbook(book)["dim_council"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd")]
    assert cells and all(cell.data_type == "s" for cell in cells)


def test_the_same_publication_gives_the_same_bytes(book, database, tmp_path):
    with Warehouse(database) as warehouse:
        workbook.write(warehouse, tmp_path / "again.xlsx", PUBLICATION)
    for kind in (".xlsx", ".ods"):
        again, first = (path.with_suffix(kind).read_bytes() for path in (tmp_path / "again.xlsx", book))
        assert hashlib.sha256(again).digest() == hashlib.sha256(first).digest(), kind


def test_the_data_package_is_valid_and_says_units_and_keys(database, tmp_path):
    with Warehouse(database) as warehouse:
        datapackage.write(warehouse, tmp_path, PUBLICATION)
    written = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    package = frictionless.Package.from_descriptor(written)
    spend = package.get_resource("mart_prevention_spend")
    assert spend.schema.primary_key == [
        "council_code",
        "financial_year",
        "statement",
        "outcome_code",
        "cost_view",
        "tier",
    ]
    fields = {field["name"]: field for field in spend.to_descriptor()["schema"]["fields"]}
    assert fields["amount_gbp"]["type"] == "number" and fields["amount_gbp"]["unit"] == "pounds"
    assert fields["is_modelled"]["type"] == "boolean"
    described = {f["name"]: f for f in package.get_resource("dim_council").to_descriptor()["schema"]["fields"]}
    assert described["council_code"]["description"] == "ONS nine-character code"


def test_frictionless_refuses_a_broken_package(database):
    with Warehouse(database) as warehouse:
        package = datapackage.describe(warehouse, PUBLICATION)
    package["resources"][0]["schema"]["fields"][0]["type"] = "money"
    with pytest.raises(frictionless.FrictionlessException):
        frictionless.Package.from_descriptor(package)


def test_the_version_changes_when_a_column_comes_to_mean_something_else(database, tmp_path):
    with Warehouse(database) as warehouse:
        before = datapackage.describe(warehouse, PUBLICATION)["version"]
        again = datapackage.describe(warehouse, {**PUBLICATION, "publication_id": "other"})["version"]
    changed = invented.build(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(changed)) as con:
        con.execute("comment on column marts.dim_council.region is 'Something else'")
    with Warehouse(changed) as warehouse:
        after = datapackage.describe(warehouse, PUBLICATION)["version"]
    assert before == again != after


def test_every_declared_key_is_unique_in_its_mart(database):
    from reporting import catalogue

    with Warehouse(database) as warehouse:
        keyed = [(t, catalogue.key_of(t)) for t in warehouse.tables() if catalogue.key_of(t)]
        assert len(keyed) > 5
        for table, key in keyed:
            columns = ", ".join(key)
            repeated = warehouse.query(f"select {columns} from marts.{table} group by {columns} having count(*) > 1")
            assert repeated == [], table
