"""Clients of a PostgreSQL server that never stop asking, while one publication after another is copied to it.

    python -m benchmarks.postgres_readers --postgres DSN --home var --clients 10 --publications 5

The publications are a home's published one with the amounts of two tables multiplied by the publication's number, so
that an answer mixed from two publications shows. Every other question is asked in one statement, the rest in three
statements of one transaction at `repeatable read`. Prints questions, publications seen, errors, mixtures and how long
each copy took; exits 1 on any error or mixture. The database must be there for nothing else.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from orchestration import copy_to_postgres
from orchestration.copying import Published, published
from orchestration.home import Home

CHANGED = ("fct_allocation", "mart_prevention_spend")
NUMBER = "select publication_id from meta.publication"
TOTALS = tuple(f"select sum(amount_gbp) from marts.{name}" for name in CHANGED)


@dataclass
class Heard:
    """What the clients were told: questions answered, publications seen, errors, answers of two publications."""

    asked: int = 0
    seen: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)


def numbered(base: Published, folder: Path, number: int) -> Published:
    """The publication with the amounts of two tables times `number`."""
    folder.mkdir()
    shutil.copy(base.folder / "warehouse.duckdb", folder)
    name, checksum = f"p{number:04d}", f"times-{number}"
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for table in CHANGED:
            connection.execute(f"update marts.{table} set amount_gbp = amount_gbp * {number}")
        connection.execute("update meta.publication set publication_id = ?", [name])
        connection.execute("update meta.tables set sha256 = ? where name in (?, ?)", [checksum, *CHANGED])
    tables = [t | ({"sha256": checksum} if t["name"] in CHANGED else {}) for t in base.manifest["tables"]]
    return Published(folder, base.manifest | {"publication_id": name, "tables": tables})


def totals(base: Published) -> tuple:
    """Sums of the two tables as published: what number one shows."""
    with duckdb.connect(str(base.folder / "warehouse.duckdb"), read_only=True) as connection:
        return tuple(connection.execute(query).fetchone()[0] for query in TOTALS)


def ask(dsn: str, right: tuple, stop: threading.Event, heard: Heard, lock: threading.Lock) -> None:
    """One client: asks until told to stop, and at least once."""
    connection = psycopg2.connect(dsn)
    connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
    together = f"select {', '.join(f'({query})' for query in (NUMBER, *TOTALS))}"
    turn = 0
    while turn == 0 or not stop.is_set():
        turn += 1
        try:
            with connection, connection.cursor() as cursor:
                if turn % 2:
                    cursor.execute(together)
                    name, *found = cursor.fetchone()
                else:
                    answers = []
                    for query in (NUMBER, *TOTALS):
                        cursor.execute(query)
                        answers.append(cursor.fetchone()[0])
                    name, *found = answers
        except psycopg2.Error as error:
            with lock:
                heard.errors.append(str(error).strip())
            continue
        number = int(name.removeprefix("p"))
        with lock:
            heard.asked += 1
            heard.seen.add(name)
            if found != [amount * number for amount in right]:
                heard.mixed.append(f"{name}: {found}")
    connection.close()


def run(base: Published, dsn: str, clients: int, publications: int, folder: Path, client_dsn: str | None = None):
    """Copy `publications` one after another under `clients`; gives what they heard and the seconds of each copy."""
    heard, lock, stop = Heard(), threading.Lock(), threading.Event()
    following = [numbered(base, folder / f"p{number:04d}", number) for number in range(1, publications + 1)]
    copy_to_postgres.bring(following[0], dsn)
    who = client_dsn or dsn
    threads = [threading.Thread(target=ask, args=(who, totals(base), stop, heard, lock)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    seconds, sent = [], []
    try:
        for one in following[1:]:
            started = time.monotonic()
            sent.append(copy_to_postgres.bring(one, dsn).sent)
            seconds.append(time.monotonic() - started)
            # Until somebody has been told of it, a publication has not been seen under load.
            while one.publication_id not in heard.seen and any(thread.is_alive() for thread in threads):
                time.sleep(0.01)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return heard, seconds, sent


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--postgres", required=True, metavar="DSN")
    options.add_argument("--home", type=Path, default=Path("var"), help="home with a publication")
    options.add_argument("--clients", type=int, default=10)
    options.add_argument("--publications", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = published(Home(given.home.absolute()))
        heard, seconds, _ = run(base, given.postgres, given.clients, given.publications, Path(folder))
    print(
        f"{given.clients} clients asked {heard.asked:,} questions and saw {len(heard.seen)} publications: "
        f"{len(heard.errors)} errors, {len(heard.mixed)} mixtures"
    )
    print("seconds of each copy: " + json.dumps([round(one, 1) for one in seconds]))
    for problem in (heard.errors + heard.mixed)[:10]:
        print(f"  {problem}")
    return 1 if heard.errors or heard.mixed or len(heard.seen) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
