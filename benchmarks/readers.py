"""Twenty readers that never stop asking, through twenty publications.

    python -m benchmarks.readers --readers 20 --publications 20 --home var

Each publication holds the budget lines of a home's published database, summed by line, and once more multiplied
by the publication's number, so that an answer mixed from two publications shows. Each reader opens the database
through the link, again and again, and asks for identity and sums in one connection. Prints questions,
publications seen and errors; exits 1 on any error.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.one_reader import TABLE
from orchestration import publication
from orchestration.home import Home


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
    stop = folder / "stop"
    command = [sys.executable, "-m", "benchmarks.one_reader", str(home.published / "warehouse.duckdb"), str(stop)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    for number in range(2, publications + 1):
        publish(home, base, number)
        time.sleep(0.2)
    stop.touch()
    found = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    errors = [error for answer in found for error in answer["wrong"]]
    return sum(answer["asked"] for answer in found), {name for answer in found for name in answer["seen"]}, errors


def publish(home: Home, base: Path, number: int) -> None:
    """One publication whose probe table is the budget lines times the publication's number."""
    home.candidate.mkdir(exist_ok=True)
    database = home.candidate / "candidate.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{base}' as base (read_only)")
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_budget_line as select financial_year, line_code, sum(amount_gbp) as amount_gbp "
            "from base.marts.fct_budget_line group by all"
        )
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


if __name__ == "__main__":
    sys.exit(main())
