"""Exports of forms, REDCap and long tables: read through their mapping files, or told apart by their shape.

The example files in docs/examples/codings follow the layouts that the makers document; Microsoft Forms exports a
workbook, which is written here.
"""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter

from ingest.problems import InputError
from ingest.submitted.codings import coding_sheet
from ingest.submitted.codings.unit_register import Register

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "codings"
REGISTER = Register((("E06900001", "Pretendbridge", "2013-14", None), ("E06900002", "Mockham", "2013-14", None)))


@pytest.fixture
def example(tmp_path):
    """Copies an example with its mapping; gives its path."""

    def copy(name: str) -> Path:
        for path in EXAMPLES.glob(f"{name}.*"):
            shutil.copyfile(path, tmp_path / path.name)
        return tmp_path / f"{name}.csv"

    return copy


def codes(reading, coder="coder_a") -> set[tuple]:
    return {
        (r["unit_code"], r["item_code"], r["code"], r["is_present"]) for r in reading.records if r["coder"] == coder
    }


def test_a_google_forms_export_gives_codes_themes_and_quotations(example):
    reading = coding_sheet.parse(example("google_forms"), REGISTER)
    assert reading.problems == []
    found = codes(reading)
    assert ("E06900001", "q2a", "yes", True) in found and ("E06900002", "q2a", "in_process", True) in found
    assert ("E06900002", "q2b", "not_applicable", True) in found
    # An answer that holds a comma is one answer; a theme on offer and not ticked is no; one not on offer is not read.
    assert ("E06900001", "q1", "new_boards_teams_roles", True) in found
    assert ("E06900001", "q1", "new_services", False) in found
    assert not any(code == "cross_department" for _, _, code, _ in found)
    assert ("E06900001", "q1", "answered", True) in found
    assert codes(reading, "coder_b") & {("E06900001", "q2b", "yes", True)}
    (record,) = [r for r in reading.records if r["unit_code"] == "E06900002" and r["item_code"] == "q2a"]
    assert (record["quotation"], record["source_row"], record["source_column"]) == (
        "An approach is being drawn up", 3, 4,
    )  # fmt: skip


def test_the_linked_google_sheet_puts_commas_between_answers(example, tmp_path):
    path = example("google_forms")
    for file in (path, tmp_path / "google_forms.mapping.yml"):
        file.write_text(
            file.read_text(encoding="utf-8").replace("advice;Crea", "advice, Crea").replace('r: ";"', 'r: ", "')
        )
    found = codes(coding_sheet.parse(path, REGISTER))
    assert {
        ("E06900001", "q1", "new_boards_teams_roles", True),
        ("E06900001", "q1", "information_and_advice", True),
    } <= found


def test_a_name_without_a_register_is_kept_for_the_warehouse_to_place(example):
    reading = coding_sheet.parse(example("google_forms"))
    assert reading.problems == []
    assert {(r["unit_code"], r["unit_name"]) for r in reading.records if r["coder"] == "coder_b"} == {
        ("", "Pretendbridge")
    }


def test_a_redcap_export_gives_ticked_boxes_and_numbers_as_codes(example):
    reading = coding_sheet.parse(example("redcap"), REGISTER)
    assert reading.problems == []
    found = codes(reading)
    assert {
        ("E06900001", "q2a", "yes", True),
        ("E06900002", "q2a", "in_process", True),
        ("E06900001", "q1", "cross_department", True),
        ("E06900001", "q1", "new_services", False),
    } <= found


def test_a_long_table_gives_one_row_for_each_code(example, tmp_path):
    path = example("long_table")
    reading = coding_sheet.parse(path, REGISTER)
    assert reading.problems == []
    found = codes(reading)
    assert {("E06900001", "q1", "new_services", True), ("E06900001", "q1", "service_review", False)} <= found
    assert not any(unit == "E06900002" and item == "q1" for unit, item, _, _ in found)
    mapping = tmp_path / "long_table.mapping.yml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("is_unlisted_no: true", ""), encoding="utf-8")
    assert not any(not present for _, _, _, present in codes(coding_sheet.parse(path, REGISTER)))


