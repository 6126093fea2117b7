"""Coding sheets from the command line: the right units on them, and clear words when there are none."""

import duckdb
import pytest

from ingest.sheets import read_rows
from ingest.submitted import coding_sheet
from ingest.submitted.coding_layout import FIRST_ROW, SHEET
from orchestration import cli_codings
from orchestration.home import Home


@pytest.fixture
def home(tmp_path) -> Home:
    """A home whose publication knows three councils, two of which shared a board and ended in 2018-19."""
    publication = tmp_path / "publications" / "one"
    publication.mkdir(parents=True)
    with duckdb.connect(str(publication / "warehouse.duckdb")) as database:
        database.sql("create schema marts")
        database.sql(
            """create table marts.dim_council as
               select * from (values
                   ('E06000028', 'Bournemouth', '2013-14', '2018-19'),
                   ('E06000029', 'Poole', '2013-14', '2018-19'),
                   ('E06000058', 'Bournemouth, Christchurch and Poole', '2019-20', null),
                   ('E06000001', 'Hartlepool', '2013-14', null)
               ) as t (council_code, council_name, valid_from_year, valid_to_year)"""
        )
    (tmp_path / "published").symlink_to("publications/one")
    return Home(tmp_path)


def units(path) -> list[str]:
    return [row[0] for row in read_rows(path, SHEET)[FIRST_ROW - 1 :] if row[0]]


def test_a_sheet_holds_the_councils_of_its_wave_and_not_those_of_today(home, tmp_path):
    path = cli_codings.write_template(home, "foi_response", "2017", None, tmp_path / "foi.xlsx")
    assert units(path) == ["E06000001", "E06000028", "E06000029"]
    # Nothing is wrong with it but that nobody has put an alias on it.
    (fault,) = coding_sheet.check(path)
    assert "nobody is named" in fault.what


def test_councils_that_shared_a_board_have_one_row(home, tmp_path):
    path = cli_codings.write_template(home, "jhws", "2017", None, tmp_path / "jhws.xlsx")
    assert units(path) == ["hwb_E06000001", "hwb_bournemouth_and_poole"]


def test_partnerships_come_from_a_list_where_none_is_known(home, tmp_path, capsys):
    path = cli_codings.write_template(home, "stp", "2017", None, tmp_path / "stp.xlsx")
    assert units(path) == [] and "--units takes a list" in capsys.readouterr().err
    listed = tmp_path / "partnerships.csv"
    listed.write_text("stp_one,One\nstp_two,Two\n", encoding="utf-8")
    path = cli_codings.write_template(home, "stp", "2017", listed, tmp_path / "stp.xlsx")
    assert units(path) == ["stp_one", "stp_two"]


def test_an_unknown_wave_stops_with_the_waves_there_are(home, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli_codings.write_template(home, "foi_response", "2031", None, tmp_path / "foi.xlsx")
    assert stopped.value.code == 2
    assert "no wave 2031" in capsys.readouterr().err
