"""Everything Dagster loads: assembly only."""

import dagster as dg

from orchestration.checks import check_results
from orchestration.engine import Engine
from orchestration.freshness import freshness
from orchestration.jobs import fetch_job, ingest_job, monthly_fetch, monthly_look, refresh_job, tell_of_lost_runs
from orchestration.publish import published
from orchestration.raw_assets import SOURCE_ASSETS
from orchestration.resources import Workspace
from orchestration.sensors import landing_folder, refresh_after_reading
from orchestration.snapshot import raw_tables
from orchestration.warehouse import data_quality, warehouse

defs = dg.Definitions(
    assets=[*SOURCE_ASSETS, raw_tables, warehouse, check_results, data_quality, published],
    asset_checks=[freshness],
    jobs=[refresh_job, ingest_job, fetch_job],
    schedules=[monthly_look, monthly_fetch],
    sensors=[landing_folder, refresh_after_reading, tell_of_lost_runs],
    resources={"workspace": Workspace(), "engine": Engine()},
    # One process does all steps: only one may write the candidate, and each process would pay for its imports.
    executor=dg.in_process_executor,
)
