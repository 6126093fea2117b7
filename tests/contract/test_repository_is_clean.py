import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    assert len(paths) > 50
    return paths


def test_no_tracked_file_is_large(tracked):
    assert [str(p.relative_to(ROOT)) for p in tracked if p.stat().st_size > LARGEST_BYTES] == []


def test_no_tracked_file_names_a_machine_or_a_package_host(tracked):
    """Paths of one machine's home, temporary or work folders, and addresses of package files."""
    first = "work|tmp|root|home|Users|opt|srv|mnt"
    patterns = (
        re.compile(rf"(?<![\w./:~<$}}{{-])/(?:{first})/[\w.-]+"),
        re.compile(r"index[-]url|https?://\S+\.(?:whl|tgz|deb)\b"),
    )
    found = []
    for path in tracked:
        if path.suffix in {".png", ".woff2", ".parquet", ".xlsx"} or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if any(pattern.search(line) for pattern in patterns):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_no_built_or_published_thing_is_tracked(tracked):
    names = {str(path.relative_to(ROOT)) for path in tracked}
    built = re.compile(r"(^|/)(var|target|logs|__pycache__|\.venv)/|\.(duckdb|parquet|xls|ods)$")
    assert [name for name in sorted(names) if built.search(name)] == []


def test_every_dependency_is_locked_with_hashes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(name for group in project["project"]["optional-dependencies"].values() for name in group),
        *project["build-system"]["requires"],
    ]
    locked = _locked() | _locked("requirements-spark.lock")
    missing = [w for w in wanted if _normal(re.split(r"[\[<>=!~; ]", w)[0]) not in locked]
    assert len(wanted) > 20
    assert missing == [], "add them to requirements.lock"
    assert [name for name, entry in locked.items() if "--hash=sha256:" not in entry] == []


def test_locked_versions_are_within_the_bounds():
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = _locked()
    wrong = []
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        requirement = Requirement(text)
        version = locked[_normal(requirement.name)].split()[0].split("==")[1].split(";")[0]
        if not requirement.specifier.contains(version):
            wrong.append(f"{text}: {version} is locked")
    assert wrong == []


@pytest.mark.parametrize(
    ("lock", "least"),
    [
        ("requirements.lock", 100),
        ("requirements-installer.lock", 1),
        ("requirements-test-tools.lock", 11),
        ("requirements-spark.lock", 4),
    ],
)
def test_lock_names_no_package_index_and_a_hash_for_each(lock, least):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if "==" in entry.split()[0]]
    assert len(entries) >= least
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def _locked(lock: str = "requirements.lock") -> dict[str, str]:
    """Lock entries by normalised package name, hashes included."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " "))
    return {_normal(entry.split("==")[0]): entry for entry in entries if "==" in entry.split()[0]}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()
