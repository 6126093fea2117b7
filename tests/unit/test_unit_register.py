"""Units of a coding sheet against the register of their wave: wrong codes, swapped names, boards that were shared."""

import pytest

from ingest.submitted.codings import codebook, coding_sheet, coding_template
from ingest.submitted.codings.coding_layout import FIRST_ROW
from ingest.submitted.codings.unit_register import Register, folded

REGISTER = Register(
    (
        ("E06000001", "Hartlepool", "2013-14", None),
        ("E06000002", "Middlesbrough", "2013-14", None),
        ("E06000010", "Kingston upon Hull, City of", "2013-14", None),
        ("E06000028", "Bournemouth", "2013-14", "2018-19"),
        ("E06000029", "Poole", "2013-14", "2018-19"),
        ("E06000058", "Bournemouth, Christchurch and Poole", "2019-20", None),
        ("E10000021", "Northamptonshire", "2013-14", "2020-21"),
        ("E06000061", "North Northamptonshire", "2021-22", None),
    )
)


@pytest.mark.parametrize(
    ("code", "name", "what", "remedy"),
    [
        ("E06000999", "Hartlepool", "no such council in 2016-17", "E06000001"),
        ("E06000002", "Hartlepool", "that of Middlesbrough, the name beside it that of Hartlepool", "sorted"),
        ("E06000058", "", "came into being in 2019-20", "template"),
        ("E10000021", "North Northamptonshire", "is not", "Northamptonshire"),
        ("E06000001", "Atlantis", "the name beside it is not", "Hartlepool"),
        ("e06000001", "Hartlepool", "no such council", "E06000001"),
    ],
)
def test_a_code_is_compared_with_the_register_of_its_wave(code, name, what, remedy):
    fault = REGISTER.fault(codebook.FOI, "2017", code, name)
    assert what in fault[0] and remedy in fault[1]


@pytest.mark.parametrize("name", ["", "Hull", "Hull City Council", "KINGSTON UPON HULL", "Kingston-upon-Hull"])
def test_the_same_council_in_other_words_is_no_fault(name):
    assert REGISTER.fault(codebook.FOI, "2017", "E06000010", name) is None


def test_boards_and_partnerships_have_codes_of_their_own():
    assert REGISTER.fault("jhws", "2017", "hwb_E06000001", "Hartlepool") is None
    assert "hwb_E06000001" in REGISTER.fault("jhws", "2017", "E06000001", "Hartlepool")[1]
    assert "Middlesbrough" in REGISTER.fault("jhws", "2017", "hwb_E06000002", "Hartlepool")[0]
    # Nothing is known of real partnerships, so nothing is said of them.
    assert REGISTER.fault("stp", "2017", "stp_1", "One") is None


def test_a_name_is_found_only_where_one_unit_has_it():
    assert REGISTER.code_of(codebook.FOI, "2017", "Hartlepool Borough Council") == "E06000001"
    assert REGISTER.code_of(codebook.FOI, "2017", "Atlantis") is None
    assert folded("London Borough of Barking & Dagenham") == folded("Barking and Dagenham")


def test_rows_in_doubt_are_left_out_and_named_by_their_cell(tmp_path):
    path = tmp_path / "jhws.csv"
    units = [("hwb_E06000028", "Bournemouth"), ("hwb_E06000002", "Hartlepool"), ("hwb_E06000001", "Hartlepool")]
    readings = {code: {"label": "strong"} for code, _ in units}
    coding_template.write(path, "jhws", "2017", units, "ann", "1", readings)
    faults = [fault for fault in coding_sheet.check(path, REGISTER) if "left blank" not in fault.what]
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [
        (FIRST_ROW, 1, "hwb_E06000028"),
        (FIRST_ROW + 1, 1, "hwb_E06000002"),
    ]
    assert "hwb_bournemouth_and_poole" in faults[0].remedy
    kept = coding_sheet.parse(path, REGISTER).records
    assert {record["unit_code"] for record in kept} == {"hwb_E06000001"}
    # Without a register the shared board is still told: the bridge says so.
    assert "hwb_E06000028" not in {record["unit_code"] for record in coding_sheet.parse(path).records}
