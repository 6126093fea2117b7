"""The last step: what passed every check becomes a publication, all at once."""

import json
import logging
from dataclasses import asdict
from datetime import UTC, datetime

import dagster as dg

from orchestration import diffing, publication
from orchestration.home import Home
from orchestration.raw_assets import OWNER
from orchestration.resources import Workspace
from orchestration.version import code_version
from orchestration.warehouse import PROJECT, checks_of, data_quality

log = logging.getLogger("prevention")

SHOWN_CHECK_FIELDS = ("name", "severity", "status", "compared", "expected", "observed", "difference")


@dg.asset(
    key=["published", "warehouse"],
    deps=[data_quality],
    group_name="publication",
    owners=[OWNER],
    kinds={"duckdb", "parquet"},
    description=(
        "The publication readers see: database, Parquet of every mart, workbook, data package, report, manifest; "
        "swapped in by one rename"
    ),
)
def published(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    """Write everything of a publication beside the published one, then put it in its place."""
    log.info("writing the publication")
    home = workspace.paths
    folder = home.candidate / "publication"
    tables = publication.write_tables(home.candidate_database, folder, described_marts())
    manifest = _manifest(home, tables)
    publication.write_meta(folder, manifest)
    _report(home, folder, manifest)
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    publication.publish(folder, home, manifest["publication_id"])
    # The tables as built stay for whoever wants to look behind a mart; without this note they count as left over.
    (home.candidate / "inputs.json").unlink()
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


def _manifest(home: Home, tables: list[publication.PublishedTable]) -> dict:
    noted = json.loads((home.candidate / "inputs.json").read_text(encoding="utf-8"))
    checks = [asdict(result) for result in checks_of(home.candidate / "checks")]
    now = datetime.now(UTC)
    return {
        "publication_id": f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{noted['inputs_key'][:8]}",
        "published_at": now.isoformat(timespec="seconds"),
        "code_version": code_version(),
        "is_sample": noted["is_sample"],
        "inputs_key": noted["inputs_key"],
        "inputs": noted["inputs"],
        "tables": [asdict(table) for table in tables],
        "checks": [{field: check[field] for field in SHOWN_CHECK_FIELDS} for check in checks],
        "warnings": _warnings(home, checks),
        "rejects": noted["rejects"],
    }


def _warnings(home: Home, checks: list[dict]) -> list[str]:
    """What readers should know although nothing was blocked: files set aside, checks that warn."""
    texts = []
    for note in sorted((home.candidate / "sources").glob("*.json")):
        texts += json.loads(note.read_text(encoding="utf-8"))["problems"]
    texts += [
        f"{check['name']} ({check['subject']}): expected {check['expected']}, observed {check['observed']}"
        for check in checks
        if check["status"] == "warn"
    ]
    return texts


def _report(home: Home, folder, manifest: dict) -> None:
    from ingest.submitted import map_layout
    from orchestration import model_docs
    from reporting import build

    earlier = home.published / "warehouse.duckdb"
    previous = earlier if earlier.exists() else None
    before = home.published_id()
    causes = diffing.causes(publication.manifest_of(home, before), manifest) if before else []
    described = {**manifest, "model_docs": model_docs.PLACE, "causes": causes, "map_layout": map_layout.headers()}
    build.build(folder / "warehouse.duckdb", folder, publication=described, previous=previous)
    model_docs.write(PROJECT.manifest_path, folder / "warehouse.duckdb", folder / "report", home.snapshot)
