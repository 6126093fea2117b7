"""A faulty map among submitted files: it is refused whole, said so, and the last valid edition stays in use."""

from service_maps import line_cell, spoil, write_good

from ingest import catalogue, land
from orchestration.home import Home
from orchestration.sources import Inputs, take
from orchestration.status import describe


def taken_from(home):
    return take(catalogue.load().sources["service_maps"], home, Inputs((home.landing,), is_sample=False))


def test_last_valid_edition_stays_in_use_and_the_run_says_so(tmp_path):
    home = Home(tmp_path)
    (home.landing / "maps").mkdir(parents=True)
    path = write_good(home.landing / "maps" / "durham.xlsx")
    first = taken_from(home)
    assert first.problems == []
    spoil(path, lambda workbook: setattr(line_cell(workbook, "Careline telecare", "Share of line"), "value", 65))
    second = taken_from(home)
    assert second.editions == first.editions
    assert second.rows == first.rows
    assert not second.is_blocking
    assert any("more than 100%" in problem and "column I" in problem for problem in second.problems)
    assert "durham.xlsx was refused whole; the last valid edition of it stays in use" in second.problems
    served = [edition for edition in land.editions(home.landing) if edition.release.source.name == "service_maps"]
    assert [edition.release_id for edition in served] == first.editions
    assert taken_from(home).problems == second.problems


def test_the_status_names_a_refused_file_until_a_good_one_has_come(tmp_path):
    home = Home(tmp_path)
    (home.landing / "maps").mkdir(parents=True)
    path = write_good(home.landing / "maps" / "durham.xlsx")
    good = path.read_bytes()
    spoil(path, lambda workbook: setattr(line_cell(workbook, "Careline telecare", "Share of line"), "value", 65))
    taken_from(home)
    assert "set aside because they could not be read" in describe(home)
    path.write_bytes(good)
    taken_from(home)
    assert "set aside" not in describe(home)


def test_a_first_map_that_is_faulty_leaves_nothing_in_use(tmp_path):
    home = Home(tmp_path)
    (home.landing / "maps").mkdir(parents=True)
    path = write_good(home.landing / "maps" / "durham.xlsx")
    spoil(path, lambda workbook: setattr(line_cell(workbook, "Careline telecare", "Share of line"), "value", 65))
    taken = taken_from(home)
    assert taken.editions == []
    assert "no earlier edition of it is held" in taken.problems[-1]


def test_a_corrected_map_replaces_the_valid_one(tmp_path):
    home = Home(tmp_path)
    (home.landing / "maps").mkdir(parents=True)
    path = write_good(home.landing / "maps" / "durham.xlsx")
    taken_from(home)
    spoil(path, lambda workbook: setattr(line_cell(workbook, "Careline telecare", "Share of line"), "value", 0.62))
    again = taken_from(home)
    assert again.problems == []
    last = max(land.editions(home.landing), key=lambda edition: edition.order)
    assert last.order == 1
    assert last.release_id in again.read
