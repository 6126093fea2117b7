"""What the report says of the marts beside what the models say: the same keys, every mart with one."""

from pathlib import Path

import yaml

from reporting import catalogue

MODELS = Path(__file__).parents[2] / "dbt_project" / "models"


def declared_keys() -> dict[str, set[str]]:
    """The key of every mart as its YAML tests it: a key over columns, or one unique column."""
    found = {}
    for path in MODELS.rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            if not model["name"].startswith(("dim_", "fct_", "mart_")):
                continue
            for test in model.get("data_tests", []):
                if "unique_key" in test:
                    found[model["name"]] = set(test["unique_key"]["arguments"]["columns"])
            for column in model["columns"]:
                if any("unique" in test for test in column.get("data_tests", [])):
                    found.setdefault(model["name"], {column["name"]})
    return found


def test_the_report_knows_the_keys_that_the_models_test():
    declared = declared_keys()
    assert len(declared) > 15
    said = {table: set(key) for table, key in catalogue.KEYS.items() if table in declared}
    assert said == {table: declared[table] for table in said}
    assert set(catalogue.KEYS) <= set(declared)
