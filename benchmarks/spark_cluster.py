"""The dbt project on a Spark cluster beside DuckDB: the same nodes, tests and pennies, and what either took.

    python -m benchmarks.spark_cluster HOME [--times 1] [--master spark://…] [--partitions 4] [--folder DIR]

HOME is a refreshed home; its raw tables are built from anew, by DuckDB and then by Spark, in two homes of their own.
Without `--master` a master and workers are started on this computer, on the loopback, and ended again. Every mart is
compared row for row; the command ends with 1 where a cell differs, a node was not built or a test does not hold on
one engine alone.

With `--times` the home's councils come so many times over (benchmarks.growth). Totals that were printed then no longer
hold, and dbt builds nothing behind a check that fails: so all models are built first and all checks tried afterwards,
and what fails must fail on both engines alike.

Needs the extra `spark` (`pip install -e '.[spark]'`) and Java 17.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.growth import multiply
from benchmarks.table_differences import differences
from expectations.results import CheckResult
from orchestration import dbt_run, spark_build
from orchestration.dbt_run import Built, NotBuilt
from orchestration.home import Home
from orchestration.project import parsed

MODELS = ("--resource-type", "seed", "--resource-type", "model")
CHECKS = ("--resource-type", "test")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("home", type=Path)
    options.add_argument("--times", type=int, default=1, help="so many times its councils")
    options.add_argument("--master", default="", help="a cluster that runs already (default: one of our own)")
    options.add_argument("--partitions", type=int, default=4)
    options.add_argument("--folder", type=Path, help="where to build (default: the temporary folder)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        duck, spark = (
            _with_raw_tables(given.home, Path(temporary) / name, given.times) for name in ("duckdb", "spark")
        )
        steps: tuple[tuple[str, ...], ...] = ((),) if given.times == 1 else (MODELS, CHECKS)
        on_duck, seconds_duck = _timed(dbt_run.build(duck, *step) for step in steps)
        print(f"DuckDB | {_told(on_duck)} | {seconds_duck:.0f} s", flush=True)
        on_spark, seconds_spark = _timed(
            spark_build.build(spark, *step, master=given.master, partitions=given.partitions) for step in steps
        )
        print(f"Spark  | {_told(on_spark)} | {seconds_spark:.0f} s", flush=True)
        faults = [*_not_built(on_spark), *_judged_otherwise(on_duck, on_spark)]
        found = differences(duck.candidate_database, spark.candidate_database, keys_of(duck))
    for one in found:
        if one.rows_only_here or one.rows_only_there:
            alone = f"{one.rows_only_here} rows by DuckDB alone, {one.rows_only_there} by Spark alone"
            faults.append(f"{one.table}: {alone}; cells by column {one.cells}")
    print(f"{len(found)} tables, {sum(one.rows for one in found):,} rows; cells that differ: ", end="")
    print(sum(sum(one.cells.values()) for one in found))
    for name in _failing(on_duck):
        print(f"fails by DuckDB: {name}")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def keys_of(home: Home) -> dict[str, list[str]]:
    """The columns that tell the rows of each model apart, as its key test declares them."""
    manifest = parsed(home)
    keys = {}
    for node in manifest.nodes.values():
        described = getattr(node, "test_metadata", None)
        if described is not None and described.name == "unique_key" and node.attached_node in manifest.nodes:
            keys[manifest.nodes[node.attached_node].name] = list(described.kwargs["columns"])
    return keys


def _with_raw_tables(home: Path, folder: Path, times: int) -> Home:
    """A home that holds the raw tables of another, with its councils so many times, and nothing else."""
    made, snapshot = Home(folder), Home(home.absolute()).snapshot
    made.candidate.mkdir(parents=True)
    if times == 1:
        shutil.copytree(snapshot, made.snapshot)
    else:
        multiply(snapshot, made.snapshot, times, "councils")
    return made


def _timed(steps: Iterable[Iterable]) -> tuple[list[Built | CheckResult | NotBuilt], float]:
    started = time.monotonic()
    found = [one for step in steps for one in step]
    return found, time.monotonic() - started


def _told(found: list) -> str:
    kinds = Counter(one.status if isinstance(one, CheckResult) else type(one).__name__ for one in found)
    return ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))


def _not_built(found: list) -> list[str]:
    return [one.message for one in found if isinstance(one, NotBuilt)]


def _judged_otherwise(first: list, second: list) -> list[str]:
    """Tests that one engine gives another result than the other, or does not give at all."""
    on_first, on_second = (
        {one.name: one for one in found if isinstance(one, CheckResult)} for found in (first, second)
    )
    return [
        f"{name}: {_status(on_first, name)} by DuckDB, {_status(on_second, name)} by Spark"
        for name in sorted(on_first.keys() | on_second.keys())
        if _status(on_first, name) != _status(on_second, name)
    ]


def _failing(found: list) -> list[str]:
    return sorted(one.name for one in found if isinstance(one, CheckResult) and one.status == "fail")


def _status(results: dict[str, CheckResult], name: str) -> str:
    return f"{results[name].status} ({results[name].failed})" if name in results else "not run"


if __name__ == "__main__":
    sys.exit(main())
