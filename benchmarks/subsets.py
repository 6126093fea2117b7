"""Publish from parts of a folder of published files, drawn by lot, and see what keeps a part from being published.

    python -m benchmarks.subsets --data FOLDER [--subsets 15] [--first 1]

Each part holds the council registers, which nothing can be published without, and three to all of the other files. The
same number is always the same part. Prints each part's outcome with the last words of its refresh; exit code 1 when
one was not published.
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

REGISTERS = ("council_registry", "ascof_council_codes")
FEWEST_FILES = 3
SHOWN_LINES = 12


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--subsets", type=int, default=15)
    options.add_argument("--first", type=int, default=1, help="number of the first part")
    given = options.parse_args()
    found = list(land.find(given.data))
    registers = [one.path for one in found if one.release.source.name in REGISTERS]
    others = [one.path for one in found if one.release.source.name not in REGISTERS]
    blocked = 0
    for number in range(given.first, given.first + given.subsets):
        chance = random.Random(number)
        part = chance.sample(others, chance.randint(FEWEST_FILES, len(others)))
        code, seconds, words = published([*registers, *part])
        blocked += code != 0
        outcome = "published" if code == 0 else f"NOT PUBLISHED ({code})"
        print(f"part {number}: {len(part)} files, {outcome}, {seconds:.0f} s", flush=True)
        if code != 0:
            print("\n".join(["  " + path.name for path in sorted(part)] + words), flush=True)
    return 1 if blocked else 0


def published(files: list[Path]) -> tuple[int, float, list[str]]:
    """Exit code and seconds of a refresh of these files in a home of their own, and its last lines."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        for number, path in enumerate(files):
            (data / str(number)).mkdir()
            shutil.copyfile(path, data / str(number) / path.name)
        command = [
            sys.executable,
            "-m",
            "orchestration.cli",
            "refresh",
            "--home",
            f"{folder}/home",
            "--data",
            str(data),
        ]
        started = time.monotonic()
        ran = subprocess.run(command, capture_output=True, text=True)
        return ran.returncode, time.monotonic() - started, ran.stderr.splitlines()[-SHOWN_LINES:]


if __name__ == "__main__":
    raise SystemExit(main())
