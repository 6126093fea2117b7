"""Coding sheets from the command line: the right units on them, and clear words when there are none."""

import duckdb
import pytest
from click.testing import CliRunner

from ingest.sheets import read_rows
from ingest.submitted.codings import coding_sheet
from ingest.submitted.codings.coding_layout import FIRST_ROW, SHEET
from orchestration import cli_codings
from orchestration.cli import main
from orchestration.home import Home
from tests.added_wave import write as write_codebook


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


def run(home, *words):
    return CliRunner().invoke(main, ["--home", str(home.root), *map(str, words)])


def test_the_commands_write_sheets_and_check_them(home, tmp_path):
    out = tmp_path / "foi.csv"
    written = run(home, "template", "--foi", "--wave", "2017", "--out", out)
    assert written.exit_code == 0 and written.stdout.strip() == str(out)
    checked = run(home, "check-map", out)
    assert checked.exit_code == 1 and "nobody is named as coder" in checked.stdout
    out.write_text(out.read_text(encoding="utf-8-sig").replace("coder,\n", "coder,me\n"), encoding="utf-8")
    checked = run(home, "check-map", out)
    assert checked.exit_code == 0 and "can be taken as it is" in checked.stderr
    boards = run(home, "template", "--strategies", "--wave", "2017", "--out", tmp_path / "jhws.xlsx")
    assert boards.exit_code == 0
    assert units(tmp_path / "jhws.xlsx") == ["hwb_E06000001", "hwb_bournemouth_and_poole"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--foi",), "needs --wave"),
        (("--foi", "--strategies", "--wave", "2017"), "Choose one"),
        (("--strategies", "--document", "memo", "--wave", "2017"), "no wave 2017 of memo"),
    ],
)
def test_a_sheet_that_cannot_be_written_says_why(home, words, message):
    result = run(home, "template", *words)
    assert result.exit_code == 2
    assert message in result.output


def test_a_codebook_workbook_that_lies_in_the_landing_folder_is_not_held_against_itself(home):
    place = home.landing / "codebooks"
    place.mkdir(parents=True)
    workbook = write_codebook(place / "codebook_2026.xlsx")
    asked = CliRunner().invoke(main, ["check-map", "--home", str(home.root), str(workbook)])
    assert asked.exit_code == 0, asked.output
    other = write_codebook(place.parent / "again.xlsx")
    asked = CliRunner().invoke(main, ["check-map", "--home", str(home.root), str(other)])
    assert asked.exit_code == 1 and "is there already" in asked.output
