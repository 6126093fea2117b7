"""The dbt models as assets, built in the candidate database in this process, and their tests as checks.

Materialising one model, or any selection, builds just that, with the tests that hang on it, from the raw tables and
models the candidate holds. Each event reaches Dagster when dbt has finished with the model or test.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from expectations.results import CheckResult
from orchestration.check_record import record
from orchestration.check_rules import rule_of
from orchestration.dbt_run import Built, DbtFailed, NotBuilt
from orchestration.engine import Engine
from orchestration.failures import as_dagster, blocked, stop_on
from orchestration.progress import Progress
from orchestration.project import dbt_project
from orchestration.raw_assets import OWNER
from orchestration.resources import Workspace

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
def warehouse(context: dg.AssetExecutionContext, workspace: Workspace, engine: Engine):
    """Seeds, staging, intermediate and marts, with every test; a test that does not hold stops the refresh."""
    yield from _built(context, workspace, engine, "--exclude", LAST_MODEL)


@dbt_assets(manifest=PROJECT.manifest_path, project=PROJECT, dagster_dbt_translator=TRANSLATOR, select=LAST_MODEL)
def data_quality(context: dg.AssetExecutionContext, workspace: Workspace):
    """The mart that lists every check of the refresh, built when all others have been run."""
    # One small table, of what this process has seen itself: no cluster is started for it.
    yield from _built(context, workspace, Engine(), "--select", LAST_MODEL)


def _built(context: dg.AssetExecutionContext, workspace: Workspace, engine: Engine, *whole: str) -> Iterator:
    home = workspace.own_candidate
    selection = _selected(context) if context.is_subset else whole
    log.info("building %s and running its tests", "what was selected" if context.is_subset else context.op.name)
    # The keys of this run alone: a test may look at a table that is not built in it.
    checks = {key.name: key.asset_key for key in context.selected_asset_check_keys}
    errors: list[str] = []
    results: list[CheckResult] = []
    progress = Progress(len(context.selected_asset_keys) + len(checks), "models and checks done")
    try:
        for found in engine.build(home, *selection, leave_unchanged=not context.is_subset):
            progress.one_done()
            if isinstance(found, NotBuilt):
                errors.append(found.message)
            elif isinstance(found, Built):
                yield _materialized(found)
            else:
                results.append(found)
                if found.name in checks:
                    yield as_dagster(found, checks[found.name])
    except DbtFailed as error:
        raise blocked("dbt could not build the warehouse; nothing was published.", [str(error)]) from error
    record(home.snapshot, results)
    if errors:
        raise blocked("Models could not be built; nothing was published.", errors)
    stop_on(results, "Checks of the warehouse do not hold; nothing was published.")


def _selected(context: dg.AssetExecutionContext) -> list[str]:
    """The selected models and tests by name; no test that looks at something else besides is drawn in."""
    models = [key.path[-1] for key in context.selected_asset_keys]
    tests = [key.name for key in context.selected_asset_check_keys]
    return ["--select", *sorted(models), *sorted(tests), "--indirect-selection", "empty"]


def _materialized(built: Built) -> dg.MaterializeResult:
    metadata: dict[str, Any] = {"seconds": round(built.seconds, 3)}
    if built.rows is not None:
        metadata["dagster/row_count"] = built.rows
    return dg.MaterializeResult(asset_key=dg.AssetKey([built.schema, built.name]), metadata=metadata)
