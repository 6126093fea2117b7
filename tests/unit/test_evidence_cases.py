"""Coding sheets that an earlier version took or refused wrongly, as they were filled in: what is said of each now."""

import os
from pathlib import Path

import pytest

from ingest.problems import InputError
from ingest.submitted.codings import coding_sheet
from ingest.submitted.codings.coding_layout import FIRST_ROW, SHEET
from ingest.submitted.codings.coding_table import read_table
from ingest.submitted.codings.unit_register import Register

DATA = Path(os.environ.get("PREVENTION_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
CASES = DATA.parent / "cases" / "evidence"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not CASES.is_dir(), reason="the sheets are not beside the project"),
]
# File; what is said, in full or in part, at which row; cells and units that are kept (None: not looked at).
SAID = [
    ("08_old_code.xlsx", [(10, "there is no such council", "E06000001, the code of Hartlepool")], (2185, 19)),
    (
        "14_code_name_mismatch_after_sort.xlsx",
        [(10, "the name beside it", "sorted"), (11, "the name beside it", "sorted")],
        (2070, 18),
    ),
    ("15_q2b_yes_q2a_no.xlsx", [(10, "an answer, though q2a is not yes", "not_applicable")], None),
    ("32_terminology_vs_definition.xlsx", [(10, "names all three tiers", "write full")], None),
    ("33_vision_yes_but_not_placed.xlsx", [(10, "in the vision, though placement:not_placed", "write no")], None),
    ("34_board_alone_that_is_shared.xlsx", [(10, "no board of its own", "hwb_bournemouth_and_poole")], None),
    ("40_semicolon.csv", [], (2300, 20)),
    ("42_cp1252.csv", [], (2300, 20)),
    ("44_googleform.csv", [(1, "an export of Google Forms", "mapping.yml")], None),
    ("46_long.csv", [(1, "a long table of codes", "mapping.yml")], None),
    ("adj_one.xlsx", [], (1, 1)),
    ("adj_all.xlsx", [], (349, 20)),
    ("s_foi_ann.xlsx", [], (2300, 20)),
    ("s_foi_bob.xlsx", [], (2300, 20)),
]


@pytest.fixture(scope="module")
def register() -> Register:
    """The councils of the wave, as the sheets list them."""
    _, rows = read_table(CASES / "s_foi_ann.xlsx", SHEET)
    return Register(tuple((str(row[0]), str(row[1]), "2013-14", None) for row in rows[FIRST_ROW - 1 :] if row[0]))


@pytest.mark.parametrize(("name", "said", "kept"), SAID, ids=[case[0] for case in SAID])
def test_a_sheet_of_the_cases_is_told_by_its_cell_or_taken(name, said, kept, register):
    try:
        reading = coding_sheet.parse(CASES / name, register)
        problems, count = reading.problems, (len(reading.records), reading.units)
    except InputError as refused:
        problems, count = refused.problems, None
    for row, what, remedy in said:
        assert any(p.row == row and what in p.what and remedy in p.remedy for p in problems), problems[:5]
    if not said:
        assert problems == []
    if kept:
        assert count == kept