def microsoft(path: Path) -> Path:
    """What Microsoft Forms gives under “Open in Excel”: a table with the form's own columns first."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sheet1")
    header = ("ID", "Start time", "Completion time", "Email", "Name", "Council", "Local approach?", "Themes")
    sheet.write_row(0, 0, header)
    sheet.write_row(
        1, 0, (1, 46000.1, 46000.2, "a@example.org", "A Person", "E06900001", "Yes", "New services;Carers;")
    )
    book.close()
    path.with_name(f"{path.stem}.mapping.yml").write_text(
        "document_type: foi_response\nwave: 2017\nunit: Council\ncoder: coder_a\nquestions:\n  Local approach?: q2a\n"
        "  Themes: {item: q1, values: {New services: new_services, Carers: carer_services, Funds: funds}}\n",
        encoding="utf-8",
    )
    return path


def test_a_microsoft_forms_export_is_read_and_keeps_no_name_or_address(tmp_path):
    reading = coding_sheet.parse(microsoft(tmp_path / "form.xlsx"), REGISTER)
    assert reading.problems == []
    assert {("E06900001", "q1", "carer_services", True), ("E06900001", "q1", "funds", False)} <= codes(reading)
    assert "Person" not in str(reading.records) and "example.org" not in str(reading.records)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Timestamp,Your alias,Council", "export of Google Forms"),
        ("ID,Start time,Completion time,Email,Name", "export of Microsoft Forms"),
        ("record_id,q1___1,q1___2", "export of REDCap"),
        ("unit_code,question,code,coder", "long table"),
        ("a,b,c", "a table of 3 columns"),
    ],
)
def test_without_a_mapping_the_shape_is_told(tmp_path, header, words):
    path = tmp_path / "sent.csv"
    path.write_text(f"{header}\n1,2,3\n", encoding="utf-8")
    (fault,) = coding_sheet.check(path)
    assert words in fault.what and "sent.mapping.yml" in fault.remedy


@pytest.mark.parametrize(
    ("old", "new", "words", "column"),
    [
        ("wave: 2017", "wave: 2031", "no such wave", "“wave”"),
        ("item: q2b", "item: q2c", "no such question", "“Does it give examples of all three types?”"),
        ("in_process", "in_proces", "no such code", "“Have you developed a local approach to prevention?”"),
        ("unit: Council", "unti: Council", "no such setting", "“unti”"),
        ("unit: Council", "unit: Authority", "does not have", "Authority"),
        ("coder: {column: Your alias}", "", "nobody is named", "“coder”"),
        ("evidence: quotation", "evidence: quote", "evidence is not known", "“Words it rests on”"),
        ("document_type: foi_response", "document_type: [", "not valid YAML", None),
    ],
)
def test_a_fault_of_the_mapping_is_named_by_its_setting(example, tmp_path, old, new, words, column):
    path, mapping = example("google_forms"), tmp_path / "google_forms.mapping.yml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        coding_sheet.parse(path, REGISTER)
    assert [(words in p.what, p.column) for p in raised.value.problems] == [(True, column)]


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "words"),
    [
        ("New services", "Newer services", 3, 6, "no code is given for"),
        ('"E06900002"', '"Atlantis"', 3, 3, "has this name"),
        ('"E06900002"', '"E06900009"', 3, 3, "no such council"),
        ('"coder_a","E06900002"', '"","E06900002"', 3, 2, "nobody is named"),
        ('"E06900002"', '"Pretendbridge"', 3, 3, "is on row 2 already"),
        ("In the process", "Nearly", 3, 4, "not in the codebook"),
        ("Your alias", "Your alias\",\"Remarks", 1, 3, "says nothing of this column"),
    ],
)  # fmt: skip
def test_a_fault_of_an_export_is_named_by_its_cell(example, old, new, row, column, words):
    path = example("google_forms")
    text = path.read_text(encoding="utf-8").replace(old, new)
    if "Remarks" in new:
        text = text.replace('"coder_a",', '"coder_a","",').replace('"coder_b",', '"coder_b","",')
    path.write_text(text, encoding="utf-8")
    faults = coding_sheet.check(path, REGISTER)
    assert [(f.row, f.column, words in f.what) for f in faults] == [(row, column, True)]
    assert SimpleNamespace(**vars(faults[0])).remedy
