"""The workbook and the data package: equal figures, text that stays text, descriptions that machines accept."""

import hashlib
import json
from decimal import Decimal

import duckdb
import frictionless
import invented_warehouse as invented
import openpyxl
import pandas as pd
import pytest

from reporting import datapackage, workbook
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
    assert {"[sample]", "[c]", "[x]", "not here: fct_allocation", "not here: fct_budget_line"} <= firsts


def test_every_sheet_has_one_table_frozen_filtered_and_nothing_merged(book):
    for sheet in openpyxl.load_workbook(book).worksheets[1:]:
        assert not sheet.merged_cells.ranges, sheet.title
        assert sheet.freeze_panes == f"B{workbook.HEADER_ROW + 2}", sheet.title
        assert sheet.auto_filter.ref, sheet.title
        assert all(cell.value for cell in sheet[workbook.HEADER_ROW + 1]), sheet.title


def test_figures_are_equal_to_the_mart_when_read_with_pandas(book, database):
    read = pd.read_excel(
        book,
        sheet_name="prevention_headline",
        header=workbook.HEADER_ROW,
        na_values=["[x]", "[c]"],
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


def test_a_formula_in_a_name_is_text_in_the_workbook(book):
    sheet = openpyxl.load_workbook(book)["dim_council"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd")]
    assert cells and all(cell.data_type == "s" for cell in cells)


def test_the_same_publication_gives_the_same_bytes(book, database, tmp_path):
    with Warehouse(database) as warehouse:
        workbook.write(warehouse, tmp_path / "again.xlsx", PUBLICATION)
    assert hashlib.sha256((tmp_path / "again.xlsx").read_bytes()).digest() == hashlib.sha256(book.read_bytes()).digest()


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
        keyed = [(t, catalogue.key_of(warehouse, t)) for t in warehouse.tables() if catalogue.key_of(warehouse, t)]
        assert len(keyed) > 5
        for table, key in keyed:
            columns = ", ".join(key)
            repeated = warehouse.query(f"select {columns} from marts.{table} group by {columns} having count(*) > 1")
            assert repeated == [], table
