"""The page of models: filled from manifest and tables, with no path of the machine it was made on."""

import json

import duckdb
import pytest

from orchestration import model_docs


@pytest.fixture
def made(tmp_path):
    manifest = {
        "metadata": {"project_name": "prevention", "generated_at": "now", "invocation_id": "x"},
        "nodes": {
            "model.prevention.dim_tier": {
                "resource_type": "model",
                "schema": "marts",
                "name": "dim_tier",
                "root_path": str(tmp_path),
                "description": "A tier </script><script>window.broken=1</script>",
            }
        },
        "sources": {"source.prevention.raw.x": {"relation_name": "read_parquet('raw/x/*.parquet')"}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("create schema marts; create table marts.dim_tier (tier varchar, tier_order integer)")
    path = model_docs.write(tmp_path / "manifest.json", tmp_path / "warehouse.duckdb", tmp_path / "report")
    return tmp_path, path.read_text(encoding="utf-8")


def test_the_page_has_the_models_and_the_types_of_their_columns(made):
    folder, page = made
    assert (folder / "report" / model_docs.PLACE).exists()
    assert '"model.prevention.dim_tier"' in page and '"type": "INTEGER"' in page
    assert "INLINE DATA" not in page


def test_no_path_of_this_machine_and_no_moment_is_published(made):
    folder, page = made
    assert str(folder) not in page and "generated_at" not in page
    assert "read_parquet('raw/x/*.parquet')" in page


def test_a_description_cannot_end_the_script(made):
    assert "</script><script>window.broken" not in made[1]


def test_the_sql_stands_folded(made):
    assert made[1].index("Show the SQL") < made[1].index("</head>")
