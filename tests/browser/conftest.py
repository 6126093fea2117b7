"""One invented site and one Chromium for all browser tests."""

import shutil
import threading

import invented_warehouse as invented
import pytest

from reporting import serve
from reporting.build import build

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "google-chrome", "chromium-browser")) if p), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Folder of a report made from an invented warehouse, with an earlier publication to compare with."""
    folder = tmp_path_factory.mktemp("browser")
    database = invented.build(folder / "warehouse.duckdb")
    earlier = invented.build(folder / "earlier.duckdb", is_shifted=True)
    publication = {
        "publication_id": "test-1",
        "published_at": "2026-01-02T03:04:05Z",
        "is_sample": True,
        "warnings": ["a_warning_whose_name_is_long_and_has_no_place_to_break (intermediate.int_reconciliation_of_all)"],
    }
    build(database, folder / "published", publication=publication, previous=earlier)
    return folder / "published" / "report"


@pytest.fixture(scope="session")
def loopback(site):
    """The same report over the loopback address."""
    with serve.server(site) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/report"
        running.shutdown()


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium; skips where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watched(chromium):
    """A page, and lists of what it should never do: console errors, and requests off this machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.faults, page.strays = [], []
    page.on("console", lambda m: page.faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda r: None if _is_local(r.url) else page.strays.append(r.url))
    yield page
    context.close()


def _is_local(url: str) -> bool:
    return url.startswith(("file://", "http://127.0.0.1:", "data:", "blob:"))
