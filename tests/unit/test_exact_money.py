"""Money read from cells is exact: what is printed is what arrives, whatever kind of cell holds it."""

from decimal import Decimal

import pandas as pd
import pytest
from finance_books import edition, write_xlsx
from hypothesis import given
from hypothesis import strategies as st

from ingest.finance_sheet import Body, Line, cells
from ingest.numbers import read_number
from ingest.published import revenue_account
from ingest.tables import FINANCE_CELLS, to_arrow

LINE = Line(1, "TOTAL ADULT SOCIAL CARE", "360", "adult_social_care", "net_current_expenditure")
BODY = Body(1, "E0101", None, "Alpha", "Alpha", "UA")
TOTALS = ("TOTAL ADULT SOCIAL CARE", "TOTAL PUBLIC HEALTH", "TOTAL SERVICE EXPENDITURE")
PENCE_OF_THOUSANDS = st.decimals(-(10**9), 10**9, places=5, allow_nan=False)


def read_one(cell):
    frame, _ = cells("r", "2030-31", "budget", "ra", "RA.xlsx", None, [[cell]], [BODY], [LINE])
    return to_arrow(FINANCE_CELLS, frame).column("amount_thousand_gbp")[0].as_py()


@given(PENCE_OF_THOUSANDS)
def test_text_with_thousands_commas_is_exact(amount):
    assert read_one(f"{amount:,}") == amount


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_stored_as_floats_are_exact(amount):
    assert read_one(float(amount)) == amount


@given(st.integers(-(10**13), 10**13))
def test_a_float_gives_the_digits_a_person_sees(hundredths):
    shown = Decimal(hundredths).scaleb(-2)
    assert read_one(float(shown)) == shown


@pytest.mark.parametrize("others", [[], [Decimal("1.5")], [None]], ids=["alone", "beside a decimal", "beside a blank"])
def test_a_float_that_reaches_a_money_column_is_an_error(others):
    frame, _ = cells("r", "2030-31", "budget", "ra", "RA.xlsx", None, [[1]], [BODY], [LINE])
    frame = pd.concat([frame] * (1 + len(others)), ignore_index=True)
    frame["amount_thousand_gbp"] = pd.Series([0.1, *others], dtype=object)
    with pytest.raises(ValueError, match=r"float 0\.1 in a decimal column"):
        to_arrow(FINANCE_CELLS, frame)


@given(st.text(alphabet="….-[]xn abcdefMSR", max_size=12))
def test_no_marker_or_word_becomes_a_number(text):
    assert read_number(text).number is None


def test_a_sum_that_floats_get_wrong_is_right(tmp_path):
    tenths = [[f"E{n:04}", None, f"Body {n}", None, "UA", 0.1, 0.1, 0.1] for n in range(101, 111)]
    rows = [
        [None] * 5 + [360, 390, 799],
        ["E-code", "ONS Code", "Local authority", None, "Class", *TOTALS],
        *tenths,
    ]
    path = write_xlsx(tmp_path / "RA.xlsx", {"RA": rows})
    frame = revenue_account.read(edition(path, "revenue_account", {"sheets": [{"name": "RA"}]})).frames["finance_cells"]
    assert frame[frame.line_code == "360"].amount_thousand_gbp.sum() == Decimal("1.0")
