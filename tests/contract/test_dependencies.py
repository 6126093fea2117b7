"""Dependencies declared are those imported, and no others; what is used without an import is listed with its use."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = ("ingest", "sample", "expectations", "orchestration", "reporting")
FOR_TESTS = ("tests", "benchmarks")
USED_WITHOUT_IMPORT = {
    "dagster-webserver": "`dagster dev` and the service that docs/operate.md describes",
    "setuptools": "installs this project without build isolation, so that nothing is fetched for it",
}
TOOLS = {
    "dagster-dg-cli": "`dg launch`",
    "dagster-postgres": "named in the dagster.yaml that a test writes",
    "mypy": "make lint",
    "pip-audit": "make audit",
    "pytest-cov": "make coverage",
    "pytest-xdist": "make test",
    "ruff": "make lint",
    "sqlfluff": "make lint",
}
# Named by a benchmark that says so where they are not installed.
OPTIONAL = {"polars", "pyspark"}


def plain(name: str) -> str:
    """A distribution's name as an index writes it, without version or extra."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~\[ ;]", name, maxsplit=1)[0]).lower()


def declared(*extras: str) -> set[str]:
    listed = [*PROJECT["dependencies"], *(name for extra in extras for name in PROJECT["optional-dependencies"][extra])]
    return {plain(name) for name in listed}


def imported(folders: tuple[str, ...]) -> dict[str, set[str]]:
    """Modules of others that are imported, inside functions too, with the distributions that bring them."""
    found = set()
    own = {*OURS, *FOR_TESTS} | {path.stem for path in (ROOT / "tests").rglob("*.py")}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.split(".")[0])
    brought = packages_distributions()
    return {m: {plain(d) for d in brought.get(m, [m])} for m in found - set(sys.stdlib_module_names) - own}


@pytest.mark.parametrize(
    ("folders", "extras"), [(OURS, ("postgres",)), (FOR_TESTS, ("postgres", "dev"))], ids=["packages", "tests"]
)
def test_what_is_imported_is_declared(folders, extras):
    known = declared(*extras) | OPTIONAL
    assert {m for m, brought in imported(folders).items() if not brought & known} == set()


def test_what_is_declared_is_imported_or_its_use_is_said():
    used = set().union(*imported(OURS).values())
    assert declared() - used == set(USED_WITHOUT_IMPORT)
    own = {plain(name) for name in PROJECT["optional-dependencies"]["dev"]}
    assert own - set().union(*imported(FOR_TESTS).values()) == set(TOOLS)


def test_what_is_declared_is_locked():
    locked = {
        plain(line) for line in (ROOT / "requirements.lock").read_text().splitlines() if re.match(r"\w\S*==", line)
    }
    assert declared("dev") - locked == set()
