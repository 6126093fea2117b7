"""The last look before publishing: the totals, what is withheld, and the list of every check of the refresh."""

import logging
from collections import Counter

import dagster as dg

from expectations import disclosure, run
from expectations.suites import TOTALS
from orchestration.check_record import CHECK_RESULTS, record, recorded
from orchestration.failures import as_dagster, stop_on
from orchestration.raw_assets import OWNER
from orchestration.resources import Workspace
from orchestration.series_held import due
from orchestration.snapshot import raw_key
from orchestration.warehouse import warehouse

log = logging.getLogger("prevention")


@dg.asset(
    key=raw_key(CHECK_RESULTS),
    deps=[warehouse],
    group_name="audit",
    owners=[OWNER],
    kinds={"parquet"},
    description="Every check of this refresh: dbt tests, expectations, and the attack on what is withheld",
    check_specs=[
        *(dg.AssetCheckSpec(suite.name, asset=raw_key(CHECK_RESULTS), description=suite.meaning) for suite in TOTALS),
        *(
            dg.AssetCheckSpec(name, asset=raw_key(CHECK_RESULTS), description=disclosure.MEANING)
            for name in (disclosure.HIDDEN, disclosure.TRIED)
        ),
    ],
)
def check_results(context: dg.AssetExecutionContext, workspace: Workspace):
    """Look at the totals about to be published and write down what every check found."""
    log.info("checking the totals about to be published")
    home = workspace.own_candidate
    results = run.run(due(TOTALS, home.snapshot), {}, home.candidate_database)
    log.info("trying to work out what is withheld from what would be published")
    attacked = disclosure.check(home.candidate_database, home.raw / "derived" / "attacks.json")
    record(home.snapshot, [*results, *attacked])
    for suite in TOTALS:
        found = [r for r in results if r.name.startswith(f"{suite.name}__")]
        worst = max(found, key=lambda r: (r.is_blocking, r.status in ("warn", "fail")))
        yield as_dagster(worst, raw_key(CHECK_RESULTS), suite.name)
    for result in attacked:
        yield as_dagster(result, raw_key(CHECK_RESULTS), result.name)
    stop_on(attacked, "What is withheld could be worked out from what would be published; nothing was published.")
    stop_on(results, "The totals about to be published do not meet their expectations; nothing was published.")
    everything = recorded(home.snapshot)
    yield dg.MaterializeResult(
        asset_key=raw_key(CHECK_RESULTS),
        metadata={
            "dagster/row_count": len(everything),
            "by_status": dict(Counter(row["status"] for row in everything)),
        },
    )
