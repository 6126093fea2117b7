"""A year that came out after the catalogue was written, found on a publisher's page on this machine's loopback."""

from dataclasses import replace

import pytest
from click.testing import CliRunner
from test_fetch import publisher  # noqa: F401
from test_recognition import HEADERS, budget, known_headers

from ingest import catalogue, fetch, land
from ingest.fetch_new import seek
from orchestration import cli

YEAR = "2031-32"
PAGE = "/statistics/budgets-2031-to-2032"
FILE = "/files/RA_2031-32_data_Part_1.xlsx"


@pytest.fixture
def source(publisher):  # noqa: F811
    known = catalogue.load().sources["mhclg_revenue_account"]
    publisher.put("/collection", f'<a href="{PAGE}">2031 to 2032</a><a href="/statistics/x">x</a>'.encode())
    links = ["/files/SG_2031-32.xlsx", "/files/RA_2030-31_data_Part_1.xlsx", FILE]
    publisher.put(PAGE, "".join(f'<a href="{link}">x</a>' for link in links).encode())
    return replace(known, page=f"{publisher.address}/collection")


def content(tmp_path, headers) -> bytes:
    return budget(tmp_path / "made.xlsx", headers).read_bytes()


def test_a_new_year_is_found_brought_and_written_down(source, publisher, tmp_path):  # noqa: F811
    publisher.put(FILE, content(tmp_path, known_headers()))
    landing = tmp_path / "landing"
    sought = seek(source, YEAR, landing)
    assert sought.words == "brought and recognised as mhclg_ra_2031-32; nobody has reviewed it yet"
    assert sought.path == landing / "RA_2031-32_data_Part_1.xlsx"
    assert publisher.asked == ["/collection", PAGE, FILE]
    known = catalogue.of_landing(landing)
    (found,) = land.find(landing, known=known)
    assert found.release.financial_year == YEAR and not found.release.editions[0].is_reviewed


def test_a_new_year_with_an_unknown_column_lies_there_to_be_asked_about(source, publisher, tmp_path):  # noqa: F811
    headers = [*HEADERS[:11], "Lodgings for lighthouse keepers", *HEADERS[12:]]
    publisher.put(FILE, content(tmp_path, headers))
    sought = seek(source, YEAR, tmp_path / "landing")
    assert "open question" in sought.words and "prevention add" in sought.words
    assert sought.path.exists() and not catalogue.learned(tmp_path / "landing")["releases"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"line,amount\n360,1\n", "leads to no file of it"), ((404, b"gone", None), "could not be read")],
)
def test_what_is_of_another_series_or_gone_leaves_nothing_behind(source, publisher, tmp_path, answer, said):  # noqa: F811
    publisher.put(FILE, answer)
    sought = seek(source, YEAR, tmp_path / "landing")
    assert sought.path is None and said in sought.words
    assert not (tmp_path / "landing").exists()


def test_the_command_looks_for_every_year_that_is_out(source, publisher, tmp_path, monkeypatch):  # noqa: F811
    release = replace(catalogue.load().of(source.name)[0], source=source, url=f"{publisher.address}/gone.xls")
    monkeypatch.setattr(fetch, "wanted", lambda _: [release])
    publisher.put("/collection", b"")
    ran = CliRunner().invoke(cli.main, ["fetch", "--home", str(tmp_path)])
    assert "mhclg_revenue_account 2024-25, which is out and not held" in ran.output
    assert "leads to no file of it" in ran.output
