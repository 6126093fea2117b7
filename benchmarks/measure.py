"""Run one thing in a process of its own and say what it took, so that no method warms another's caches or memory."""

import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Taken:
    """One run: wall and processor seconds (threads, children), peak resident megabytes, what it gave and noted."""

    wall: float
    processor: float
    peak_mb: float
    said: str
    noted: str


_CHILD = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
finally:
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"peak {peak}", file=sys.stderr)
"""


def run(module: str, *arguments: str) -> Taken:
    """Run a module of this project. Raises RuntimeError with its last words when it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, module, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(map(str, arguments))}: {done.stderr.strip()[-2000:]}")
    peak = int(done.stderr.strip().splitlines()[-1].removeprefix("peak ")) / 1024
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(wall, used, peak, done.stdout, done.stderr)


def summary(runs: list[Taken]) -> str:
    """Median and range of processor seconds, median wall seconds and peak memory, as cells of a table."""
    used = sorted(one.processor for one in runs)
    return (
        f"{median(used):8.2f} | {used[0]:.2f} to {used[-1]:.2f} | {median(one.wall for one in runs):8.2f} | "
        f"{max(one.peak_mb for one in runs):8,.0f}"
    )
