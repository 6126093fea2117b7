"""The one parser: what people write is read, what could mean two things is refused, and nothing becomes zero."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numbers import fault_of, read_number

AMOUNTS = st.decimals(-(10**9), 10**9, places=3, allow_nan=False)
READ = {
    "(120)": -120,
    "(1,234.5)": Decimal("-1234.5"),
    "£(330)": -330,
    "(£330)": -330,
    "-£330": -330,
    "£330": 330,
    "210-": -210,
    "−210": -210,
    "–210": -210,
    "+5": 5,
    "1,234,567": 1234567,
    "1 234 567": 1234567,
    "1\u00a0234": 1234,
    "\u202f12\u00a0": 12,
    ".5": Decimal("0.5"),
    "5.68E-14": Decimal("5.68E-14"),
}
REFUSED = {
    "1,5": "more than one number",
    "0,123": "more than one number",
    "12,34": "more than one number",
    "1.234,50": "more than one number",
    "1.234.567": "more than one number",
    "1_234": "more than one number",
    "1,2,3,4": "more than one number",
    "1234,567": "more than one number",
    "1 23": "more than one number",
    "(-120)": "more than one number",
    "--5": "more than one number",
    "1'234": "more than one number",
    "12%": "more than one number",
    "100 (90)": "more than one number",
    "1e20": "power of ten",
    "1E5": "power of ten",
    "#REF!": "error",
    "#N/A": "error",
    "01/04/2021": "date",
    "2021-22": "date",
    "12\u06603": "digits",
    "１２": "digits",
    "12\x003": "cannot be seen",
    "1\u200b2": "cannot be seen",
    "99999999999999": "larger",
    "120k": "neither a number",
    "1,069cr": "neither a number",
    "[note 7]": "neither a number",
    "see note": "neither a number",
}


@pytest.mark.parametrize("text", READ)
def test_what_people_write_is_read(text):
    assert read_number(text).number == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_could_mean_two_things_is_refused_with_its_reason(text):
    reading = read_number(text, "ra")
    assert (reading.number, reading.marker) == (None, None)
    assert REFUSED[text] in reading.fault


@pytest.mark.parametrize(
    ("text", "note"),
    [("120 [note 3]", "[note 3]"), ("120 [r]", "[r]"), ("120*", "*"), ("120†", "†"), ("120²", "²"), ("120 r", "r")],
)
def test_a_footnote_mark_is_kept_beside_the_number(text, note):
    assert (read_number(text).number, read_number(text).note) == (120, note)


@pytest.mark.parametrize("cell", [1e20, float("inf"), float("nan"), True, date(2021, 4, 1)])
def test_cells_that_are_no_amounts_are_refused(cell):
    reading = read_number(cell, "ra")
    assert reading.number is None
    assert reading.fault


def test_only_markers_of_the_publication_are_markers():
    assert read_number("Category discontinued", "ra").marker == "Category discontinued"
    assert read_number("Category discontinued", "rsx").fault
    assert read_number("[note 12]", "ro3").marker == "[note 12]"
    assert read_number("[c]", "any publication").marker == "[c]"


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0"])
def test_blank_stays_blank(cell):
    reading = read_number(cell, "ra")
    assert (reading.number, reading.marker, reading.fault) == (None, "blank", None)


@given(AMOUNTS)
def test_every_way_of_writing_an_amount_means_the_same(amount):
    plain = f"{abs(amount):f}"
    grouped = f"{abs(amount):,f}"
    ways = [plain, grouped, grouped.replace(",", " "), f"£{grouped}"]
    if amount < 0:
        ways = [form for way in ways for form in (f"-{way}", f"({way})", f"{way}-", f"\u2212{way}")]
    assert {read_number(way).number for way in ways} == {amount}


@given(st.text(max_size=15))
def test_any_text_gets_exactly_one_verdict(text):
    reading = read_number(text, "ra")
    assert [reading.number is not None, reading.marker is not None, reading.fault is not None].count(True) == 1


def test_a_reject_names_the_cell():
    reading = read_number("1_234")
    problem = fault_of(reading, "1_234", file="RA.csv", sheet=None, row=7, column=5)
    assert str(problem).startswith("RA.csv, row 7, column E: this can be read as more than one number (found: '1_234')")
