"""Ordinary slips in coding sheets and exports: each is named by its cell with what to do, or is read as it is."""

import pytest

from benchmarks.planting.coding_slips import REGISTER, SLIPS, sound
from ingest.problems import InputError
from ingest.submitted.codings import codebook, coding_sheet


def told(path) -> tuple[list[str], set[tuple]]:
    """What is said of a file, and the codes that are kept of it."""
    try:
        reading = coding_sheet.parse(path, REGISTER)
    except InputError as refused:
        return [str(problem) for problem in refused.problems], set()
    names = ("unit_code", "item_code", "code", "is_present")
    return [str(problem) for problem in reading.problems], {tuple(r[n] for n in names) for r in reading.records}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Codes of the sound sheet of each kind of document."""
    kinds = (codebook.FOI, "jhws")
    folder = tmp_path_factory.mktemp("sound")
    read = {kind: told(sound(folder, document_type=kind)) for kind in kinds}
    assert all(not said and codes for said, codes in read.values())
    return {kind: codes for kind, (_, codes) in read.items()}


@pytest.mark.parametrize("slip", [slip for slip in SLIPS if slip.said], ids=lambda slip: slip.name)
def test_a_slip_is_named_by_its_cell_with_what_to_do(slip, tmp_path):
    said, _ = told(slip.plant(tmp_path))
    assert any(slip.cell in line and slip.said in line for line in said), said
    assert all("What to do: " in line for line in said)


@pytest.mark.parametrize("slip", [slip for slip in SLIPS if not slip.said], ids=lambda slip: slip.name)
def test_what_is_no_fault_costs_nothing(slip, tmp_path, whole):
    said, codes = told(slip.plant(tmp_path))
    assert said == []
    assert len(codes) in {len(read) for read in whole.values()}
    if "year" not in slip.name and "TRUE" not in slip.name:
        assert codes in whole.values()


def test_blank_quotations_are_counted(tmp_path):
    blank = next(slip for slip in SLIPS if "counted" in slip.name)
    folder = tmp_path / "sound"
    folder.mkdir()
    before = coding_sheet.parse(sound(folder)).without_quotation
    assert coding_sheet.parse(blank.plant(tmp_path)).without_quotation == before + 5
