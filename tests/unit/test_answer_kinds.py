"""Shares as typed: whatever parts of a whole people divide out, they never come to more than the whole."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ingest.submitted.service_maps.answer_kinds import answer_of
from ingest.submitted.service_maps.map_layout import LINE_FIELDS

SHARE = next(item for item in LINE_FIELDS if item.name == "share")
CELL = Workbook().active["A1"]


def share_of(number: float) -> Decimal:
    CELL.value = number
    return answer_of(SHARE, CELL, str(number))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=500))
def test_divided_out_shares_come_to_the_whole_and_no_more(weights):
    shares = [share_of(weight / sum(weights)) for weight in weights]
    assert Decimal(1) - len(shares) * Decimal("1e-12") <= sum(shares) <= 1


@given(st.integers(0, 10_000))
def test_per_cent_with_two_places_are_exact(hundredths):
    assert share_of(hundredths / 10_000) == Decimal(hundredths) / 10_000
