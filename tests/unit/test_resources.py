"""What asks for too much is refused before it is opened, and what ends its reader ends nothing else."""

import os
import sys
import tracemalloc
import zipfile

import pytest
from finance_books import edition, write_xlsx

from ingest import apart, landing, limits, sheets
from ingest.container import inspect
from ingest.problems import InputError
from ingest.submitted.codings import coding_sheet

TOTALS = ("TOTAL ADULT SOCIAL CARE", "TOTAL PUBLIC HEALTH", "TOTAL SERVICE EXPENDITURE")
SHEET = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{}</sheetData></worksheet>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
ODS = "<office:spreadsheet><table:table>{}</table:table></office:spreadsheet>"
VALUE = '<table:table-cell {} office:value="1"/>'


def packed(path, parts: dict[str, str], compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def refused(path) -> str:
    tracemalloc.start()
    with pytest.raises(InputError) as caught:
        sheets.open_workbook(path)
    assert tracemalloc.get_traced_memory()[1] < 300_000_000
    tracemalloc.stop()
    assert path.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "far",
    [
        FAR,
        FAR.replace("row r=", "x:row r=").replace("<c r=", "<x:c s='1' r="),
        '<row r="2"><c r="XFD2"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_cells_in_the_far_corners_of_an_excel_sheet_are_refused_before_opening(tmp_path, far):
    path = packed(tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": SHEET.format(far)})
    assert "span 1,048,576 rows and 16,384 columns" in refused(path)
    assert not coding_sheet.is_coding_sheet(path)


def test_an_excel_sheet_under_another_name_is_looked_at_too(tmp_path):
    assert "span" in refused(packed(tmp_path / "far.xlsx", {"xl/elsewhere.xml": SHEET.format(FAR)}))


ROW = "<table:table-row{}>{}</table:table-row>"


@pytest.mark.parametrize(
    "rows",
    [
        ROW.format("", VALUE.format("table:number-columns-repeated='999999999'")),
        ROW.format(" table:number-rows-repeated='90000000'", "<table:table-cell/>") + ROW.format("", VALUE.format("")),
        ROW.format(" table:number-rows-repeated='90000000'", VALUE.format("")),
    ],
)
def test_an_open_document_that_repeats_a_value_across_the_grid_is_refused(tmp_path, rows):
    assert "span" in refused(packed(tmp_path / "far.ods", {"content.xml": ODS.format(rows)}))


def test_blank_cells_repeated_to_the_edge_are_no_cells(tmp_path):
    blank = "<table:table-cell table:number-columns-repeated='16383'/>"
    rows = ROW.format("", VALUE.format("") + blank)
    edge = ROW.format(" table:number-rows-repeated='1048575'", "<table:table-cell/>")
    inspect(packed(tmp_path / "edge.ods", {"content.xml": ODS.format(rows + edge)}))


def test_a_bomb_a_nested_archive_and_a_crowd_of_parts_are_refused(tmp_path, monkeypatch):
    bomb = packed(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": " " * 60_000_000})
    monkeypatch.setattr("ingest.container.MOST_PACKING", 500)
    assert "when unpacked" in refused(bomb)
    assert "another archive inside" in refused(packed(tmp_path / "nested.xlsx", {"inner.zip": "PK"}))
    crowd = packed(tmp_path / "crowd.xlsx", {f"part{n}": "" for n in range(limits.MOST_PARTS + 1)})
    assert "parts inside" in refused(crowd)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_workbook_is_refused_in_words(tmp_path, content):
    path = tmp_path / "none.xlsx"
    path.write_bytes(content)
    refused(path)


def test_a_cut_workbook_is_refused_in_words(tmp_path):
    path = write_xlsx(tmp_path / "cut.xlsx", {"S": [["a"] * 50] * 50})
    path.write_bytes(path.read_bytes()[:-900])
    refused(path)


def test_a_giant_field_is_refused_with_its_row(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("a,b\n1,2\n" + "x" * (limits.LONGEST_FIELD + 1) + ",2\n")
    with pytest.raises(InputError, match="row 3: the row cannot be read as CSV"):
        sheets.read_rows(path)
    assert any("row 3" in str(problem) for problem in coding_sheet.check(path))


def test_blank_lines_without_end_cost_no_memory_and_rows_without_end_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "blank.csv"
    path.write_bytes(b"a,b\n\n1,2\n" + b"\n" * 300_000)
    tracemalloc.start()
    assert sheets.read_rows(path) == [["a", "b"], [], ["1", "2"]]
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    with pytest.raises(InputError, match="goes on beyond row 2"):
        sheets.read_rows(path)


def test_control_characters_are_left_out_of_words():
    assert sheets.cell_text(" North\x00mere\x07 ") == "Northmere"
    assert sheets.cell_text("two\nlines") == "two\nlines"


# Readers that do to the reading process what a hostile file might.
DEADLY = {
    "import os\ndef read(edition): os.abort()": "asked for more memory than there is",
    "import os\ndef read(edition): os.kill(os.getpid(), 11)": "ended by the system (SIGSEGV)",
    "def read(edition): return bytearray(9 << 30)": "asked for more than 8 GB of memory",
    "def read(edition):\n while True: pass": "took longer than 2 seconds",
}
START = """
import sys, types
reader = types.ModuleType("ingest.published.deadly")
exec({code!r}, reader.__dict__)
sys.modules[reader.__name__] = reader
from ingest import apart
apart._serve()
"""


@pytest.fixture
def read_with(tmp_path, monkeypatch):
    """Reads a small workbook, as a refresh does, with a reader of this code."""

    def read(code: str):
        monkeypatch.setattr(apart, "_COMMAND", [sys.executable, "-c", START.format(code=code)])
        made = edition(write_xlsx(tmp_path / "file.xlsx", {"S": [["a"]]}), "deadly", {})
        return apart.ingest(made, tmp_path / "raw")

    apart.end()
    yield read
    apart.end()


@pytest.mark.parametrize("code", DEADLY)
def test_a_file_that_ends_its_reader_is_refused(read_with, monkeypatch, code):
    monkeypatch.setattr(apart, "READ_SECONDS", 2 if "while" in code else 60)
    with pytest.raises(InputError) as caught:
        read_with(code)
    assert DEADLY[code] in str(caught.value)
    assert [process.held for process in apart._IDLE] == [None]


def test_what_a_reader_does_not_know_is_told_with_its_place(read_with):
    with pytest.raises(apart.ReaderFailed, match=r"KeyError: 'sheet' .*line 1"):
        read_with("def read(edition): return {}['sheet']")


def test_what_a_reader_says_on_its_way_is_heard(read_with, caplog, monkeypatch):
    monkeypatch.setattr(apart, "READ_SECONDS", 20)
    code = (
        "import logging\n"
        "def read(edition):\n"
        " for number in range(3): logging.getLogger('prevention').info(f'{number:,} million rows read')\n"
        " raise KeyError('x' * 100_000)"
    )
    with caplog.at_level("INFO", logger="prevention"), pytest.raises(apart.ReaderFailed, match="KeyError"):
        read_with(code)
    assert [record.message for record in caplog.records] == [f"{n} million rows read" for n in range(3)]


def test_a_problem_and_a_receipt_come_back_whole(tmp_path):
    rows = [[None] * 4 + [360, 390, 799]]
    rows += [["E-code", "ONS Code", "Local authority", "Class", *TOTALS], ["E0101", None, "Alpha", "UA", 1, 2, 3]]
    path = write_xlsx(tmp_path / "RA.xlsx", {"RA": rows})
    good = edition(path, "revenue_account", {"sheets": [{"name": "RA"}]})
    assert apart.ingest(good, tmp_path / "raw").rows == {"finance_cells": 3}
    assert not apart.ingest(good, tmp_path / "raw").was_read
    bad = edition(path, "revenue_account", {"sheets": [{"name": "RA 2"}]})
    with pytest.raises(InputError) as caught:
        apart.ingest(bad, tmp_path / "other")
    assert caught.value.problems[0].sheet == "RA 2"
    apart.end()


@pytest.mark.parametrize("name", ["n" * 243 + ".csv", b"caf\xe9.csv", "two\nlines.csv"])
def test_a_name_that_cannot_be_kept_is_refused_in_words(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    path.write_text("a")
    found = landing.Found(edition(path, "ledger", {}).release, path)
    with pytest.raises(InputError, match="the file's name"):
        landing.land(found, tmp_path / "landing")
    assert not (tmp_path / "landing").exists()
