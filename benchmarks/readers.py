"""Twenty readers that never stop asking, through twenty publications.

    python -m benchmarks.readers --readers 20 --publications 20 --home var

Takes the published database of a home as the candidate of each publication, with every amount multiplied by
the publication's number, so that an answer mixed from two publications shows. Each reader opens the database
through the link, again and again, and asks for identity and sums in one connection; it also reads the Parquet
file of the publication it has resolved. Prints questions, publications seen and errors; exits 1 on any error.
"""

import argparse
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration import publication
from orchestration.home import Home

TABLE = "reader_probe"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--readers", type=int, default=20)
    options.add_argument("--publications", type=int, default=20)
    options.add_argument("--home", type=Path, default=Path("var"), help="home with a publication")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = (given.home / "published" / "warehouse.duckdb").resolve()
        asked, seen, errors = run(Path(folder), base, given.readers, given.publications)
    print(f"{given.readers} readers asked {asked:,} questions and saw {len(seen)} publications: {len(errors)} errors")
    for error in errors[:10]:
        print(f"  {error}")
    return 1 if errors or len(seen) < 2 else 0


def run(folder: Path, base: Path, readers: int, publications: int) -> tuple[int, set[str], list[str]]:
    """Questions asked, publications seen and errors of all readers."""
    home = Home(folder / "home")
    home.root.mkdir(parents=True)
    publish(home, base, 1)
    context = multiprocessing.get_context("spawn")
    answers, stop = context.Queue(), context.Event()
    processes = [context.Process(target=read, args=(home, stop, answers)) for _ in range(readers)]
    for process in processes:
        process.start()
    for number in range(2, publications + 1):
        publish(home, base, number)
        time.sleep(0.2)
    stop.set()
    found = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    errors = [error for _, _, wrong in found for error in wrong]
    return sum(asked for asked, _, _ in found), set().union(*(seen for _, seen, _ in found)), errors


def publish(home: Home, base: Path, number: int) -> None:
    """One publication whose probe table is the budget lines times the publication's number."""
    home.candidate.mkdir(exist_ok=True)
    database = home.candidate / "candidate.duckdb"
    shutil.copyfile(base, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            f"create table marts.{TABLE} as select financial_year, line_code, amount_gbp * {number} as amount_gbp, "
            f"{number} as number from marts.fct_budget_line"
        )
    folder = home.candidate / "publication"
    tables = publication.write_tables(database, folder, {})
    manifest = {
        "publication_id": f"p{number:04d}",
        "published_at": "2026-01-01T00:00:00+00:00",
        "code_version": "benchmark",
        "is_sample": False,
        "inputs": [],
        "tables": [{"name": table.name, "rows": table.rows, "sha256": table.sha256} for table in tables],
        "checks": [],
        "warnings": [],
        "rejects": [],
    }
    publication.write_meta(folder, manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    publication.publish(folder, home, manifest["publication_id"])
    shutil.rmtree(home.candidate)


def read(home: Home, stop, answers) -> None:
    """Ask until told to stop; every answer must be of one publication alone."""
    asked, seen, wrong = 0, set(), []
    base = None
    while not stop.is_set() or asked == 0:
        try:
            with duckdb.connect(str(home.published / "warehouse.duckdb"), read_only=True) as connection:
                (name,) = connection.execute("select publication_id from meta.publication").fetchone()
                low, high, total = connection.execute(
                    f"select min(number), max(number), sum(amount_gbp) from marts.{TABLE}"
                ).fetchone()
                (plain,) = connection.execute("select sum(amount_gbp) from marts.fct_budget_line").fetchone()
        except (duckdb.Error, OSError, TypeError) as error:
            wrong.append(f"{type(error).__name__}: {error}")
            continue
        base = plain if base is None else base
        number = int(name.removeprefix("p"))
        if not (low == high == number and plain == base and total == plain * number):
            wrong.append(f"{name}: numbers {low} to {high}, sum {total}, plain {plain}")
        asked += 1
        seen.add(name)
    answers.put((asked, seen, wrong))


if __name__ == "__main__":
    sys.exit(main())
