"""The raw tables of one refresh: exactly the editions in force, laid out for dbt and checked.

When nothing has changed since what is published was built, the refresh ends here and says so.
"""

import hashlib
import json
import logging
from pathlib import Path

import dagster as dg
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest import land
from ingest.catalogue import Source
from ingest.land import Edition, Receipt
from ingest.reading import fills
from ingest.submitted.codings import codebook, quotations
from ingest.tables import TABLES, RawTable, to_arrow
from orchestration import candidate, door, reuse
from orchestration.check_record import CHECK_RESULTS, record
from orchestration.derived import reliability
from orchestration.failures import as_dagster, stop_on
from orchestration.home import Home, sql_text
from orchestration.project import digest_of
from orchestration.raw_assets import OWNER, PROBLEMS, SOURCES, source_key
from orchestration.resources import Workspace
from orchestration.version import code_version

log = logging.getLogger("prevention")

# The raw tables each reader fills; every source can fill `rejects` and is listed in `releases`.
FILLED_BY = {source.reader: fills(source) for source in SOURCES}
# What coders' agreement is worked out by.
AGREEMENT_CODE = (Path(reliability.__file__).parent, Path(codebook.__file__).parent)
OF_ALL = {"releases", "rejects", "file_problems"}


def _feeds(source: Source, table: RawTable) -> bool:
    return table.name in OF_ALL or table.name in FILLED_BY[source.reader]


def raw_key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", table])


def relations(snapshot: Path) -> dict[str, str]:
    """Every raw table of a snapshot as an expression SQL can read from."""
    return {name: f"read_parquet({sql_text(snapshot / name / '*.parquet')})" for name in TABLES}


def in_force(home: Home, is_sample: bool) -> list[tuple[Edition, Receipt]]:
    """Every landed edition of the real (or the sample) sources that has been read by the present code."""
    taken = []
    for edition in land.editions(home.landing):
        receipt = land.receipt_of(edition, home.raw) if edition.release.source.is_sample == is_sample else None
        if receipt is not None:
            taken.append((edition, receipt))
    return taken


def inputs_key(releases: pa.Table) -> str:
    """What the marts are a function of: the editions, their order, and all code."""
    parts = sorted(f"{row['release_id']} {row['edition_order']} {row['ingest_key']}" for row in releases.to_pylist())
    return hashlib.sha256("\n".join([code_version(), *parts]).encode()).hexdigest()


def releases_of(snapshot: Path) -> pa.Table:
    """The editions that a snapshot holds, as its raw table `releases` lists them."""
    return pq.read_table(snapshot / "releases" / "0.parquet")


def published_inputs_key(home: Home) -> str | None:
    """The inputs key of what is published, or none when it is missing or not whole."""
    manifest = home.published / "manifest.json"
    if not manifest.exists() or not (home.published / "warehouse.duckdb").exists():
        return None
    return json.loads(manifest.read_text(encoding="utf-8")).get("inputs_key")


@dg.multi_asset(
    name="raw_tables",
    specs=[
        dg.AssetSpec(
            raw_key(table.name),
            deps=[source_key(source.name) for source in SOURCES if _feeds(source, table)],
            description=f"One row is a {table.grain}",
            group_name="raw",
            owners=[OWNER],
            kinds={"parquet"},
            skippable=True,
            metadata={
                "dagster/column_schema": dg.TableSchema(
                    [dg.TableColumn(name, str(kind), description=meaning) for name, kind, meaning in table.columns]
                )
            },
        )
        for table in TABLES.values()
        if table.name != CHECK_RESULTS
    ],
    check_specs=[
        dg.AssetCheckSpec(name, asset=raw_key(table), description=meaning) for name, table, meaning in door.CHECKS
    ],
    can_subset=False,
)
def raw_tables(context: dg.AssetExecutionContext, workspace: Workspace):
    """Lay out the raw files of this refresh, and let the expectation suites look at them."""
    home = workspace.paths
    taken = in_force(home, workspace.inputs.is_sample)
    releases = land.releases_table(taken)
    if inputs_key(releases) == published_inputs_key(home) and not workspace.rebuild:
        log.info("nothing has changed since publication %s: it stays as it is, nothing was built", home.published_id())
        for name, table, _ in door.CHECKS:
            note = {"note": f"inputs and code unchanged since publication {home.published_id()}, for which it held"}
            yield dg.AssetCheckResult(asset_key=raw_key(table), check_name=name, passed=True, metadata=note)
        return
    log.info("checking the raw tables of %s editions", len(taken))
    made = {
        "releases": releases,
        "coding_reliability": _agreement(home, taken, workspace.inputs.is_sample),
        "quotation_checks": quotations.of_served(taken, home.raw),
        "file_problems": _problems(context.instance),
    }
    folder = workspace.new_candidate
    snapshot = folder / home.snapshot.name
    land.snapshot(taken, home.raw, snapshot, made)

    results = door.check(folder, snapshot, relations(snapshot), FILLED_BY)
    record(snapshot, results)
    for name, about, verdict in door.verdicts(results):
        yield as_dagster(verdict, raw_key(about), name)
    stop_on(results, "The raw tables do not meet their expectations; nothing was built.")
    if not workspace.rebuild:
        reuse.take_over(home, folder)
    # From here on: raw tables that do not hold never take the place of those that did.
    candidate.use(home, folder)
    for name in TABLES:
        if name != CHECK_RESULTS:
            rows = sum(receipt.rows.get(name, 0) for _, receipt in taken)
            rows = made[name].num_rows if name in made else rows
            yield dg.MaterializeResult(
                asset_key=raw_key(name), metadata={"dagster/row_count": rows, "editions": len(taken)}
            )


def _agreement(home: Home, taken: list[tuple[Edition, Receipt]], is_sample: bool) -> pa.Table:
    """How far coders agree, computed once for one set of coding sheets: the resampling takes seconds."""
    sheets = sorted(f"{e.order} {receipt.ingest_key}" for e, receipt in taken if "codings" in receipt.files)
    key = hashlib.sha256("\n".join([*map(digest_of, AGREEMENT_CODE), *sheets]).encode()).hexdigest()
    kept = home.raw / "derived" / f"coding_reliability-{key[:16]}.parquet"
    if not kept.exists():
        with codebook.with_files(land.in_force(home.landing, codebook.FOLDER, is_sample)):
            land.write_parquet(reliability.of_served(taken, home.raw), kept)
    return pq.read_table(kept)


def _problems(instance: dg.DagsterInstance) -> pa.Table:
    """What could not be read when each source was last looked at, as its event says."""
    rows = []
    for source in SOURCES:
        event = instance.get_latest_materialization_event(source_key(source.name))
        noted = event.asset_materialization.metadata.get(PROBLEMS) if event and event.asset_materialization else None
        problems = noted.value if isinstance(noted, dg.JsonMetadataValue) else []
        rows += [{"source": source.name, "problem": str(text)} for text in problems or []]
    table = TABLES["file_problems"]
    return to_arrow(table, pd.DataFrame(rows, columns=table.schema.names))
