"""What a finance sheet says of itself is believed only where its figures are what the catalogue says they are."""

import pytest
from finance_books import edition

from ingest.problems import InputError
from ingest.published import revenue_account, revenue_outturn

TITLE = "Invented Revenue Account 2030-31 (£ thousand)"
HEADER = "E-code,ONS Code,Local authority,Class,Information and early intervention,TOTAL ADULT SOCIAL CARE,"
HEADER += "TOTAL PUBLIC HEALTH,TOTAL SERVICE EXPENDITURE"
ROWS = (
    'E9801,E06980001,Northmere,UA,{},"4,000",900,"9,000"',
    'E9802,E06980002,Eastmere,UA,{},"5,000",800,"8,000"',
    'E9803,E06980003,Westmere,UA,{},"6,000",700,"7,000"',
)


def read(tmp_path, cells=("1", "2", "3"), title=TITLE, rows=ROWS):
    path = tmp_path / "RA_2030-31.csv"
    lines = [title, ",,,,355,360,390,799", HEADER, *(row.format(cell) for row, cell in zip(rows, cells, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return revenue_account.read(edition(path, "revenue_account", {}))


def line_355(parsed):
    frame = parsed.frames["finance_cells"]
    return frame[frame.line_code == "355"].amount_thousand_gbp.tolist()


def test_signs_brackets_and_notes_are_read(tmp_path):
    assert line_355(read(tmp_path, ("(120)", "210-", "£330"))) == [-120, -210, 330]
    assert line_355(read(tmp_path, ("120 [note 3]", "−210", "330*"))) == [120, -210, 330]


def test_a_cell_nobody_can_read_is_rejected_with_its_place_and_has_no_amount(tmp_path):
    parsed = read(tmp_path, ("1_234", "210", "330"))
    assert line_355(parsed) == [None, 210, 330]
    assert [(r.row, r.column, r.value) for r in parsed.rejects] == [(4, 5, "1_234")]
    frame = parsed.frames["finance_cells"]
    assert frame[frame.line_code == "355"].marker.iloc[0] == "unreadable"


def test_enough_cells_nobody_can_read_stop_the_file(tmp_path):
    with pytest.raises(InputError, match="3 of 12 cells that should hold a number cannot be read"):
        read(tmp_path, ("1_234", "1e20", "#REF!"))


@pytest.mark.parametrize("unit", ["£ million", "£m", "£ billion", "in pounds", "£bn"])
def test_another_unit_stops_the_file(tmp_path, unit):
    with pytest.raises(InputError, match="the sheet says its figures are in £"):
        read(tmp_path, title=f"Invented Revenue Account ({unit})")


@pytest.mark.parametrize("unit", ["£ thousand", "£ thousands", "£000s", "£ 000", "£k", "thousands of pounds"])
def test_thousand_pounds_in_any_words_pass(tmp_path, unit):
    assert line_355(read(tmp_path, title=f"Invented Revenue Account ({unit})")) == [1, 2, 3]


@pytest.mark.parametrize("year", ["2029-30", "2029/30", "2029 to 2030"])
def test_a_title_of_another_year_stops_the_file(tmp_path, year):
    with pytest.raises(InputError, match="the sheet says it is of 2029-30, and its name belongs to 2030-31"):
        read(tmp_path, title=f"Invented Revenue Account {year} (£ thousand)")


def test_a_title_of_its_year_and_of_others_passes(tmp_path):
    assert line_355(read(tmp_path, title="Budget 2030-31, after the outturn of 2029-30")) == [1, 2, 3]


def test_columns_under_each_others_headers_are_found_by_what_they_hold(tmp_path):
    rows = [row.split(",", 2) for row in ROWS]
    parsed = read(tmp_path, rows=[f"{ons},{ecode},{rest}" for ecode, ons, rest in rows])
    frame = parsed.frames["finance_cells"]
    assert frame[["body_code", "ons_code"]].drop_duplicates().values.tolist() == [
        ["E9801", "E06980001"],
        ["E9802", "E06980002"],
        ["E9803", "E06980003"],
    ]


def test_a_sheet_without_any_authority_stops(tmp_path):
    with pytest.raises(InputError, match="no row below the header has an E-code"):
        read(tmp_path, rows=[row.replace("E980", "X980") for row in ROWS])


def test_outturn_sheets_are_held_to_the_same(tmp_path):
    path = tmp_path / "RSX.csv"
    path.write_text("Outturn (£ million)\nE-code,ONS Code,Local authority,Class\nE9801,E06980001,Northmere,UA\n")
    with pytest.raises(InputError, match="the sheet says its figures are in £ million"):
        revenue_outturn.read(edition(path, "revenue_outturn", {"form": "rsx"}))
