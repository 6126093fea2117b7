"""Fetching, against a publisher on this machine's loopback: what arrives, what is refused, what stays."""

import hashlib
import http.server
import threading
from dataclasses import dataclass, field, replace

import pytest
from click.testing import CliRunner

from ingest import catalogue, fetch
from ingest.catalogue import KnownEdition
from ingest.problems import InputError
from orchestration import cli

CONTENT = b"line,amount\n360,1\n" * 5000
FILE = "RA_2030-31_data by LA.csv"
PATH = "/files/RA_2030-31_data%20by%20LA.csv"


@dataclass
class Publisher:
    """What the server answers with: (status, body, bytes it promises) by path; several are given in turn."""

    address: str = ""
    answers: dict[str, list[tuple[int, bytes, int | None]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, *answers) -> None:
        self.answers[path] = [(a if isinstance(a, tuple) else (200, a, None)) for a in answers]


@pytest.fixture
def publisher():
    told = Publisher()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            told.asked.append(self.path)
            answers = told.answers.get(self.path, [(404, b"gone", None)])
            status, body, promised = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(promised or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def release(publisher):
    """A release of this publisher whose one known edition is CONTENT, without an address of its own."""
    known = catalogue.load().of("mhclg_revenue_account")[0]
    return replace(
        known,
        file=FILE,
        financial_year="2030-31",
        url=None,
        source=replace(known.source, page=f"{publisher.address}/collection"),
        editions=(KnownEdition(hashlib.sha256(CONTENT).hexdigest(), "first"),),
    )


def at(publisher, release):
    return replace(release, url=f"{publisher.address}{PATH}")


def bring(release, landing):
    return fetch.fetch(release, landing, pause_seconds=0)


def test_a_file_whose_checksum_is_known_is_brought_once(publisher, release, tmp_path):
    publisher.put(PATH, CONTENT)
    brought = bring(at(publisher, release), tmp_path)
    assert (brought.path.read_bytes(), brought.words) == (CONTENT, "checksum as in the catalogue")
    assert bring(at(publisher, release), tmp_path).words == "already here"
    assert publisher.asked == [PATH]


def test_a_file_with_other_content_is_brought_and_said_to_be_a_new_edition(publisher, release, tmp_path):
    publisher.put(PATH, CONTENT + b"361,2\n")
    brought = bring(at(publisher, release), tmp_path)
    assert "new, unverified edition" in brought.words
    assert brought.path.read_bytes() == CONTENT + b"361,2\n"


@pytest.mark.parametrize("link", [PATH, f"..{PATH}?download=1", f"{PATH}#section"])
def test_a_release_without_address_is_found_on_its_sources_page(publisher, release, tmp_path, link):
    publisher.put("/collection", f'<p><a href="/other.csv">x</a> <a href="{link}">RA</a>'.encode())
    publisher.put(PATH, CONTENT)
    publisher.put(f"{PATH}?download=1", CONTENT)
    assert bring(release, tmp_path).words == "checksum as in the catalogue"


def test_it_is_found_on_the_page_of_its_year_and_pages_of_other_years_are_left_alone(publisher, release, tmp_path):
    years = "".join(
        f'<a href="/statistics/budgets-{year}">x</a>' for year in ("2029-to-2030", "2030-to-2031", "2031-to-2032")
    )
    publisher.put("/collection", years.encode())
    publisher.put("/statistics/budgets-2030-to-2031", f'<a href="{PATH}">RA</a>'.encode())
    publisher.put(PATH, CONTENT)
    assert bring(release, tmp_path).path.read_bytes() == CONTENT
    assert publisher.asked == ["/collection", "/statistics/budgets-2030-to-2031", PATH]


def test_a_publisher_that_is_busy_twice_is_asked_a_third_time(publisher, release, tmp_path):
    publisher.put(PATH, (503, b"busy", None), (503, b"busy", None), CONTENT)
    assert bring(at(publisher, release), tmp_path).path.read_bytes() == CONTENT
    assert len(publisher.asked) == 3


def test_a_file_that_is_gone_is_asked_for_once(publisher, release, tmp_path):
    with pytest.raises(InputError, match="404") as caught:
        bring(at(publisher, release), tmp_path)
    assert FILE in str(caught.value) and f"by hand from {publisher.address}/collection" in str(caught.value)
    assert publisher.asked == [PATH]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((503, b"busy", None), "503"),
        ((200, CONTENT[:1000], len(CONTENT)), "could not be fetched"),
        (b"<!DOCTYPE html><title>Are you a robot?</title>", "web page where the file should be"),
    ],
    ids=["always busy", "cut short every time", "a web page"],
)
def test_what_cannot_be_had_leaves_the_landing_folder_as_it_was(publisher, release, tmp_path, answer, says):
    (tmp_path / FILE).write_bytes(b"an earlier edition")
    publisher.put(PATH, answer)
    with pytest.raises(InputError, match=says):
        bring(at(publisher, release), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {FILE: b"an earlier edition"}


def test_a_release_that_no_page_leads_to_is_named_with_its_page(publisher, release, tmp_path):
    publisher.put("/collection", b'<a href="/statistics/budgets-2029-30">x</a>')
    with pytest.raises(InputError, match="does not lead to it"):
        bring(release, tmp_path)


def test_the_command_brings_what_it_can_and_names_what_it_cannot(publisher, release, tmp_path, monkeypatch):
    publisher.put(PATH, CONTENT)
    publisher.put("/collection", b"")
    monkeypatch.setattr(fetch, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(fetch, "wanted", lambda _: [at(publisher, release), replace(release, file="RA_lost.csv")])
    ran = CliRunner().invoke(cli.main, ["fetch", "--home", str(tmp_path)])
    assert ran.exit_code == 2
    assert (tmp_path / "landing" / FILE).read_bytes() == CONTENT
    assert "RA_lost.csv" in ran.output and "1 of 2 files are in" in ran.output


def test_the_job_brings_what_it_can_and_lists_what_it_cannot(publisher, release, tmp_path, monkeypatch):
    from orchestration.jobs import fetch_job
    from orchestration.resources import Workspace

    publisher.put(PATH, CONTENT)
    publisher.put("/collection", b"")
    monkeypatch.setattr(fetch, "wanted", lambda _: [at(publisher, release), replace(release, file="RA_lost.csv")])
    ran = fetch_job.execute_in_process(resources={"workspace": Workspace(home=str(tmp_path))})
    (output,) = [event for event in ran.all_events if event.is_successful_output]
    assert output.event_specific_data.metadata["not_brought"].value == 1
    assert (tmp_path / "landing" / FILE).read_bytes() == CONTENT


def test_an_unknown_source_is_answered_with_the_known_ones(tmp_path):
    ran = CliRunner().invoke(cli.main, ["fetch", "mhclg_revenue_accounts", "--home", str(tmp_path)])
    assert ran.exit_code == 2 and "mhclg_revenue_account," in ran.output


def test_every_address_in_the_catalogue_ends_in_the_name_of_its_file():
    addressed = [release for release in fetch.wanted([]) if release.url]
    assert addressed and all(release.url.rsplit("/", 1)[-1] == release.file for release in addressed)
    assert all(release.url.startswith("https://") for release in addressed)
