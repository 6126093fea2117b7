"""Shared fixtures. Real-file tests run whenever the published files lie beside the checkout."""

import json
import logging
import os
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import settings

from tests.dbt_models import Compiled, compile_project
from tests.shared_once import shared_once

# No test is judged by the wall clock: a busy machine is no fault of the code.
settings.register_profile("by_result", deadline=None)
settings.load_profile("by_result")

# The main module of a parallel worker has no file. Spark, imported by the suites' library where it is installed, takes
# such a process for a run of its own examples and ends it.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__

ROOT = Path(__file__).parent.parent
REAL_DATA = Path(os.environ.get("PREVENTION_TEST_DATA", ROOT.parent / "shared" / "data"))
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


def pytest_collection_modifyitems(items):
    """Slow files first, so that two workers end at about the same time; skip what this machine cannot run."""
    items.sort(key=lambda item: "slow" not in item.keywords)
    if (REAL_DATA / "raw").is_dir():
        return
    skip = pytest.mark.skip(reason=f"the published files are not at {REAL_DATA}")
    for item in items:
        if "real" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def project_logger_as_new():
    """A command tried in this process leaves its handlers on the project's logger; no test begins with them."""
    log = logging.getLogger("prevention")
    log.handlers, log.propagate = [], True
    log.setLevel(logging.NOTSET)


@pytest.fixture
def webhook():
    """Address of a webhook on the loopback, and the list of what it has received."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", received
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the published files."""
    return REAL_DATA


@pytest.fixture(scope="session")
def sample_files(tmp_path_factory) -> Path:
    """Folder of the fictional files, written once a session. Not to be changed: copy what a test alters."""
    import sample

    return shared_once(tmp_path_factory, "sample", sample.write)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> Compiled:
    """The SQL of every model and test of the dbt project. Not to be changed: copy what a test alters."""
    return Compiled.of(shared_once(tmp_path_factory, "compiled", compile_project))


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
