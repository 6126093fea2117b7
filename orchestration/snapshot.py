"""The raw tables of one refresh: exactly the editions in force, laid out for dbt and checked.

When nothing has changed since what is published was built, the refresh ends here and says so.
"""

import hashlib
import json
import logging
from dataclasses import asdict, replace
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from expectations import run
from expectations.suites import RAW, Suite
from ingest import catalogue, land
from ingest.catalogue import Source
from ingest.land import Edition, Receipt
from ingest.submitted import reliability
from ingest.tables import TABLES, RawTable
from orchestration.home import Home
from orchestration.project import digest_of
from orchestration.raw_assets import OWNER, source_key
from orchestration.resources import Workspace
from orchestration.stopping import as_dagster, stop_on
from orchestration.version import code_version

log = logging.getLogger("prevention")

MADE_LATER = "check_results"

# The raw tables each reader fills; every source can fill `rejects` and is listed in `releases`.
FILLED_BY = {
    "revenue_account": {"finance_cells"},
    "revenue_outturn": {"finance_cells"},
    "ascof": {"ascof_cells"},
    "ascof_stack": {"ascof_cells"},
    "lga_extract": {"ascof_cells"},
    "population": {"population_cells"},
    "deflators": {"deflators"},
    "deprivation": {"deprivation_cells"},
    "asc_fr": {"asc_fr_cells"},
    "council_registry": {"council_register", "council_name_variants"},
    "cassr_codes": {"cassr_codes"},
    "area_lookup": {"area_lookup"},
    "nearest_neighbours": {"nearest_neighbours"},
    "service_map": {"service_map_lines", "service_map_tiers", "service_map_targets"},
    "ledger": {"ledger_lines"},
    "coding_sheet": {"codings", "coding_reliability"},
}
OF_ALL = {"releases", "rejects"}


def _feeds(source: Source, table: RawTable) -> bool:
    return table.name in OF_ALL or table.name in FILLED_BY[source.reader]


def raw_key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", table])


def relations(home: Home) -> dict[str, str]:
    """Every raw table of the snapshot as an expression SQL can read from."""
    return {name: f"read_parquet('{home.snapshot / name}/*.parquet')" for name in TABLES}


def in_force(home: Home, is_sample: bool) -> list[tuple[Edition, Receipt]]:
    """Every landed edition of the real (or the sample) sources that has been read by the present code."""
    taken = []
    for edition in land.editions(home.landing):
        receipt = land.receipt_of(edition, home.raw) if edition.release.source.is_sample == is_sample else None
        if receipt is not None:
            taken.append((edition, receipt))
    return taken


def inputs_key(taken: list[tuple[Edition, Receipt]]) -> str:
    """What the marts are a function of: the editions, their order, and all code."""
    parts = sorted(f"{edition.release_id} {edition.order} {receipt.ingest_key}" for edition, receipt in taken)
    return hashlib.sha256("\n".join([code_version(), *parts]).encode()).hexdigest()


def inputs_of(taken: list[tuple[Edition, Receipt]]) -> list[dict]:
    """The inputs as the manifest lists them."""
    serving = land.served([edition for edition, _ in taken])
    return [
        {
            "release_id": edition.release_id,
            "release_of": edition.release.release_id,
            "source": edition.release.source.name,
            "financial_year": edition.release.financial_year,
            "file": edition.release.file,
            "sha256": edition.sha256,
            "edition": edition.label,
            "is_verified": edition.is_verified,
            "is_serving": edition.release_id in serving,
            "rows": sum(receipt.rows.values()),
            "rejects": receipt.rejects,
        }
        for edition, receipt in sorted(taken, key=lambda pair: pair[0].release_id)
    ]


def published_inputs_key(home: Home) -> str | None:
    """The inputs key of what is published, or none when it is missing or not whole."""
    manifest = home.published / "manifest.json"
    if not manifest.exists() or not (home.published / "warehouse.duckdb").exists():
        return None
    return json.loads(manifest.read_text(encoding="utf-8")).get("inputs_key")


