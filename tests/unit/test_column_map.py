"""Matching published headers to the map: precedence of layouts, printed numbers, what a message says."""

import pytest

from ingest import column_map
from ingest.problems import InputError

ROWS = [
    {"layout": "base", "header": "Open spaces", "number": "503", "position": "", "code": "503"},
    {"layout": "base", "header": "Open spaces", "number": "507", "position": "", "code": "507"},
    {"layout": "base", "header": "Children’s care – other", "number": "", "position": "", "code": "315"},
    {"layout": "base", "header": "Interest", "number": "", "position": "4", "code": "first"},
    {"layout": "base", "header": "Interest", "number": "", "position": "9", "code": "second"},
    {"layout": "year", "header": "Children's care - other", "number": "", "position": "", "code": "year's own"},
]
PLACE = {"file": "RA.xlsx", "sheet": "Data", "row": 7}


@pytest.fixture(autouse=True)
def small_map(monkeypatch):
    monkeypatch.setattr(column_map, "load", lambda source: tuple(ROWS))


def code(layout, header, position=1, numbers=None):
    (found,) = column_map.match("map", layout, {position: header}, numbers=numbers, **PLACE)
    return found.fields["code"]


def test_the_first_layout_that_knows_a_header_counts():
    assert code("base", "Children's care - other") == "315"
    assert code(("year", "base"), "Children's care - other") == "year's own"
    assert code(("year", "base"), "Interest", 4) == "first"


def test_dashes_quotes_case_and_white_space_do_not_matter():
    assert code("base", "CHILDREN'S  care —\nother ") == "315"


def test_one_header_is_told_apart_by_number_or_by_position():
    assert code("base", "Open spaces", 3, {3: "507"}) == "507"
    assert code("base", "Open spaces", 3, {3: "503"}) == "503"
    assert code("base", "Interest", 9) == "second"


@pytest.mark.parametrize(
    ("numbers", "shown"), [({3: "599"}, "number 599"), ({}, "number blank"), (None, "number blank")]
)
def test_a_known_header_with_another_number_is_unknown(numbers, shown):
    with pytest.raises(InputError, match=f"{shown}; it is known with 503, 507"):
        code("base", "Open spaces", 3, numbers)


def test_every_unknown_header_is_named():
    with pytest.raises(InputError) as caught:
        column_map.match("map", "base", {28: "Open space", 29: "Zebra crossings"}, **PLACE)
    first, second = (str(problem) for problem in caught.value.problems)
    assert "RA.xlsx, sheet “Data”, row 7, column AB" in first
    assert "nearest known headers: Open spaces" in first
    assert "no known header is near it" in second
    assert "column_maps/map.csv" in second
