"""The dbt models as assets, built in the candidate database in this process, and their tests as checks."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from expectations.results import CheckResult
from ingest.land import write_text_atomically
from orchestration.check_rules import rule_of
from orchestration.dbt_run import DbtFailed, DbtOutcome, build
from orchestration.project import dbt_project
from orchestration.raw_assets import OWNER
from orchestration.resources import Workspace
from orchestration.stopping import as_dagster, blocked, stop_on

log = logging.getLogger("prevention")

LAST_MODEL = "mart_data_quality"
PROJECT = dbt_project()


class Translator(DagsterDbtTranslator):
    """How the dbt project looks in the asset graph: keys and groups by layer, one owner."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the folder below `models` that the model lies in; seeds are the reference."""
        is_model = dbt_resource_props["resource_type"] == "model"
        return dbt_resource_props["fqn"][1] if is_model else dbt_resource_props["schema"]

    def get_asset_check_spec(self, asset_spec, manifest, unique_id, project) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=rule_of(manifest["nodes"][unique_id]))

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNER]

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**super().get_metadata(dbt_resource_props), "written_in": dbt_resource_props["original_file_path"]}


TRANSLATOR = Translator(
    settings=DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_source_tests_as_checks=True)
)


@dbt_assets(manifest=PROJECT.manifest_path, project=PROJECT, dagster_dbt_translator=TRANSLATOR, exclude=LAST_MODEL)
def warehouse(context: dg.AssetExecutionContext, workspace: Workspace):
    """Seeds, staging, intermediate and marts, with every test; a test that does not hold stops the refresh."""
    log.info("building the marts and running their tests")
    yield from _built(context, workspace, "warehouse", "--exclude", LAST_MODEL)


@dbt_assets(manifest=PROJECT.manifest_path, project=PROJECT, dagster_dbt_translator=TRANSLATOR, select=LAST_MODEL)
def data_quality(context: dg.AssetExecutionContext, workspace: Workspace):
    """The mart that lists every check of the refresh, built when all others have been run."""
    yield from _built(context, workspace, "data_quality", "--select", LAST_MODEL)


def _built(context: dg.AssetExecutionContext, workspace: Workspace, step: str, *selection: str) -> Iterator:
    home = workspace.paths
    try:
        outcome = build(home, *selection)
    except DbtFailed as error:
        raise blocked("dbt could not build the warehouse; nothing was published.", [str(error)]) from error
    note = home.candidate / "checks" / f"{step}.json"
    write_text_atomically(note, json.dumps([asdict(result) for result in outcome.checks], ensure_ascii=False))
    yield from _events(context, outcome)
    if outcome.errors:
        raise blocked("Models could not be built; nothing was published.", outcome.errors)
    stop_on(outcome.checks, "Checks of the warehouse do not hold; nothing was published.")


def _events(context: dg.AssetExecutionContext, outcome: DbtOutcome) -> Iterator:
    """Dagster's events for what was built and tested. A test no asset carries is still judged by the refresh."""
    keys = {key.name: key for key in context.assets_def.check_keys}
    for result in outcome.checks:
        if result.name in keys:
            yield as_dagster(result, keys[result.name].asset_key)
    for built in outcome.built:
        kind, _, *rest = built.unique_id.split(".")
        props = {"resource_type": kind, "schema": built.schema, "name": rest[-1]}
        metadata: dict[str, Any] = {"seconds": round(built.seconds, 3)}
        if built.rows is not None:
            metadata["dagster/row_count"] = built.rows
        yield dg.MaterializeResult(asset_key=TRANSLATOR.get_asset_key(props), metadata=metadata)


def checks_of(folder) -> list[CheckResult]:
    """Every check result the steps of this refresh have written so far, in name order."""
    found = [
        CheckResult(**row) for path in sorted(folder.glob("*.json")) for row in json.loads(path.read_text("utf-8"))
    ]
    return sorted(found, key=lambda result: (result.name, result.subject))
