"""The last step: what passed every check becomes a publication, all at once."""

import json
import logging
import shutil
from dataclasses import asdict
from datetime import UTC, date, datetime

import dagster as dg
import duckdb
import pyarrow.parquet as pq

from expectations import data_docs
from expectations.results import ERROR
from orchestration import bill_of_materials, candidate, diffing, door, publication, reuse
from orchestration.check_record import recorded
from orchestration.failures import blocked
from orchestration.home import Home
from orchestration.raw_assets import OWNER
from orchestration.release_calendar import standings
from orchestration.resources import Workspace
from orchestration.snapshot import inputs_key, relations, releases_of
from orchestration.version import code_version
from orchestration.warehouse import PROJECT, data_quality

log = logging.getLogger("prevention")

RUN_WHOLE = "What to do: run the job “refresh” (or `prevention refresh --rebuild`), which builds and checks everything."
SHOWN_INPUT_FIELDS = (
    *("release_id", "release_of", "source", "financial_year", "file", "sha256", "edition"),
    *("is_verified", "is_serving", "rows", "rejects"),
)
SHOWN_CHECK_FIELDS = ("severity", "status", "compared", "expected", "observed", "difference")


@dg.asset(
    key=["published", "warehouse"],
    deps=[data_quality],
    group_name="publication",
    owners=[OWNER],
    kinds={"duckdb", "parquet"},
    description=(
        "The publication readers see: database, Parquet of every mart, workbook, data package, report, manifest, "
        "bill of materials; swapped in by one rename"
    ),
)
def published(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    """Write everything of a publication beside the published one, then put it in its place."""
    home = workspace.own_candidate
    checks = audited(home)
    log.info("writing the publication")
    folder = home.candidate / "publication"
    if folder.exists():
        shutil.rmtree(folder)
    unchanged = None if workspace.rebuild else reuse.as_published(home)
    tables = publication.write_tables(home.candidate_database, folder, described_marts(), unchanged)
    manifest = _manifest(home, tables, checks)
    publication.write_meta(folder, manifest)
    _report(home, folder, manifest)
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    bill_of_materials.write(folder, datetime.fromisoformat(manifest["published_at"]))
    publication.publish(folder, home, manifest["publication_id"])
    reuse.note_published(home, manifest["publication_id"], tables)
    # The tables as built stay for whoever wants to look behind a mart, or to build one model again.
    candidate.forget_older(home)
    return dg.MaterializeResult(
        metadata={
            "publication_id": manifest["publication_id"],
            "folder": dg.MetadataValue.path(home.publications / manifest["publication_id"]),
            "tables": len(tables),
            "rows": sum(table.rows for table in tables),
            "warnings": dg.MetadataValue.json(manifest["warnings"]),
        }
    )


def described_marts() -> dict[str, tuple[str, dict[str, str]]]:
    """Description of every mart and of its columns, as the dbt YAML has them."""
    nodes = json.loads(PROJECT.manifest_path.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: (node["description"], {c["name"]: c["description"] for c in node["columns"].values()})
        for node in nodes
        if node["resource_type"] == "model" and node["schema"] == publication.MARTS
    }


def audited(home: Home) -> list[dict]:
    """What every check found on the candidate, when it is one that may be published.

    Raises dg.Failure when a blocking check failed, was not run on it, or was run by code that has changed since.
    """
    checks = recorded(home.snapshot)
    present = code_version()
    found = {check["check_name"] for check in checks}
    failing = [check for check in checks if check["severity"] == ERROR and check["status"] == "fail"]
    missing = sorted(_required() - found)
    if not home.candidate_database.exists() or missing:
        named = f", for example {missing[0]}" if missing else ""
        what = f"{len(missing)} checks have not been run on the candidate{named}. "
        raise blocked("This candidate has not been audited; nothing was published.", [what + RUN_WHOLE])
    if failing:
        words = [f"{check['check_name']}: {check['detail']}" for check in failing]
        raise blocked("Checks of this candidate do not hold; nothing was published.", words)
    if any(check["code_version"] != present for check in checks):
        what = f"It was built by other code than the present ({present}). "
        raise blocked("This candidate is out of date; nothing was published.", [what + RUN_WHOLE])
    return checks


def _required() -> set[str]:
    """Every dbt test of the project."""
    nodes = json.loads(PROJECT.manifest_path.read_text(encoding="utf-8"))["nodes"].values()
    return {node["name"] for node in nodes if node["resource_type"] == "test"}


def _manifest(home: Home, tables: list[publication.PublishedTable], checks: list[dict]) -> dict:
    releases = releases_of(home.snapshot)
    inputs = releases.to_pylist()
    key = inputs_key(releases)
    now = datetime.now(UTC)
    return {
        "publication_id": f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{key[:8]}",
        "published_at": now.isoformat(timespec="seconds"),
        "code_version": code_version(),
        "is_sample": bool(inputs) and all(row["is_sample"] for row in inputs),
        "inputs_key": key,
        "inputs": [{field: row[field] for field in SHOWN_INPUT_FIELDS} for row in inputs],
        "tables": [asdict(table) for table in tables],
        "checks": [
            {"name": check["check_name"]} | {field: check[field] for field in SHOWN_CHECK_FIELDS} for check in checks
        ],
        "warnings": _warnings(home, checks),
        "rejects": _rejects(home),
        "calendar": _calendar(home, inputs, now.date()),
    }


def _calendar(home: Home, inputs: list[dict], today: date) -> list[dict]:
    """Where every published series stands on the day of publication; the fictional files are of no series."""
    is_published = any(not row["is_sample"] for row in inputs)
    return [asdict(one) for one in standings(home.landing, today)] if is_published else []


def _warnings(home: Home, checks: list[dict]) -> list[str]:
    """What readers should know although nothing was blocked: files set aside, checks that warn."""
    problems = pq.read_table(home.snapshot / "file_problems").to_pylist()
    texts = [row["problem"] for row in problems]
    texts += [text for check in checks for text in check["warning"].splitlines()]
    return texts


def _rejects(home: Home) -> list[dict]:
    """Rejected rows by edition and reason."""
    found = duckdb.sql(
        f"""select release_id, count(*) as rows, reason from {relations(home.snapshot)["rejects"]}
            group by release_id, reason order by all"""
    )
    return [dict(zip(("release_id", "rows", "reason"), row, strict=True)) for row in found.fetchall()]


def _report(home: Home, folder, manifest: dict) -> None:
    from ingest.submitted.service_maps import map_layout
    from orchestration import model_docs
    from reporting import build

    earlier = home.published / "warehouse.duckdb"
    previous = earlier if earlier.exists() else None
    before = home.published_id()
    causes = diffing.causes(publication.manifest_of(home, before), manifest) if before else []
    docs = home.candidate / door.DATA_DOCS
    described = {
        **manifest,
        "model_docs": model_docs.PLACE,
        "data_docs": f"{door.DATA_DOCS}/{data_docs.INDEX}" if docs.exists() else "",
        "causes": causes,
        "map_layout": map_layout.headers(),
    }
    build.build(folder / "warehouse.duckdb", folder, publication=described, previous=previous)
    model_docs.write(PROJECT.manifest_path, folder / "warehouse.duckdb", folder / "report")
    if docs.exists():
        shutil.copytree(docs, folder / "report" / door.DATA_DOCS)
