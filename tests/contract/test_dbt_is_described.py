"""Every model, seed and column is described, and every test has a name of its own."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from orchestration.model_docs import described_in

PROJECT = Path(__file__).parents[2] / "dbt_project"
YAMLS = sorted(p for folder in ("models", "seeds") for p in (PROJECT / folder).rglob("*.yml"))


@cache
def parsed(path: Path) -> dict:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}


@cache
def described(kind: str) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for path in YAMLS:
        for entry in parsed(path).get(kind, []):
            assert entry["name"] not in found, f"{entry['name']} is described twice, once in {path.name}"
            found[entry["name"]] = entry
    return found


@pytest.fixture(scope="module")
def models() -> dict[str, dict]:
    return described("models")


def test_every_model_has_a_description(models):
    files = {path.stem for path in (PROJECT / "models").rglob("*.sql")}
    assert files
    assert sorted(files - set(models)) == []
    assert sorted(set(models) - files) == []
    assert sorted(name for name, entry in models.items() if not (entry.get("description") or "").strip()) == []


def test_what_recurs_is_described_once(models):
    """A wording that four columns of one name share is a `{% docs %}` block."""
    said = Counter((c["name"], c["description"]) for entry in models.values() for c in entry["columns"])
    assert [key for key, times in said.items() if times > 3 and "doc(" not in key[1]] == []
    blocks = (PROJECT / "models" / "columns.md").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"\{% docs (\w+) %\}", blocks)} == {
        text.split("'")[1] for _, text in said if "doc('column_" in text
    }


def test_every_macro_is_described():
    files = [*(PROJECT / "macros").glob("*.sql"), *(PROJECT / "tests" / "generic").glob("*.sql")]
    named = [(p, name) for p in files for name in re.findall(r"^\{%-?\s*(?:macro|test)\s+(\w+)", p.read_text(), re.M)]
    assert len(named) > 40
    assert [name for path, name in named if not described_in(path, name)] == []


def test_exposures_rest_on_every_published_table():
    (path,) = (PROJECT / "models").glob("_exposures.yml")
    exposures = {entry["name"]: entry for entry in parsed(path)["exposures"]}
    assert set(exposures) == {"report", "workbook", "data_package"}
    folders = [PROJECT / "models" / folder for folder in ("core", "marts", "audit")]
    tables = {p.stem for p in [*folders[0].glob("*.sql"), *folders[1].rglob("*.sql"), *folders[2].glob("*.sql")]}
    for entry in exposures.values():
        assert {ref.split("'")[1] for ref in entry["depends_on"]} == tables


def test_every_seed_has_a_description():
    seeds, files = described("seeds"), {path.stem for path in (PROJECT / "seeds").rglob("*.csv")}
    assert sorted(files - set(seeds)) == []
    assert sorted(name for name, entry in seeds.items() if not (entry.get("description") or "").strip()) == []


@pytest.mark.parametrize("kind", ["models", "seeds"])
def test_every_column_has_a_description(kind):
    entries = described(kind)
    assert sorted(name for name, entry in entries.items() if not entry.get("columns")) == []
    bare = [
        f"{name}.{column['name']}"
        for name, entry in entries.items()
        for column in entry["columns"]
        if not (column.get("description") or "").strip()
    ]
    assert bare == []


def test_every_seed_column_is_described():
    seeds = described("seeds")
    wrong = []
    for path in (PROJECT / "seeds").rglob("*.csv"):
        with path.open(encoding="utf-8") as stream:
            header = stream.readline().strip().split(",")
        listed = [column["name"] for column in seeds[path.stem]["columns"]]
        if sorted(header) != sorted(listed):
            wrong.append(f"{path.stem}: {sorted(set(header) ^ set(listed))}")
    assert wrong == []


def test_every_mart_column_has_a_type_and_every_mart_a_unique_key(models):
    marts = {p.stem for p in (PROJECT / "models").rglob("*.sql") if p.stem.startswith(("dim_", "fct_", "mart_"))}
    assert len(marts) > 25
    untyped = [f"{m}.{c['name']}" for m in sorted(marts) for c in models[m]["columns"] if not c.get("data_type")]
    assert untyped == []
    without_key = [m for m in sorted(marts) if not any("unique" in name for name in _test_kinds(models[m]))]
    assert without_key == []


def test_every_dbt_test_has_a_name_of_its_own():
    names = [path.stem for path in (PROJECT / "tests" / "singular").rglob("*.sql")]
    nameless = []
    for kind in ("models", "seeds"):
        for entry_name, entry in described(kind).items():
            for test in _tests(entry):
                if isinstance(test, dict) and (name := next(iter(test.values())).get("name")):
                    names.append(name)
                else:
                    nameless.append(f"{entry_name}: {test}")
    for path in YAMLS:
        names += [t["name"] for t in parsed(path).get("unit_tests", [])]
    assert nameless == []
    assert [name for name, times in Counter(names).items() if times > 1] == []


def _tests(entry: dict) -> list:
    found = list(entry.get("data_tests", []))
    for column in entry.get("columns", []):
        found += column.get("data_tests", [])
    return found


def _test_kinds(entry: dict) -> list[str]:
    return [next(iter(test)) if isinstance(test, dict) else test for test in _tests(entry)]
