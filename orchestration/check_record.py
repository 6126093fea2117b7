"""The raw table `check_results` of a candidate: what each check found when it was last run on these tables."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from expectations.results import CheckResult
from ingest import land
from ingest.tables import TABLES, to_arrow
from orchestration.version import code_version

CHECK_RESULTS = "check_results"
FILE = "0.parquet"


def record(snapshot: Path, results: list[CheckResult]) -> None:
    """Write down results among the raw tables; a check run again takes the place of its earlier result."""
    again = {result.name for result in results}
    kept = [row for row in recorded(snapshot) if row["check_name"] not in again]
    rows = sorted([*kept, *map(_row, results)], key=lambda row: (row["check_name"], row["subject"]))
    table = TABLES[CHECK_RESULTS]
    land.write_parquet(to_arrow(table, pd.DataFrame(rows, columns=table.schema.names)), _file(snapshot))


def recorded(snapshot: Path) -> list[dict]:
    """Every result written down so far, in name order."""
    file = _file(snapshot)
    return pq.read_table(file).to_pylist() if file.exists() else []


def _file(snapshot: Path) -> Path:
    return snapshot / CHECK_RESULTS / FILE


def _row(result: CheckResult) -> dict:
    words = f"{result.subject}: expected {result.expected}; observed {result.observed}. {result.detail}"
    return {
        "check_name": result.name,
        "subject": result.subject,
        "severity": result.severity,
        "status": result.status,
        "compared": result.compared,
        "failed": result.failed,
        "expected": result.expected,
        "observed": result.observed,
        "difference": result.difference,
        "detail": words.strip(),
        "warning": "\n".join(result.warnings()),
        "code_version": code_version(),
    }
