"""What is expected of raw tables before anything is worked out from them, and the pages that say what was found."""

import tempfile
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from pathlib import Path

import duckdb

from expectations import data_docs, rows, run
from expectations.results import CheckResult
from expectations.suites import RAW
from ingest.tables import TABLES, RawTable
from orchestration.check_record import CHECK_RESULTS
from orchestration.series_held import due

# Below the folder of a candidate, and below the report of a publication.
DATA_DOCS = "data-docs"
# Made while a refresh runs, so not yet there when the door is looked at.
LATER = {CHECK_RESULTS}
RULED = [table for table in TABLES.values() if table.rules and table.name not in LATER]


# Check, raw table it is about, meaning.
CHECKS = [
    *((suite.name, suite.subject.removeprefix("raw."), suite.meaning) for suite in RAW),
    *((rows.suite_of(table.name), table.name, rows.MEANING) for table in RULED),
    (rows.TYPES, rows.TYPES_SUBJECT, rows.TYPES_MEANING),
]


def check(
    candidate: Path, snapshot: Path, relations: Mapping[str, str], filled_by: Mapping[str, Set[str]]
) -> list[CheckResult]:
    """Every suite over the raw tables of a candidate; Data Docs are written beside them."""
    judged: list = []
    results = run.run(due(RAW, snapshot, filled_by), dict(relations), judged=judged)
    held = [declared(table, relations[name]) for name, table in TABLES.items() if name not in LATER]
    with tempfile.TemporaryDirectory(dir=candidate) as work:
        results += rows.check(held, Path(work), judged)
    data_docs.write(judged, candidate / DATA_DOCS)
    return results


def verdicts(results: list[CheckResult]) -> Iterator[tuple[str, str, CheckResult]]:
    """Of each check its name, its raw table and, of the results that it gave, the worst."""
    for name, table, _ in CHECKS:
        found = [result for result in results if result.name == name or result.name.startswith(f"{name}__")]
        worst = max(found, key=lambda result: (result.is_blocking, result.status in ("warn", "fail")))
        yield name, table, replace(worst, compared=max(result.compared for result in found))


def declared(table: RawTable, relation: str) -> rows.RawColumns:
    """A raw table as the suites see it: its types in the database's words, its rules, and where its rows lie."""
    empty = duckdb.from_arrow(table.schema.empty_table())
    types = {name: str(kind) for name, kind in zip(empty.columns, empty.types, strict=True)}
    return rows.RawColumns(table.name, relation, types, table.rules)
