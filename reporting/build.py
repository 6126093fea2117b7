"""The one call that turns a warehouse into what people open: report, workbook, data package."""

import shutil
from pathlib import Path
from typing import Any

from reporting import datapackage, site, workbook
from reporting.facts import Facts
from reporting.warehouse import Warehouse

UNKNOWN = {
    "publication_id": "unnamed",
    "published_at": "",
    "code_version": "",
    "is_sample": False,
    "model_docs": "",
    "map_layout": None,
}


def build(database: Path, out: Path, *, publication: dict[str, Any], previous: Path | None = None) -> None:
    """Write `out/report/`, `out/prevention_marts.xlsx` and `out/datapackage.json`.

    `database` is a candidate or published warehouse.duckdb, opened read-only and closed again. `publication`
    describes it: `publication_id`, `published_at`, `code_version`, `is_sample`, `warnings`, `rejects`, `causes` of
    what changed since the publication before, in words, and `model_docs`, the address below the report of the page
    of models where there is one.
    `previous` is the database of the publication before, for "what changed"; nothing else depends on it.
    A mart this warehouse does not have is said to be missing on its page.
    """
    out.mkdir(parents=True, exist_ok=True)
    report = out / "report"
    if report.exists():
        shutil.rmtree(report)
    with Warehouse(database) as warehouse:
        facts = Facts(warehouse, {**UNKNOWN, **publication})
        site.render(facts, report, previous)
        workbook.write(warehouse, out / "prevention_marts.xlsx", facts.publication)
        datapackage.write(warehouse, out, facts.publication)
