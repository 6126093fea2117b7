"""The floors of the house: what each package may import of ours, read from the syntax tree."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"ingest", "sample", "expectations", "reporting", "orchestration"}
MAY_IMPORT = {name: set() for name in PACKAGES} | {"sample": {"ingest"}, "orchestration": PACKAGES}


def imported(path: Path) -> set[str]:
    """Full names of the modules a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by a relative name"
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"no modules in {package}"
    return found


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_packages_import_only_the_floors_below(package):
    allowed = MAY_IMPORT[package] | {package}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(package)
        for name in imported(path)
        if name.split(".")[0] in PACKAGES - allowed
    ]
    assert wrong == []


def test_ingest_opens_no_database_and_knows_no_orchestrator():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files("ingest")
        for name in imported(path)
        if name.split(".")[0] in {"dagster", "dbt", "duckdb"}
    ]
    assert wrong == []


def test_published_and_submitted_readers_do_not_lean_on_each_other():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for here, there in (("published", "submitted"), ("submitted", "published"))
        for path in files(f"ingest/{here}")
        for name in imported(path)
        if name.startswith(f"ingest.{there}")
    ]
    assert wrong == []


def test_packages_are_imported_without_circles():
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in PACKAGES
        for path in files(package)
    }
    edges = {name: _top_level(path, set(modules)) - {name} for name, path in modules.items()}
    settled: set[str] = set()
    while ready := {name for name in edges if name not in settled and edges[name] <= settled}:
        settled |= ready
    assert sorted(set(edges) - settled) == []


def test_what_reads_by_name_is_not_known_to_what_is_read():
    """`ingest.reading` imports readers by name, which no syntax tree shows: no reader may lead back to it."""
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files("ingest")
    }
    edges = {name: imported(path) & set(modules) for name, path in modules.items()}
    readers = {name for name in modules if name.startswith(("ingest.published.", "ingest.submitted."))}
    reached = set(readers)
    while more := {target for name in reached for target in edges[name]} - reached:
        reached |= more
    assert len(readers) > 10
    assert reached & {"ingest.reading", "ingest.landing", "ingest.land"} == set()


def _top_level(path: Path, modules: set[str]) -> set[str]:
    """Our modules imported when the file is first imported: not those inside functions."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from package import module` depends on the module and not on all of the package.
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= inner & modules or {node.module}
    return names & modules
