"""The graph as whoever presses "Materialize" meets it: what is selected is built, from what is there, nothing else."""

import shutil

import dagster as dg
import pytest

from orchestration.home import Home

pytestmark = pytest.mark.slow

TIER = dg.AssetKey(["marts", "dim_tier"])
PUBLISHED = dg.AssetKey(["published", "warehouse"])


@pytest.fixture(scope="module")
def home(refreshed, tmp_path_factory):
    """A refreshed home that these tests change one after another."""
    folder = tmp_path_factory.mktemp("graph") / "home"
    shutil.copytree(refreshed, folder, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREVENTION_HOME", str(folder))
        yield Home(folder)


@pytest.fixture(scope="module")
def instance():
    with dg.instance_for_test() as made:
        yield made


def part_of_the_graph() -> dg.JobDefinition:
    """The job of a refresh, of which each test runs the assets it names."""
    from orchestration.definitions import defs

    return defs.resolve_job_def("refresh")


def materialise(instance, home, *keys, raise_on_error=True):
    from orchestration.resources import Workspace

    return part_of_the_graph().execute_in_process(
        asset_selection=list(keys),
        run_config=dg.RunConfig(resources={"workspace": Workspace(home=str(home.root))}),
        instance=instance,
        raise_on_error=raise_on_error,
    )


def built(result) -> set[dg.AssetKey]:
    return {event.asset_key for event in result.get_asset_materialization_events()}


def test_one_model_is_built_from_what_is_there_with_its_tests_and_one_event(home, instance):
    before = home.candidate.resolve()
    kept = (before / "warehouse.duckdb").stat().st_mtime_ns
    result = materialise(instance, home, TIER)
    assert built(result) == {TIER}
    checks = {event.asset_check_key for event in result.get_asset_check_evaluations()}
    assert checks
    assert {key.asset_key for key in checks} == {TIER}
    (event,) = result.get_asset_materialization_events()
    assert event.materialization.metadata["dagster/row_count"].value > 3
    assert home.candidate.resolve().name == result.run_id
    assert (before / "raw").is_dir(), "the folder of the run before stays"
    assert (before / "warehouse.duckdb").stat().st_mtime_ns == kept


def test_a_model_that_fails_its_test_is_not_published_and_the_run_is_taken_up_where_it_failed(
    home, instance, monkeypatch
):
    from orchestration import publication, publish

    published = home.published_id()
    monkeypatch.setattr(publish, "_report", lambda *_: None)

    def full_disk(*_):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publication, "publish", full_disk)
        failed = materialise(instance, home, TIER, PUBLISHED, raise_on_error=False)
    assert not failed.success
    assert home.published_id() == published
    folder = home.candidate.resolve()

    again = dg.execute_job(
        dg.reconstructable(part_of_the_graph),
        instance=instance,
        reexecution_options=dg.ReexecutionOptions.from_failure(failed.run_id, instance),
        run_config={"resources": {"workspace": {"config": {"home": str(home.root)}}}},
    )
    assert again.success
    assert {event.asset_key for event in again.filter_events(lambda e: e.is_step_materialization)} == {PUBLISHED}
    assert home.candidate.resolve() == folder, "it went on in the folder of the run that failed"
    assert home.published_id() != published


def test_a_candidate_that_was_not_audited_whole_is_not_published(home, instance):
    from orchestration.check_record import CHECK_RESULTS, recorded

    before = home.published_id()
    held = recorded(home.snapshot)
    assert len(held) > 200
    (home.snapshot / CHECK_RESULTS / "0.parquet").unlink()
    result = materialise(instance, home, PUBLISHED, raise_on_error=False)
    assert not result.success
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    said = failure.event_specific_data.user_failure_data.description
    assert "has not been audited" in said
    assert "run the job “refresh”" in said
    assert home.published_id() == before


def test_without_raw_tables_it_says_what_to_run(instance, tmp_path, monkeypatch):
    monkeypatch.setenv("PREVENTION_HOME", str(tmp_path))
    result = materialise(instance, Home(tmp_path), TIER, raise_on_error=False)
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    assert "holds no raw tables" in failure.event_specific_data.user_failure_data.description


def test_a_partition_of_a_source_reads_that_year_and_touches_no_candidate(home, instance):
    key = dg.AssetKey(["source", "mhclg_revenue_account"])
    before = home.candidate.resolve()
    from orchestration.resources import Workspace

    result = part_of_the_graph().execute_in_process(
        asset_selection=[key],
        partition_key="2021-22",
        run_config=dg.RunConfig(resources={"workspace": Workspace(home=str(home.root))}),
        instance=instance,
    )
    (event,) = result.get_asset_materialization_events()
    assert (event.asset_key, event.partition) == (key, "2021-22")
    assert home.candidate.resolve() == before
