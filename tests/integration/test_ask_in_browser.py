"""The page Ask: the cookbook's questions in the browser beside the command line, and the page without its engine."""

import shutil
import threading

import invented_warehouse as invented
import pytest

from reporting import ask, serve, sql
from reporting.build import build

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "google-chrome", "chromium-browser")) if p), None)


def test_without_its_engine_the_page_says_so_and_shows_the_questions(tmp_path, monkeypatch):
    monkeypatch.setattr(ask, "ENGINE", tmp_path / "none")
    database = invented.build(tmp_path / "warehouse.duckdb", councils=2)
    build(database, tmp_path / "out", publication={"publication_id": "p"})
    text = (tmp_path / "out" / "report" / "ask.html").read_text(encoding="utf-8")
    assert "is not installed in this publication" in text and "make ask-engine" in text and "ask-run" not in text
    assert text.count("<details>") == len(ask.examples()) >= 20


@pytest.fixture
def asking(refreshed):
    """A browser on the page Ask of the sample, its engine beside it: a function from a query to names and rows."""
    if CHROMIUM is None or not ask.is_installed():
        pytest.skip("no Chromium, or no engine (make ask-engine)")
    from playwright.sync_api import sync_playwright

    report = refreshed / "published" / "report"
    if not (report / "static" / "ask" / "engine").exists():
        ask.install(report)
    with serve.server(report) as running, sync_playwright() as play:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        strays = []
        page.on("request", lambda r: None if r.url.startswith(("http://127.0.0.1:", "blob:")) else strays.append(r.url))
        page.goto(f"http://127.0.0.1:{running.server_address[1]}/report/ask.html")

        def answer(query: str) -> dict:
            page.evaluate(
                """(query) => {
                    window.got = null;
                    ask(query).then((a) => { window.got = a; }, (error) => { window.got = { error: `${error}` }; });
                }""",
                query,
            )
            for _ in range(600):
                if got := page.evaluate("() => window.got"):
                    return got
                page.wait_for_timeout(100)
            return {"error": "no answer in a minute"}

        yield answer
        assert strays == []
        browser.close()
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
