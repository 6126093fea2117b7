"""The one call that turns a warehouse into what people open: report, workbook, data package."""

import gc
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from reporting import datapackage, site
from reporting.facts import Facts
from reporting.warehouse import Warehouse

UNKNOWN = {
    "publication_id": "unnamed",
    "published_at": "",
    "code_version": "",
    "is_sample": False,
    "model_docs": "",
    "data_docs": "",
    "map_layout": None,
}


def build(database: Path, out: Path, *, publication: dict[str, Any], previous: Path | None = None) -> None:
    """Write `out/report/`, `out/prevention_marts.xlsx` and `out/datapackage.json`.

    `database` is a candidate or published warehouse.duckdb, opened read-only and closed again. `publication`
    describes it: `publication_id`, `published_at`, `code_version`, `is_sample`, `warnings`, `rejects`, `causes` of
    what changed since the publication before, in words, and `model_docs` and `data_docs`, the addresses below the
    report of the page of models and of the checks at the door where there are any.
    `previous` is the database of the publication before, for "what changed"; nothing else depends on it.
    A mart this warehouse does not have is said to be missing on its page.
    """
    out.mkdir(parents=True, exist_ok=True)
    report = out / "report"
    if report.exists():
        shutil.rmtree(report)
    described = {**UNKNOWN, **publication}
    with _workbook_aside(database, out / "prevention_marts.xlsx", described), Warehouse(database) as warehouse:
        with _no_search_for_cycles():
            site.render(Facts(warehouse, described), report, previous)
        datapackage.write(warehouse, out, described)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Millions of rows and cells are made, hardly any in a cycle: looking for some takes a fifth of the time."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()


@contextmanager
def _workbook_aside(database: Path, path: Path, publication: dict[str, Any]) -> Iterator[None]:
    """Write the workbook in a process of its own meanwhile: it takes as long as the report and shares nothing with it.

    Raises RuntimeError with what that process said when the workbook could not be written.
    """
    command = [sys.executable, "-m", "reporting.workbook", str(database), str(path)]
    with TemporaryFile("w+", encoding="utf-8") as given, TemporaryFile("w+", encoding="utf-8") as answer:
        given.write(json.dumps(publication, default=str))
        given.seek(0)
        with subprocess.Popen(command, stdin=given, stderr=answer) as process:
            try:
                yield
            except BaseException:
                process.kill()
                raise
        answer.seek(0)
        said = answer.read()
    if process.returncode:
        raise RuntimeError(f"the workbook could not be written: {said[-2000:]}")


def main() -> None:
    """Write the pages of a publication's folder anew into another folder: the inner loop of whoever edits a page."""
    published, out = map(Path, sys.argv[1:])
    manifest = json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    with Warehouse(published / "warehouse.duckdb") as warehouse, _no_search_for_cycles():
        site.render(Facts(warehouse, {**UNKNOWN, **manifest}), out, None)


if __name__ == "__main__":
    main()
