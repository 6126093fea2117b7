"""The last look before publishing: expectations on the totals, and the list of every check of the refresh."""

import json
import logging
from dataclasses import asdict

import dagster as dg
import pandas as pd

from expectations import run
from expectations.results import CheckResult
from expectations.suites import TOTALS
from ingest import land
from ingest.tables import TABLES, to_arrow
from orchestration.raw_assets import OWNER
from orchestration.resources import Workspace
from orchestration.snapshot import MADE_LATER, raw_key
from orchestration.stopping import as_dagster, stop_on
from orchestration.warehouse import checks_of, warehouse

log = logging.getLogger("prevention")


@dg.asset(
    key=raw_key(MADE_LATER),
    deps=[warehouse],
    group_name="audit",
    owners=[OWNER],
    kinds={"parquet"},
    description="Every check of this refresh: dbt tests, and expectations on raw tables and on the totals",
    check_specs=[
        dg.AssetCheckSpec(suite.name, asset=raw_key(MADE_LATER), description=suite.meaning) for suite in TOTALS
    ],
)
def check_results(context: dg.AssetExecutionContext, workspace: Workspace):
    """Look at the totals about to be published and write down what every check found."""
    log.info("checking the totals about to be published")
    home = workspace.paths
    results = run.run(TOTALS, {}, home.candidate_database)
    land.write_text_atomically(
        home.candidate / "checks" / "totals.json", json.dumps([asdict(r) for r in results], ensure_ascii=False)
    )
    everything = checks_of(home.candidate / "checks")
    land.write_parquet(_table(everything), home.snapshot / MADE_LATER / "0.parquet")
    for suite in TOTALS:
        found = [r for r in results if r.name.startswith(f"{suite.name}__")]
        worst = max(found, key=lambda r: (r.is_blocking, r.status in ("warn", "fail")))
        yield as_dagster(worst, raw_key(MADE_LATER), suite.name)
    stop_on(results, "The totals about to be published do not meet their expectations; nothing was published.")
    yield dg.MaterializeResult(
        asset_key=raw_key(MADE_LATER),
        metadata={
            "dagster/row_count": len(everything),
            "by_status": {status: sum(r.status == status for r in everything) for status in ("pass", "empty", "warn")},
        },
    )


def _table(results: list[CheckResult]):
    columns = TABLES[MADE_LATER].schema.names
    rows = [
        {
            "check_name": r.name,
            "severity": r.severity,
            "status": r.status,
            "compared": r.compared,
            "failed": r.failed,
            "detail": f"{r.subject}: expected {r.expected}; observed {r.observed}. {r.detail}".strip(),
        }
        for r in results
    ]
    return to_arrow(TABLES[MADE_LATER], pd.DataFrame(rows, columns=columns))