def _subject(suite: Suite) -> dg.AssetKey:
    return raw_key(suite.subject.removeprefix("raw."))


@dg.multi_asset(
    name="raw_tables",
    specs=[
        dg.AssetSpec(
            raw_key(table.name),
            deps=[source_key(source.name) for source in catalogue.load().sources.values() if _feeds(source, table)],
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
        if table.name != MADE_LATER
    ],
    check_specs=[dg.AssetCheckSpec(suite.name, asset=_subject(suite), description=suite.meaning) for suite in RAW],
    can_subset=False,
)
def raw_tables(context: dg.AssetExecutionContext, workspace: Workspace):
    """Lay out the raw files of this refresh, and let the expectation suites look at them."""
    home = workspace.paths
    taken = in_force(home, workspace.inputs.is_sample)
    key = inputs_key(taken)
    if key == published_inputs_key(home) and not workspace.rebuild:
        log.info("nothing has changed since publication %s: it stands, nothing was built", home.published_id())
        for suite in RAW:
            note = {"note": f"inputs and code unchanged since publication {home.published_id()}, for which it held"}
            yield dg.AssetCheckResult(asset_key=_subject(suite), check_name=suite.name, passed=True, metadata=note)
        return
    log.info("checking the raw tables of %s editions", len(taken))
    made = {"releases": land.releases_table(taken), "coding_reliability": _agreement(home, taken)}
    land.snapshot(taken, home.raw, home.snapshot, made)
    note = {"inputs_key": key, "is_sample": workspace.inputs.is_sample, "inputs": inputs_of(taken)}
    note["rejects"] = _rejects(home)
    land.write_text_atomically(home.candidate / "inputs.json", json.dumps(note, ensure_ascii=False))

    results = run.run(RAW, relations(home))
    land.write_text_atomically(
        home.candidate / "checks" / "raw.json", json.dumps([asdict(r) for r in results], ensure_ascii=False)
    )
    for suite in RAW:
        found = [r for r in results if r.name.startswith(f"{suite.name}__")]
        worst = max(found, key=lambda r: (r.is_blocking, r.status in ("warn", "fail")))
        summary = replace(worst, compared=max(r.compared for r in found))
        yield as_dagster(summary, _subject(suite), suite.name)
    stop_on(results, "The raw tables do not meet their expectations; nothing was built.")
    for name, table in TABLES.items():
        if name != MADE_LATER:
            rows = sum(receipt.rows.get(name, 0) for _, receipt in taken)
            rows = made[name].num_rows if name in made else rows
            yield dg.MaterializeResult(
                asset_key=raw_key(table.name), metadata={"dagster/row_count": rows, "editions": len(taken)}
            )


def _agreement(home: Home, taken: list[tuple[Edition, Receipt]]) -> pa.Table:
    """How far coders agree, computed once for one set of coding sheets: the resampling takes seconds."""
    sheets = sorted(f"{e.order} {receipt.ingest_key}" for e, receipt in taken if "codings" in receipt.files)
    key = hashlib.sha256("\n".join([digest_of(Path(reliability.__file__).parent), *sheets]).encode()).hexdigest()
    kept = home.raw / "derived" / f"coding_reliability-{key[:16]}.parquet"
    if not kept.exists():
        land.write_parquet(reliability.of_served(taken, home.raw), kept)
    return pq.read_table(kept)


def _rejects(home: Home) -> list[dict]:
    """Rejected rows by edition and reason, as the manifest lists them."""
    found = duckdb.sql(
        f"""select release_id, count(*) as rows, reason from {relations(home)["rejects"]}
            group by release_id, reason order by all"""
    )
    return [dict(zip(("release_id", "rows", "reason"), row, strict=True)) for row in found.fetchall()]
