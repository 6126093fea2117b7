"""The Revenue Account reader on tiny workbooks: what it keeps, what it refuses."""

from decimal import Decimal

import pandas as pd
import pytest
from finance_books import edition, write_xlsx

from ingest.problems import InputError
from ingest.published import revenue_account

SHEET = "RA LA Data 2030-31"
HEADERS = ["E-code", "ONS Code", "Local authority", None, "Class"]
LINES = [
    ("355", "Information and early intervention"),
    ("360", "TOTAL ADULT SOCIAL CARE"),
    ("390", "TOTAL PUBLIC HEALTH"),
    ("799", "TOTAL SERVICE EXPENDITURE"),
    ("871", "Provision for bad debts (+/-)"),
    ("4033", "Provision for bad debts (+/-)"),
]


def numbered(*bodies: list, lines=LINES) -> list[list]:
    return [
        ["Revenue Account"],
        [None] * 5 + [int(number) for number, _ in lines],
        HEADERS + [header for _, header in lines],
        *bodies,
    ]


def read(tmp_path, rows, **layout):
    path = write_xlsx(tmp_path / "RA_2030-31_data_by_LA.xlsx", {"Front Page": [["x"]], SHEET: rows})
    return revenue_account.read(edition(path, "revenue_account", {"sheets": [{"name": SHEET}], **layout}))


def cell(frame, body, line):
    return frame[(frame.body_code == body) & (frame.line_code == line)].iloc[0]


ALPHA = ["E0101", "E06000022", "Alpha UA D", "S", "UA", 1.5, 11896, 3, 20000.25, 0, -4]
ENGLAND = [None, None, "ENGLAND", None, None, 1.5, 11896, 3, 20000.25, 0, -4]


def test_every_cell_keeps_place_text_and_exact_amount(tmp_path):
    parsed = read(tmp_path, numbered(ALPHA, ENGLAND), footnote_letters="DEF")
    frame = parsed.frames["finance_cells"]
    total = cell(frame, "E0101", "360")
    assert (total.source_row, total.source_column, total.sheet) == (4, 7, SHEET)
    assert (total.value_text, total.amount_thousand_gbp) == ("11896", Decimal("11896"))
    assert (total.body_name, total.body_name_published) == ("Alpha", "Alpha UA D")
    assert (total.statement, total.measure, total.section) == ("budget", "net_current_expenditure", "adult_social_care")
    assert cell(frame, "E0101", "799").amount_thousand_gbp == Decimal("20000.25")
    assert len(frame) == 12
    assert not parsed.rejects


def test_total_rows_are_kept_apart(tmp_path):
    london = [None, None, "LONDON BOROUGHS", None, "L", 1, 2, 3, 4, 5, 6]
    frame = read(tmp_path, numbered(ALPHA, ENGLAND, [None, None, "CLASS BREAKDOWN"], london)).frames["finance_cells"]
    assert set(frame[frame.is_control].body_code) == {"Eng", "L"}
    assert set(frame[~frame.is_control].body_code) == {"E0101"}


def test_totals_under_class_codes_are_no_authorities(tmp_path):
    """Since 2026-27 the classes stand under their codes, and the one authority of a class among them once more."""
    capital = ["E5100", "E12000007", "Greater London Authority", None, "O", 1, 2, 3, 4, 5, 6]
    again = [*capital[:4], "GLA", *capital[5:]]
    london = ["[z]", "E09", "London Boroughs", None, "LB", 1, 2, 3, 4, 5, 6]
    england = ["[z]", "E92000001", "England", None, "Eng", 1, 2, 3, 4, 5, 6]
    parsed = read(tmp_path, numbered(ALPHA, capital, england, london, again))
    frame = parsed.frames["finance_cells"]
    assert set(frame[frame.is_control].body_code) == {"Eng", "E09", "E12"}
    assert set(frame[~frame.is_control].body_code) == {"E0101", "E5100"}
    assert not parsed.rejects


def test_one_header_twice_is_told_apart_by_its_form_line_number(tmp_path):
    frame = read(tmp_path, numbered(ALPHA)).frames["finance_cells"]
    assert cell(frame, "E0101", "871").amount_thousand_gbp == 0
    assert cell(frame, "E0101", "4033").amount_thousand_gbp == -4


def test_a_blank_and_a_marker_are_not_zero(tmp_path):
    beta = ["E0102", "E06000023", "Beta", None, "UA", None, 5, "…", 6, 0, "Category discontinued"]
    frame = read(tmp_path, numbered(beta)).frames["finance_cells"]
    for line, marker in (("355", "blank"), ("390", "…"), ("4033", "Category discontinued")):
        assert cell(frame, "E0102", line).amount_thousand_gbp is None
        assert cell(frame, "E0102", line).marker == marker
    zero = cell(frame, "E0102", "871")
    assert zero.amount_thousand_gbp == Decimal(0)
    assert pd.isna(zero.marker)


