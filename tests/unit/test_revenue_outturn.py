"""The Revenue Outturn reader on tiny workbooks: header layouts, class totals, flags, refusals."""

from decimal import Decimal

import pytest
from finance_books import edition, write_xlsx

from ingest.problems import InputError
from ingest.published import revenue_outturn

SHEET = "RO3_LA_Data"
WHO = ["E-code", "ONS Code", "Local authority", "Notes", "Class", "Detailed Class", "Certified"]
SERVICES = ["Information and early intervention", "TOTAL ADULT SOCIAL CARE [note 7]", "TOTAL PUBLIC HEALTH"]
MEASURES = ["Employees (C1)", "Net Current Expenditure (C7 = C3 - C6)"]
ALPHA = ["E0101", "E06000022", "Alpha UA", None, "UA", "UA", "Y", 1, 2.25, 3, 4, 5, 6]
BETA = ["E0102", "E06000023", "Beta", "M", "UA", "UA", "[x]", *["[x]"] * 6]
GAMMA = ["E5100", "E12000007", "Greater London Authority", None, "O", "GLA", "N", 10, 20, 30, 40, 50, 60]
ENGLAND = ["Eng", "E92000001", "ENGLAND", None, "Eng", "Eng", "[Y]", 11, 22.25, 33, 44, 55, 66]
UNITARIES = ["[Y]", "E06", "Unitary Authorities", None, "UA", "UA", 1, 1, 2.25, 3, 4, 5, 6]
LONDON = ["E5100", "E12000007", "Greater London Authority", None, "O", "GLA", 0, 10, 20, 30, 40, 50, 60]


def two_rows() -> list[list]:
    """Service over the first of its columns; the spreadsheet numbers repeated measures apart."""
    over = [None] * 7 + [cell for service in SERVICES for cell in (service, None)]
    under = [f"{m}{n or ''}" for n in range(3) for m in MEASURES]
    return [["Worksheet 2"], over, WHO + under]


def one_row() -> list[list]:
    """Service and measure joined in one header; the certificate's column renamed."""
    return [["Worksheet 2"], [*WHO[:6], "Certification"] + [f"{s} - {m}" for s in SERVICES for m in MEASURES]]


def read(tmp_path, rows, form="ro3"):
    path = write_xlsx(tmp_path / "RO3_data_by_LA.xlsx", {"Notes": [["x"]], SHEET: rows})
    layout = {"form": form, "sheets": [{"name": SHEET}]}
    return revenue_outturn.read(edition(path, "revenue_outturn", layout))


def amounts(frame, body):
    kept = frame[frame.body_code == body]
    keys = zip(kept.line_code, kept.measure, strict=True)
    return dict(zip(keys, kept.amount_thousand_gbp, strict=True))


@pytest.mark.parametrize("header", [two_rows, one_row])
def test_both_header_layouts_give_the_same_lines(tmp_path, header):
    frame = read(tmp_path, [*header(), ALPHA]).frames["finance_cells"]
    assert amounts(frame, "E0101") == {
        ("355", "employees"): Decimal(1),
        ("355", "net_current_expenditure"): Decimal("2.25"),
        ("360", "employees"): Decimal(3),
        ("360", "net_current_expenditure"): Decimal(4),
        ("390", "employees"): Decimal(5),
        ("390", "net_current_expenditure"): Decimal(6),
    }
    assert set(frame.statement) == {"outturn"}
    assert set(frame.line_name) == {SERVICES[0], "TOTAL ADULT SOCIAL CARE", SERVICES[2]}


def test_rows_under_the_second_header_are_class_totals(tmp_path):
    second = [*WHO[:2], "Class Breakdown [o]", *WHO[3:], *MEASURES * 3]
    rows = [*two_rows(), ALPHA, GAMMA, ENGLAND, second, UNITARIES, LONDON, [None] * 7 + ["RO3-ascinf-empl"]]
    parsed = read(tmp_path, rows)
    frame = parsed.frames["finance_cells"]
    assert set(frame[~frame.is_control].body_code) == {"E0101", "E5100"}
    assert set(frame[frame.is_control].body_code) == {"Eng", "E06", "E12"}
    assert not parsed.rejects


def test_flags(tmp_path):
    frame = read(tmp_path, [*two_rows(), ALPHA, BETA, GAMMA, ENGLAND]).frames["finance_cells"]
    flags = dict(zip(frame.body_code, frame.flag.fillna("none"), strict=True))
    assert flags == {"E0101": "none", "E0102": "no_return", "E5100": "uncertified", "Eng": "imputed"}
    assert set(frame[frame.body_code == "E0102"].marker) == {"[x]"}
    assert frame[frame.body_code == "E0102"].amount_thousand_gbp.isna().all()


def test_a_measure_without_its_service_belongs_to_the_column_before(tmp_path):
    rows = one_row()
    rows[1][10] = "Net Current Expenditure (C7 = C3 - C6)"
    frame = read(tmp_path, [*rows, ALPHA]).frames["finance_cells"]
    assert amounts(frame, "E0101")[("360", "net_current_expenditure")] == Decimal(4)


def test_memorandum_columns_stand_apart(tmp_path):
    memo = "Adult Social Care - agency staff memorandum item"
    rows = two_rows()
    rows[1].insert(11, None)
    rows[2].insert(11, memo)
    body = [*ALPHA[:11], 99, *ALPHA[11:]]
    assert amounts(read(tmp_path, [*rows, body]).frames["finance_cells"], "E0101")[
        ("360_agency_staff", "running_expenses")
    ] == Decimal(99)


def test_unknown_service_names_place_and_nearest(tmp_path):
    rows = two_rows()
    rows[1][7] = "Information and earlier intervention"
    with pytest.raises(InputError) as caught:
        read(tmp_path, [*rows, ALPHA])
    message = str(caught.value)
    assert "RO3_data_by_LA.xlsx, sheet “RO3_LA_Data”, row 3, column H" in message
    assert "nearest known headers: Information and early intervention" in message


def test_unknown_measure_stops(tmp_path):
    rows = one_row()
    rows[1][8] = f"{SERVICES[0]} - Capital Charges (C8)"
    with pytest.raises(InputError, match=r"column 9 \(I\) is not in the column map"):
        read(tmp_path, [*rows, ALPHA])


def test_a_line_twice_stops(tmp_path):
    rows = one_row()
    rows[1][9] = rows[1][7]
    with pytest.raises(InputError, match="line 355, which column 8 already has"):
        read(tmp_path, [*rows, ALPHA])


def test_summary_sheet_is_read_like_a_budget(tmp_path):
    lines = [(360, "Adult Social Care"), (390, "Public Health")]
    lines.append((699, "TOTAL SERVICE EXPENDITURE (total of lines 190 to 698)"))
    rows = [
        [None] * 5 + [n for n, _ in lines],
        ["E-code", "ONS Code", "Local authority", None, "Class"] + [h for _, h in lines],
        ["E0101", "E06000022", "Alpha (d)", "Grossed", "UA", 1, 2, 3],
    ]
    frame = read(tmp_path, rows, form="rs").frames["finance_cells"]
    assert {k[0]: v for k, v in amounts(frame, "E0101").items()} == {"360": 1, "390": 2, "799": 3}
    assert set(frame.source) == {"rs"}
    assert set(zip(frame.body_name, frame.flag, strict=True)) == {("Alpha", "imputed")}
