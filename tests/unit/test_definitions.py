"""The asset graph: one way through, partitions, checks, and no figure that changes when nothing has."""

import pytest

from ingest import catalogue


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREVENTION_HOME", str(tmp_path_factory.mktemp("home")))
        from orchestration.definitions import defs

        yield defs


@pytest.fixture(scope="module")
def graph(definitions):
    return definitions.resolve_asset_graph()


def test_the_jobs_can_be_made(definitions):
    assert "published__warehouse" in definitions.resolve_job_def("refresh").graph.node_dict
    assert "published__warehouse" not in definitions.resolve_job_def("ingest").graph.node_dict


def test_nothing_uses_the_network_until_somebody_says_so(definitions):
    import dagster as dg

    fetching = definitions.resolve_schedule_def("monthly_fetch")
    assert fetching.default_status == dg.DefaultScheduleStatus.STOPPED
    assert list(definitions.resolve_job_def("fetch").graph.node_dict) == ["bring_published_files"]
    assert "bring_published_files" not in definitions.resolve_job_def("refresh").graph.node_dict


def key(*parts):
    import dagster as dg

    return dg.AssetKey(list(parts))


@pytest.mark.parametrize("name", ["mhclg_revenue_account", "codings", "council_registry"])
def test_one_source_can_be_run_by_itself(definitions, name):
    subset = definitions.resolve_job_def("ingest").get_subset(asset_selection={key("source", name)})
    assert f"source__{name}" in subset.graph.node_dict
    assert "source__ons_population" not in subset.graph.node_dict


def test_every_source_is_an_asset_and_every_other_asset_comes_from_one(graph):
    sources = {key("source", source.name) for source in catalogue.load().sources.values() if not source.is_sample}
    assert {k for k in graph.get_all_asset_keys() if k.path[0] == "source"} == sources
    rootless = {
        k
        for k in graph.get_all_asset_keys()
        if not graph.get(k).parent_keys and k.path[0] not in ("source", "reference")
    }
    assert rootless == set()


def test_a_mart_hangs_on_the_sources_of_its_figures(graph):
    ancestors = graph.get_ancestor_asset_keys(key("core", "core_council_population"))
    assert key("source", "ons_population") in ancestors
    assert graph.get_ancestor_asset_keys(key("published", "warehouse")) >= ancestors


def test_a_mart_does_not_hang_on_sources_it_does_not_use(graph):
    ancestors = graph.get_ancestor_asset_keys(key("raw", "finance_cells"))
    assert key("source", "mhclg_revenue_account") in ancestors
    assert key("source", "ons_population") not in ancestors


@pytest.mark.parametrize(
    ("name", "partition"),
    [("mhclg_revenue_account", "2021-22"), ("codings", "2017"), ("council_registry", None)],
)
def test_partitions_are_years_waves_or_none(graph, name, partition):
    held = graph.get(key("source", name)).partitions_def
    assert (partition in held.get_partition_keys()) if partition else held is None


def test_everything_has_an_owner_a_group_and_words(graph):
    for asset in graph.asset_nodes:
        assert asset.owners, asset.key
        assert asset.group_name != "default", asset.key
        assert asset.description, asset.key


def test_groups_run_one_way(graph):
    """Data flows through the groups in this order."""
    order = [
        {"source_published", "source_submitted"},
        {"raw", "reference"},
        {"staging"},
        {"core"},
        {"intermediate"},
        {"marts"},
        {"audit"},
        {"publication"},
    ]
    groups = {k: graph.get(k).group_name for k in graph.get_all_asset_keys()}
    place = {k: next(i for i, names in enumerate(order) if group in names) for k, group in groups.items()}
    backwards = {
        (parent.to_user_string(), k.to_user_string())
        for k in place
        for parent in graph.get(k).parent_keys
        if place[parent] > place[k]
    }
    assert backwards == set()


def test_every_check_says_what_it_asks(definitions):
    checks = [spec for asset in definitions.assets for spec in asset.check_specs]
    assert len(checks) > 270
    assert [spec.name for spec in checks if not (spec.description or "").strip()] == []


def test_every_dbt_test_is_an_asset_check(graph):
    import json

    from orchestration.warehouse import PROJECT

    nodes = json.loads(PROJECT.manifest_path.read_text(encoding="utf-8"))["nodes"].values()
    tests = {node["name"] for node in nodes if node["resource_type"] == "test"}
    shown = {check.name for check in graph.asset_check_keys}
    assert len(tests) > 50
    assert tests - shown == set()
