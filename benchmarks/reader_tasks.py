"""Five things a new reader wants of the report, done in a headless Chromium: clicks, fields filled, seconds.

Each task begins on the national page and fails where what is promised is not found. The seconds are the machine's:
a person reads besides. The last task ends with the check that a council runs on its map.

python -m benchmarks.reader_tasks var/published/report Hartlepool
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from ingest.submitted.service_maps import service_map

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "google-chrome", "chromium-browser")) if p), None)


class Reader:
    """A browser that counts what its user does."""

    def __init__(self, page, report: Path):
        self.page, self.report = page, report
        self.clicks = self.filled = 0
        page.goto(f"{report.resolve().as_uri()}/index.html")

    def click(self, what) -> None:
        what.click()
        self.clicks += 1

    def choose(self, selector: str, value: str) -> None:
        self.page.select_option(selector, value)
        self.clicks += 1

    def fill(self, what, text: str) -> None:
        what.fill(text)
        self.filled += 1

    def download(self, what) -> Path:
        with self.page.expect_download() as taken:
            self.click(what)
        return Path(taken.value.path())

    def open_council(self, name: str) -> None:
        self.fill(self.page.locator("#search"), name)
        self.page.wait_for_function(
            "(name) => document.getElementById('search-panel').dataset.answers === name", arg=name
        )
        self.page.press("#search", "Enter")
        self.page.wait_for_url("**/councils/*.html")


def my_council_and_its_peers(reader: Reader, council: str) -> str:
    reader.open_council(council)
    reader.choose("#peers", "region")
    return f"{reader.page.locator('#profile tbody tr').count()} measures beside the region"


def cite_a_chart(reader: Reader, council: str) -> str:
    figure = reader.page.locator("#national-trend")
    reader.click(figure.get_by_role("button", name="Cite this chart"))
    text = figure.locator(".citation").inner_text()
    assert "Source:" in text and figure.locator("h3").inner_text() in text
    return f"a citation of {len(text.split())} words"


def what_changed(reader: Reader, council: str) -> str:
    sentence = reader.page.locator(".points li[data-claim='changes']").inner_text()
    assert sentence
    return f"“{sentence}”"


def all_councils_as_a_table(reader: Reader, council: str) -> str:
    reader.click(reader.page.get_by_role("navigation").get_by_role("link", name="Compare"))
    lines = reader.download(reader.page.locator("#table-csv")).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 2
    return f"{len(lines) - 1:,} rows of CSV"


def send_a_correction(reader: Reader, council: str) -> str:
    reader.open_council(council)
    reader.click(reader.page.get_by_role("link", name="What if it were spent"))
    reader.click(reader.page.locator("#what-if-lines summary").first)
    reader.fill(reader.page.locator("#what-if-lines input[aria-label^='Per cent']").first, "0.5")
    reader.fill(reader.page.locator("#why"), "Known from the ledger of the year")
    with tempfile.TemporaryDirectory() as folder:
        sent = Path(folder) / "map.xlsx"
        shutil.copyfile(reader.download(reader.page.locator("#save-map")), sent)
        assert service_map.check(sent) == []
    return "a map that the check accepts"


TASKS = {
    "Find my council and its peers": my_council_and_its_peers,
    "Cite a chart": cite_a_chart,
    "Find what changed": what_changed,
    "Take the table of all councils": all_councils_as_a_table,
    "Send a correction": send_a_correction,
}


def main() -> None:
    from playwright.sync_api import sync_playwright

    report, council = Path(sys.argv[1]), sys.argv[2]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        print("| Task | Clicks | Fields filled | Seconds | What there is then |\n|---|--:|--:|--:|---|")
        for name, task in TASKS.items():
            page = browser.new_page()
            begun = time.perf_counter()
            reader = Reader(page, report)
            ends = task(reader, council)
            print(f"| {name} | {reader.clicks} | {reader.filled} | {time.perf_counter() - begun:.1f} | {ends} |")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