def test_flags_come_from_the_letter_or_from_a_row_of_markers(tmp_path):
    silent = ["E7051", None, "Gamma Police", None, "O", "...", "...", "...", "...", "...", "..."]
    revised = ["E0402", "E06000060", "Delta", "R", "UA", 1, 2, 3, 4, 5, 6]
    frame = read(tmp_path, numbered(ALPHA, silent, revised, ENGLAND)).frames["finance_cells"]
    flags = dict(zip(frame.body_code, frame.flag, strict=True))
    assert flags == {"E0101": "no_return", "E7051": "no_return", "E0402": "revised", "Eng": "imputed"}


def test_a_body_without_a_single_entry_left_its_form_blank_and_is_not_one_that_made_no_return(tmp_path):
    empty = ["E0102", "E06000023", "Beta", None, "UA", None, None, None, None, None, None]
    plain = ["E0402", "E06000060", "Delta", None, "UA", 1, 2, 3, 4, 5, 6]
    frame = read(tmp_path, numbered(empty, plain, ENGLAND)).frames["finance_cells"]
    flags = {code: None if pd.isna(flag) else flag for code, flag in zip(frame.body_code, frame.flag, strict=True)}
    assert flags == {"E0102": None, "E0402": None, "Eng": None}
    assert set(frame[frame.body_code == "E0102"].marker) == {"blank"}


def test_unknown_header_names_file_sheet_position_and_nearest(tmp_path):
    renamed = [(n, h.replace("TOTAL ADULT", "TOTAL ADULTS'")) for n, h in LINES]
    with pytest.raises(InputError) as caught:
        read(tmp_path, numbered(ALPHA, lines=renamed))
    message = str(caught.value)
    for part in ("RA_2030-31_data_by_LA.xlsx", SHEET, "row 3", "column 7 (G)", "TOTAL ADULTS' SOCIAL CARE"):
        assert part in message
    assert "nearest known headers: TOTAL ADULT SOCIAL CARE" in message


def test_known_header_under_another_form_line_number_stops(tmp_path):
    moved = [("356" if n == "355" else n, h) for n, h in LINES]
    with pytest.raises(InputError, match="form line number 356; it is known with 355"):
        read(tmp_path, numbered(ALPHA, lines=moved))


def test_missing_total_line_stops(tmp_path):
    with pytest.raises(InputError, match="no column for 360"):
        read(tmp_path, numbered(ALPHA[:6] + ALPHA[7:], lines=LINES[:1] + LINES[2:]))


def test_figures_without_a_header_stop(tmp_path):
    with pytest.raises(InputError, match="row 4, column L: the column has figures but no header"):
        read(tmp_path, numbered([*ALPHA, 7]))


def test_formulas_left_in_total_rows_without_a_header_do_not(tmp_path):
    assert len(read(tmp_path, numbered(ALPHA, [*ENGLAND, 0])).frames["finance_cells"]) == 12


def test_an_authority_twice_stops(tmp_path):
    with pytest.raises(InputError, match="more than once"):
        read(tmp_path, numbered(ALPHA, ALPHA))


def test_a_working_row_with_figures_is_rejected_not_lost(tmp_path):
    working = ["Source: returns", None, None, None, None, 1, 2, 3, 4, 5, 6]
    parsed = read(tmp_path, numbered(ALPHA, working))
    assert [(r.row, r.value) for r in parsed.rejects] == [(5, "1")]
    assert set(parsed.frames["finance_cells"].body_code) == {"E0101"}


def test_counts_are_kept_as_text_and_never_become_money(tmp_path):
    lines = [*LINES[:4], ("", "Budget Basis (more detail in following 4 columns)")]
    rows = numbered(lines=[(n or "0", h) for n, h in lines])
    rows[1][-1] = None
    rows.append([*ALPHA[:9], "No Covid adjustment"])
    row = cell(read(tmp_path, rows).frames["finance_cells"], "E0101", "covid_budget_basis")
    assert (row.value_text, row.amount_thousand_gbp, row.marker) == ("No Covid adjustment", None, "not_money")


def test_second_sheet_is_another_measure(tmp_path):
    path = write_xlsx(
        tmp_path / "RA.xlsx",
        {"(1)": numbered(ALPHA), "(2)": numbered([*ALPHA[:5], 7, 8, 9, 10, 11, 12])},
    )
    layout = {"sheets": [{"name": "(1)"}, {"name": "(2)", "measure": "capital_charges"}]}
    frame = revenue_account.read(edition(path, "revenue_account", layout)).frames["finance_cells"]
    totals = frame[frame.line_code == "360"].set_index("measure").amount_thousand_gbp.to_dict()
    assert totals == {"net_current_expenditure": Decimal("11896"), "capital_charges": Decimal(8)}


def test_a_missing_sheet_says_which_sheets_there_are(tmp_path):
    path = write_xlsx(tmp_path / "RA.xlsx", {"Renamed": numbered(ALPHA)})
    with pytest.raises(InputError, match="the workbook has Renamed"):
        revenue_account.read(edition(path, "revenue_account", {"sheets": [{"name": SHEET}]}))
