"""Everything Dagster loads: assembly only."""

import dagster as dg

from orchestration.checks import check_results
from orchestration.jobs import ingest_job, refresh_job
from orchestration.publish import published
from orchestration.raw_assets import SOURCE_ASSETS
from orchestration.resources import Workspace
from orchestration.snapshot import raw_tables
from orchestration.warehouse import data_quality, warehouse

defs = dg.Definitions(
    assets=[*SOURCE_ASSETS, raw_tables, warehouse, check_results, data_quality, published],
    jobs=[refresh_job, ingest_job],
    resources={"workspace": Workspace()},
    # One process does all steps: only one may write the candidate, and each process would pay for its imports.
    executor=dg.in_process_executor,
)
