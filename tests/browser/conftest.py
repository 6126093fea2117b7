"""One invented site for all browser tests."""

import threading

import invented_warehouse as invented
import pytest

from reporting import serve
from reporting.build import build


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
