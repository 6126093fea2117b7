"""The page Ask: the cookbook's questions in the browser beside the command line, and the page without its engine."""

import threading

import invented_warehouse as invented
import pytest

from reporting import ask, serve, sql
from reporting.build import build


def test_without_its_engine_the_page_says_so_and_shows_the_questions(tmp_path, monkeypatch):
    monkeypatch.setattr(ask, "ENGINE", tmp_path / "none")
    database = invented.build(tmp_path / "warehouse.duckdb", councils=2)
    build(database, tmp_path / "out", publication={"publication_id": "p"})
    text = (tmp_path / "out" / "report" / "ask.html").read_text(encoding="utf-8")
    assert "is not installed in this publication" in text and "make ask-engine" in text and "ask-run" not in text
    assert text.count("<details>") == len(ask.examples()) >= 20


@pytest.fixture
def asking(refreshed, watched):
    """A browser on the page Ask of the sample: a function from a query to names and rows."""
    if not ask.is_installed():
        pytest.skip("the engine is not installed (make ask-engine)")
    report = refreshed / "published" / "report"
    assert (report / "static" / "ask" / "engine").exists(), "a refresh leaves out an engine that is installed"
    with serve.server(report) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        watched.goto(f"http://127.0.0.1:{running.server_address[1]}/report/ask.html")

        def answer(query: str) -> dict:
            watched.evaluate(
                """(query) => {
                    window.got = null;
                    ask(query).then((a) => { window.got = a; }, (error) => { window.got = { error: `${error}` }; });
                }""",
                query,
            )
            # The page's policy forbids what `wait_for_function` evaluates.
            for _ in range(600):
                if got := watched.evaluate("() => window.got"):
                    return got
                watched.wait_for_timeout(100)
            return {"error": "no answer in a minute"}

        yield answer
        assert watched.strays == []
        running.shutdown()


@pytest.mark.slow
@pytest.mark.browser
def test_the_cookbook_has_the_same_answers_in_the_browser(asking, refreshed):
    compared = 0
    for title, query in ask.examples():
        names, rows = sql.ask(refreshed / "published" / "warehouse.duckdb", query)
        shown = [[None if value is None else sql._text(value) for value in row] for row in rows]
        assert asking(query) == {"names": names, "rows": shown}, title
        compared += 1
    assert compared >= 20
    assert "does not exist" in asking("select * from nowhere")["error"]
