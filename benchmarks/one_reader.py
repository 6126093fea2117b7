"""One reader that asks a published database again and again until a file appears: see readers.py."""

import json
import sys
from pathlib import Path

import duckdb

TABLE = "reader_probe"


def main(database: str, stop: Path) -> None:
    """Ask until told to stop; every answer must be of one publication alone. Prints what was seen as JSON."""
    asked, seen, wrong = 0, set(), []
    base = None
    while asked == 0 or not stop.exists():
        try:
            with duckdb.connect(database, read_only=True, config={"threads": 1}) as connection:
                (name,) = connection.execute("select publication_id from meta.publication").fetchone()
                low, high, total = connection.execute(
                    f"select min(number), max(number), sum(amount_gbp) from marts.{TABLE}"
                ).fetchone()
                (plain,) = connection.execute("select sum(amount_gbp) from marts.fct_budget_line").fetchone()
        except (duckdb.Error, OSError, TypeError) as error:
            wrong.append(f"{type(error).__name__}: {error}")
            if len(wrong) > 100:
                break
            continue
        base = plain if base is None else base
        number = int(name.removeprefix("p"))
        if not (low == high == number and plain == base and total == plain * number):
            wrong.append(f"{name}: numbers {low} to {high}, sum {total}, plain {plain}")
        asked += 1
        seen.add(name)
    print(json.dumps({"asked": asked, "seen": sorted(seen), "wrong": wrong}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
