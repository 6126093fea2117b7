"""The two jobs: the whole refresh, and the reading of single years."""

import dagster as dg

from orchestration.raw_assets import SOURCE_ASSETS

refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="Find, land and read files, build and check the marts, publish them. One at a time.",
)

ingest_job = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.assets(*SOURCE_ASSETS),
    description="Land and read the files of one source and one year or wave; publishes nothing.",
)
