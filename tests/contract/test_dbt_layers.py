"""The layers of the dbt project run one way, by dbt's own manifest: no edge runs back, no exception."""

import json
import re

import pytest

LAYERS = ("staging", "core", "intermediate", "marts", "audit")
PREFIXES = {
    "staging": ("stg_",),
    "core": ("dim_", "fct_", "core_"),
    "intermediate": ("int_",),
    "marts": ("mart_", "fct_"),
    "audit": ("mart_", "audit_"),
}


@pytest.fixture(scope="module")
def models() -> dict[str, dict]:
    from orchestration.project import dbt_project

    project = dbt_project()
    nodes = json.loads(project.manifest_path.read_text(encoding="utf-8"))["nodes"]
    return {key: node for key, node in nodes.items() if node["resource_type"] == "model"}


def layer(node: dict) -> str:
    return node["fqn"][1]


def test_every_model_lies_in_a_layer_and_is_named_for_it(models):
    assert len(models) > 80
    assert {layer(node) for node in models.values()} == set(LAYERS)
    wrong = [node["path"] for node in models.values() if not node["name"].startswith(PREFIXES[layer(node)])]
    assert wrong == []


def test_no_edge_runs_back(models):
    edges = [
        (parent, child) for child, node in models.items() for parent in node["depends_on"]["nodes"] if parent in models
    ]
    assert len(edges) > 150
    back = [
        f"{models[parent]['path']} is read by {models[child]['path']}"
        for parent, child in edges
        if LAYERS.index(layer(models[parent])) > LAYERS.index(layer(models[child]))
    ]
    assert back == []


def test_what_is_published_lies_in_core_marts_or_audit(models):
    published = {node["name"]: layer(node) for node in models.values() if node["schema"] == "marts"}
    assert len(published) > 30
    assert {name: at for name, at in published.items() if at not in ("core", "marts", "audit")} == {}


def test_the_front_page_of_the_model_docs_is_ours_and_leads_to_models_there_are(models):
    from orchestration.project import dbt_project

    docs = json.loads(dbt_project().manifest_path.read_text(encoding="utf-8"))["docs"]
    page = docs["doc.prevention.__overview__"]["block_contents"]
    linked = re.findall(r"#!/model/([\w.]+)", page)
    assert len(linked) > 15 and set(linked) <= set(models)
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == ["raw", *LAYERS]
