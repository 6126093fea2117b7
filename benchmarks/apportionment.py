"""Exact apportionment of a large ledger beside the unrounded join and write, and beside its peers.

    python -m benchmarks.apportionment [--millions 1 10 50] [--runs 3] [--methods ...]

A ledger of so many lines (one in ten a credit) under forty rules of three or four services, from Parquet to
Parquet. Each method runs in a process of its own, all in turn, so that their ratios mean something on any machine;
the ratio is of processor seconds. Every method that rounds must give every line its amount, and the same pennies as
the others; the run stops with an error where one does not. Methods whose library is not installed are named and
left out (`pip install polars pyspark` brings them).
"""

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path
from statistics import median

import duckdb

from benchmarks import measure

NEEDS = {"polars": "polars", "spark": "pyspark"}
# Slower than the row form by more than ten times, or out of memory: measured up to this many million lines.
UP_TO = {"pandas": 10, "window_form": 10}
LEDGER = """
copy (
    select i as line_key, cast(i % 40 as integer) as rule,
        cast((hash(i) % 100000000) * case when i % 10 = 0 then -1 else 1 end as bigint) as amount_pence
    from range({lines}) as r (i)
) to '{folder}/ledger.parquet' (format parquet)
"""
# Shares of six places; the last service of a rule has what the others leave.
RULES = """
copy (
    with drawn as (
        select r as rule, s as place, 3 + r % 2 as places, 1 + hash(r * 10 + s) % 240000 as drawn_weight
        from range(40) as a (r), range(1, 5) as b (s)
        where s <= 3 + r % 2
    )
    select cast(rule as integer) as rule, cast(place as integer) as place, rule * 10 + place as service_key,
        cast(case when place < places then drawn_weight
            else 1000000 - sum(case when place < places then drawn_weight else 0 end) over (partition by rule)
        end as bigint) as weight
    from drawn
) to '{folder}/rules.parquet' (format parquet)
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--millions", type=int, nargs="+", default=[1, 10, 50])
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--methods", nargs="+", default=["row_form", "window_form", "polars", "pandas", "spark"])
    options.add_argument("--folder", type=Path, help="where to write (default: the temporary folder)")
    given = options.parse_args()
    methods = ["join_and_write", *given.methods]
    for method, library in NEEDS.items():
        if method in methods and importlib.util.find_spec(library) is None:
            print(f"{method} is left out: {library} is not installed")
            methods.remove(method)
    print("million lines | method | ratio | processor s | range | wall s | peak MB | checksum")
    wrong = []
    for millions in given.millions:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            wrong += compare(Path(folder), millions, methods, given.runs)
    for message in wrong:
        print(message)
    return 1 if wrong else 0


def compare(folder: Path, millions: int, methods: list[str], runs: int) -> list[str]:
    """All methods on one ledger, in turn; what is wrong with their pennies."""
    with duckdb.connect() as connection:
        connection.execute(LEDGER.format(lines=millions * 1_000_000, folder=folder))
        connection.execute(RULES.format(folder=folder))
    methods = [method for method in methods if millions <= UP_TO.get(method, millions)]
    taken: dict[str, list[measure.Taken]] = {method: [] for method in methods}
    sums, wrong = {}, []
    for turn in range(runs):
        for method in methods:
            taken[method].append(measure.run("benchmarks.one_apportionment", method, folder))
            if turn == 0 and method != "join_and_write":
                sums[method], problem = checked(folder, method)
                wrong += [f"{millions} million lines, {method}: {problem}"] if problem else []
    floor = median(one.processor for one in taken["join_and_write"])
    for method in methods:
        ratio = median(one.processor for one in taken[method]) / floor
        print(
            f"{millions:13d} | {method:14s} | {ratio:5.2f} | {measure.summary(taken[method])} | {sums.get(method, '')}",
            flush=True,
        )
    if len(set(sums.values())) > 1:
        wrong.append(f"{millions} million lines: the methods give different pennies: {sums}")
    return wrong


def checked(folder: Path, method: str) -> tuple[str, str | None]:
    """A checksum over all rows whatever their order, and what does not sum (none when all does)."""
    written = folder / f"{method}.parquet"
    source = f"'{written}/*.parquet'" if written.is_dir() else f"'{written}'"
    with duckdb.connect(config={"memory_limit": "4GB"}) as connection:
        connection.execute(f"set temp_directory = '{folder / 'spill'}'")
        rows, given, checksum = connection.execute(
            "select count(*), sum(service_pence), "
            f"bit_xor(hash(line_key::bigint, service_key::bigint, service_pence::bigint)) from {source}"
        ).fetchone()
        amount = connection.execute(f"select sum(amount_pence) from '{folder}/ledger.parquet'").fetchone()[0]
        lines = connection.execute(
            f"select count(*) from (select line_key, sum(service_pence) as pence from {source} "
            "where line_key % 97 = 0 group by line_key) as g "
            f"inner join '{folder}/ledger.parquet' as l on g.line_key = l.line_key where g.pence <> l.amount_pence"
        ).fetchone()[0]
    problem = None
    if given != amount:
        problem = f"allocations sum to {given:,} pence, lines to {amount:,}"
    elif lines:
        problem = f"{lines} of every 97th line do not sum to their amount"
    return f"{rows:,} rows, {checksum:016x}", problem


if __name__ == "__main__":
    sys.exit(main())
