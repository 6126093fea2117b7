"""A file in the landing folder is passed on once, when it is whole, to the partition it belongs to."""

import pytest

from ingest import catalogue, land
from orchestration.home import Home
from orchestration.raw_assets import source_key
from orchestration.sensors import SETTLED_SECONDS, requests, settled

FILE = "RA_2021-22_data_by_LA.csv"


@pytest.fixture
def home(tmp_path) -> Home:
    (tmp_path / "landing").mkdir()
    return Home(tmp_path)


def grow(home, text):
    with (home.landing / FILE).open("a", encoding="utf-8") as stream:
        stream.write(text)


def test_a_file_copied_in_pieces_is_passed_on_once_and_whole(home):
    seen, passed = {}, []
    for second in range(0, 60, 5):
        if second <= 10:
            grow(home, f"piece {second}\n")
        seen, ready = settled(seen, home, float(second))
        passed += [(second, found.path.read_text(encoding="utf-8")) for found in ready]
    assert passed == [(10 + SETTLED_SECONDS, "piece 0\npiece 5\npiece 10\n")]


def test_a_changed_file_is_passed_on_again(home):
    grow(home, "first")
    seen, _ = settled({}, home, 0.0)
    seen, ready = settled(seen, home, 20.0)
    assert len(ready) == 1
    grow(home, "second")
    seen, ready = settled(seen, home, 25.0)
    assert ready == []
    seen, ready = settled(seen, home, 45.0)
    assert len(ready) == 1


def test_the_run_is_for_the_files_source_and_year(home):
    grow(home, "x")
    (request,) = requests(list(land.find(home.landing)), home)
    assert request.partition_key == "2021-22"
    assert request.asset_selection == [source_key("mhclg_revenue_account")]


def test_files_of_one_partition_make_one_run_whatever_their_order(home):
    grow(home, "x")
    (home.landing / "RA_2021-22_data_by_LA.xlsx").write_text("y", encoding="utf-8")
    found = list(land.find(home.landing))
    assert len(found) == 2
    (one,), (other,) = requests(found, home), requests(found[::-1], home)
    assert one.run_key == other.run_key


def test_a_source_without_years_makes_a_run_for_the_whole_of_it(home):
    (home.landing / "NN.json").write_text("{}", encoding="utf-8")
    (request,) = requests(list(land.find(home.landing)), home)
    assert request.partition_key is None


def test_content_already_read_makes_no_run(home, monkeypatch):
    grow(home, "x")
    found = list(land.find(home.landing))
    land.land(found[0], home.landing)
    assert len(requests(found, home)) == 1
    monkeypatch.setattr(land, "receipt_of", lambda edition, raw: land.Receipt(edition.release_id, "", {}, {}, 0))
    assert requests(found, home) == []


def test_every_year_and_every_wave_is_a_partition():
    from orchestration.raw_assets import PERIODS

    held = PERIODS.get_partition_keys()
    assert [period for period in held if "-" in period] == catalogue.load().financial_years()
    assert {"2013-14", "2016", "2017"} <= set(held)


def test_a_coding_sheet_belongs_to_the_wave_in_its_name(home):
    (home.landing / "codings").mkdir()
    (home.landing / "codings" / "foi_response_2016_coder_a.csv").write_text("x", encoding="utf-8")
    (request,) = requests(list(land.find(home.landing)), home)
    assert (request.partition_key, request.asset_selection) == ("2016", [source_key("codings")])
