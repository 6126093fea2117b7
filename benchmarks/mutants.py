"""Plant each fault of a kept list in a copy of the code and see that a guard stops it.

    python -m benchmarks.mutants [--home var] [--only WORD]... [--keep FILE]

The list is benchmarks/mutants.yml: hand-chosen faults in places readers quote from. A fault in a model is built, with
everything made from it and every test, into a copy of the candidate that a refresh of the home has left; a fault in
Python is given to the tests named beside it. A fault that nothing stops has survived; the exit code is 1 then.
With `--keep` each verdict is added to a file as it is found, and a run that was broken off goes on behind the last one.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from orchestration.home import Home

ROOT = Path(__file__).parent.parent
LIST = Path(__file__).with_suffix(".yml")
COPIED = ("benchmarks", "dbt_project", "docs", "expectations", "ingest", "orchestration", "reporting", "tests")
FILES = ("CHANGELOG.md", "Makefile", "README.md", "dagster.yaml", "pyproject.toml", "requirements.lock")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "target", "logs", ".user.yml")


@dataclass(frozen=True)
class Mutant:
    """One fault: the words it replaces, once, in one file, and the guard that has to stop it.

    `tests` are pytest arguments; without them the fault is in the dbt project and the refresh itself is the guard,
    from the models in `rebuild` on (by default the one the file holds).
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = ()
    rebuild: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        return self.rebuild or (Path(self.file).stem,)


def load() -> list[Mutant]:
    """The kept list."""
    rows = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return [Mutant(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}) for row in rows]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path, default=Path("var"), help="home with the candidate of a refresh")
    options.add_argument("--only", action="append", default=[], help="faults whose name or file has this word")
    options.add_argument("--keep", type=Path, help="file of verdicts, to go on with and to add to")
    given = options.parse_args()
    home = Home(given.home.absolute())
    if not home.candidate_database.exists():
        print(f"no tables as built in {home.candidate}: run `prevention refresh` first", file=sys.stderr)
        return 2
    chosen = [m for m in load() if not given.only or any(word in m.name or word in m.file for word in given.only)]
    verdicts = read_kept(given.keep)
    with tempfile.TemporaryDirectory() as folder:
        tree = _copied(Path(folder) / "code")
        for mutant in (one for one in chosen if one.name not in verdicts):
            started = time.monotonic()
            stopped = verdicts[mutant.name] = by_fault(mutant, tree, home, Path(folder))
            if given.keep is not None:
                with given.keep.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps({"name": mutant.name, "stopped_by": stopped}, ensure_ascii=False) + "\n")
            print(f"{line(mutant, stopped)} [{time.monotonic() - started:.0f} s]", flush=True)
    survived = [one for one in chosen if verdicts[one.name] is None]
    for one in survived:
        print(line(one, None))
    print(f"{len(chosen) - len(survived)} of {len(chosen)} faults were stopped")
    if survived and is_of_sample(home):
        print("The sample may not hold their case: plant them in a home of the published files, too (--home)")
    return 1 if survived else 0


def is_of_sample(home: Home) -> bool:
    """Whether what a home has published is of the fictional councils."""
    manifest = home.published / "manifest.json"
    return manifest.exists() and json.loads(manifest.read_text(encoding="utf-8"))["is_sample"]


def line(mutant: Mutant, stopped: str | None) -> str:
    """A fault and what stopped it."""
    return f"{mutant.name} ({mutant.file}): {f'stopped by {stopped}' if stopped else 'SURVIVED'}"


def read_kept(path: Path | None) -> dict[str, str | None]:
    """What stopped each fault in an earlier run, or none, by the fault's name."""
    if path is None or not path.exists():
        return {}
    rows = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    return {row["name"]: row["stopped_by"] for row in rows}


def _copied(tree: Path) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, tree / name, ignore=LEFT_OUT)
    for name in FILES:
        shutil.copyfile(ROOT / name, tree / name)
    return tree


def by_fault(mutant: Mutant, tree: Path, home: Home, folder: Path) -> str | None:
    """The guard that stopped the fault, or none. The copy of the code is as before afterwards."""
    file = tree / mutant.file
    sound = file.read_text(encoding="utf-8")
    if sound.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: its words occur {sound.count(mutant.old)} times in {mutant.file}")
    file.write_text(sound.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return _pytest(mutant, tree) if mutant.tests else _refresh(mutant, tree, home, folder)
    finally:
        file.write_text(sound, encoding="utf-8")


def _pytest(mutant: Mutant, tree: Path) -> str | None:
    """The first of the named tests that fails."""
    data = os.environ.get("PREVENTION_TEST_DATA", str(ROOT.parent / "shared" / "data"))
    environment = os.environ | {"PREVENTION_TEST_DATA": data, "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", *mutant.tests]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=tree, env=environment, capture_output=True, text=True
    )
    if ran.returncode == 0:
        return None
    failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if ran.returncode != 1 and not failed:
        raise RuntimeError(f"{mutant.name}: the tests did not run\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return failed[0].split(" ")[1] if failed else "a test"


def _refresh(mutant: Mutant, tree: Path, home: Home, folder: Path) -> str | None:
    """The first model or blocking test of dbt that fails when everything made from the fault is built."""
    database = folder / "warehouse.duckdb"
    shutil.copyfile(home.candidate_database, database)
    project = tree / "dbt_project"
    environment = os.environ | {
        "PREVENTION_RAW": str(home.snapshot.resolve()),
        "PREVENTION_CANDIDATE": str(database),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    selection = [f"{model}+" for model in mutant.models]
    ran = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", "build", "--fail-fast"),
            *("--exclude-resource-type", "unit_test", "--select", *selection),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ],
        env=environment,
        capture_output=True,
        text=True,
    )
    if ran.returncode == 0:
        return None
    failed = [line for line in ran.stdout.splitlines() if "Failure in" in line or "Error in" in line]
    if not failed:
        raise RuntimeError(f"{mutant.name}: dbt did not run\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return failed[0].split(" in ", 1)[1].split(" (")[0]


if __name__ == "__main__":
    raise SystemExit(main())
