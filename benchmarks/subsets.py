"""Publish from parts of a folder of published files, drawn by lot, and see what keeps a part from being published.

    python -m benchmarks.subsets --data FOLDER [--subsets 15] [--first 1] [--files WORD,WORD] [--keep FOLDER]
    python -m benchmarks.subsets --home HOME [--subsets 15] [--first 1]

Each part holds a council register, which nothing can be published without, and three to all of the other files. The
same number is always the same part; with `--files` there is one part, of the files whose names hold one of the words.
Prints each part's files and outcome, what a published part says of series that are not held, and the last words of one
that was not published; exit code 1 when there is such a one. With `--keep` the homes are left there, to look at pages.
With `--home` parts are drawn of what a home has read: every model and check on them, and no pages, in a minute a part
instead of five.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest import land

REGISTER = "mysociety_la_registry"
FEWEST_FILES = 3
SHOWN_LINES = 12


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = options.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path)
    where.add_argument("--home", type=Path)
    options.add_argument("--subsets", type=int, default=15)
    options.add_argument("--first", type=int, default=1, help="number of the first part")
    options.add_argument("--files", help="words of file names, a comma between: one part, of these files")
    options.add_argument("--keep", type=Path, help="folder that the homes are left in")
    given = options.parse_args()
    if given.home:
        return 1 if any(checked(given.home, range(given.first, given.first + given.subsets))) else 0
    found = {one.path: one.release.release_id for one in land.find(given.data)}
    register = [path for path, release in found.items() if release == REGISTER]
    others = [path for path in found if path not in register]
    if given.files:
        words = given.files.lower().split(",")
        parts = {"named": [path for path in others if any(word in path.name.lower() for word in words)]}
    else:
        parts = {str(n): drawn(others, n) for n in range(given.first, given.first + given.subsets)}
    blocked = 0
    for name, part in parts.items():
        with tempfile.TemporaryDirectory() as folder:
            home = given.keep / name if given.keep else Path(folder) / "home"
            code, seconds, words = published([*register, *part], Path(folder) / "data", home)
        blocked += code != 0
        outcome = "published" if code == 0 else f"NOT PUBLISHED ({code})"
        print(f"part {name}: {len(part)} files, {outcome}, {seconds:.0f} s", flush=True)
        told = [line for line in words if "It would add" in line] if code == 0 else words[-SHOWN_LINES:]
        print("\n".join(["  " + path.name for path in sorted(part)] + told), flush=True)
    return 1 if blocked else 0


def checked(home: Path, numbers: range) -> list[dict[str, tuple]]:
    """The checks that keep each part of what a home has read from being published; prints them as they come."""
    import duckdb

    from tests.dbt_models import Compiled, compile_project
    from tests.partial_warehouse import PartialWarehouse

    snapshot = home / "candidate" / "raw"
    held = duckdb.sql(f"select release_id from read_parquet('{snapshot}/releases/*.parquet') order by all").fetchall()
    others = [release for (release,) in held if release != REGISTER]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        compile_project(Path(folder))
        compiled = Compiled.of(Path(folder))
        for number in numbers:
            part, started = drawn(others, number), time.process_time()
            faults = PartialWarehouse(compiled, snapshot, {REGISTER, *part}).faults()
            seconds = time.process_time() - started
            print(f"part {number}: {len(part)} releases, {seconds:.0f} s: {faults or 'every check holds'}", flush=True)
            found.append(faults)
    return found


def drawn(files: list, number: int) -> list:
    """Three to all of the files, by lot; the same for the same number."""
    chance = random.Random(number)
    return chance.sample(files, chance.randint(FEWEST_FILES, len(files)))


def published(files: list[Path], data: Path, home: Path) -> tuple[int, float, list[str]]:
    """Exit code and seconds of a refresh of these files in a home of their own, and what it said."""
    for number, path in enumerate(files):
        (data / str(number)).mkdir(parents=True)
        shutil.copyfile(path, data / str(number) / path.name)
    command = [sys.executable, "-m", "orchestration.cli", "refresh", "--home", str(home), "--data", str(data)]
    started = time.monotonic()
    ran = subprocess.run(command, capture_output=True, text=True)
    return ran.returncode, time.monotonic() - started, ran.stderr.splitlines()


if __name__ == "__main__":
    raise SystemExit(main())
