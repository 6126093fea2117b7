"""Kill refreshes at random moments and look at what is left.

    python -m benchmarks.kill_refresh --kills 75
    python -m benchmarks.kill_refresh --kills 25 --data ~/published-files

Each round starts a refresh that really builds (every third one reads all files again as well), kills its whole
process group with SIGKILL after a random share of the time a refresh takes, looks at the publication readers
see, and lets the next refresh run to its end: one that builds everything, or with --build-every N one that does so
in every Nth round and in the others finds that nothing has changed. Prints one line a round and a summary; exits 1
on any fault.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.homes import control_totals, faults, kill, refresh, start_refresh


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=75)
    options.add_argument("--data", type=Path, help="published files; without it the sample")
    options.add_argument("--build-every", type=int, default=1, help="rounds whose next refresh builds everything")
    options.add_argument("--seconds", type=float, help="how long a refresh takes here (default: measured first)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--home", type=Path, help="folder to work in (default: a temporary one)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return run(given.home or Path(folder) / "home", given)


def run(home: Path, given: argparse.Namespace) -> int:
    """All rounds; the exit code."""
    kills, chance = given.kills, random.Random(given.seed)
    arguments = ["--data", str(given.data)] if given.data else []
    code, full = refresh(home, *arguments)
    if code != 0:
        print(f"the first refresh failed, see {home}.log")
        return 1
    totals = control_totals(home / "published")
    if given.seconds:
        full = rebuild = given.seconds
    else:
        _, rebuild = refresh(home, *arguments, "--rebuild")
    print(f"full refresh {full:.1f} s, rebuild {rebuild:.1f} s, {len(totals)} control totals")
    broken, stuck, early = 0, 0, 0
    for number in range(1, kills + 1):
        reads_again = number % 3 == 0
        if reads_again:
            shutil.rmtree(home / "raw", ignore_errors=True)
        moment = chance.uniform(0.02, 1.0) * (full if reads_again else rebuild)
        started = time.monotonic()
        process = start_refresh(home, *arguments, "--rebuild")
        while process.poll() is None and time.monotonic() - started < moment:
            time.sleep(0.01)
        early += process.poll() is None
        kill_if_running(process)
        after_kill = faults(home, totals)
        builds = number % given.build_every == 0
        code, seconds = refresh(home, *arguments, *(["--rebuild"] if builds else []))
        after_next = faults(home, totals) or ([] if code == 0 else [f"exit code {code}"])
        broken += bool(after_kill)
        stuck += bool(after_next)
        kind = "reading" if reads_again else "building"
        print(
            f"{number:4d} killed after {moment:5.1f} s ({kind}): {'; '.join(after_kill) or 'whole'}; "
            f"next refresh {seconds:5.1f} s: {'; '.join(after_next) or ('published' if builds else 'finished')}",
            flush=True,
        )
    print(
        f"{kills} rounds, {early} of them killed while running: publication whole and control totals hold "
        f"{kills - broken} of {kills}; next refresh succeeds {kills - stuck} of {kills}"
    )
    return 1 if broken or stuck else 0


def kill_if_running(process) -> None:
    """SIGKILL to the group, unless the refresh had finished by then."""
    if process.poll() is None:
        kill(process)


if __name__ == "__main__":
    sys.exit(main())
