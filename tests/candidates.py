"""Candidates with raw tables of their own, to be changed and built again."""

import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration import dbt_run, reuse
from orchestration.dbt_run import Built
from orchestration.home import Home


def with_raw_tables_of(refreshed: Path, folder: Path) -> Home:
    """A home with the raw tables of a refreshed one as files of its own, and nothing built on them."""
    home = Home(folder)
    candidate = home.candidates / "one"
    candidate.parent.mkdir(parents=True)
    shutil.copytree((refreshed / "candidate" / "raw").resolve(), candidate / "raw")
    home.candidate.symlink_to("candidates/one")
    return home


def copy_of(refreshed: Path, folder: Path) -> Home:
    """A home with the candidate of a refreshed one: its raw tables, and all that was built on them."""
    home = Home(folder)
    home.candidates.mkdir(parents=True)
    # What is a link there has to be a file of its own here: it may be written to.
    shutil.copytree((refreshed / "candidate").resolve(), home.candidates / "one")
    home.candidate.symlink_to("candidates/one")
    return home


def build(home: Home, *selection: str, leave_unchanged: bool = True) -> list:
    found = list(dbt_run.build(home, *selection, leave_unchanged=leave_unchanged))
    assert any(isinstance(one, Built) for one in found)
    return found


def contents(home: Home) -> dict[str, tuple[int, int]]:
    """A checksum over the rows of every table and view that was built, in whatever order, and how many there are."""
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        named = connection.execute(
            """select table_schema, table_name from information_schema.tables
               where table_schema not in ('main', ?) order by all""",
            [reuse.RECORD],
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'select sum(hash(counted)), count(*) from "{schema}"."{name}" as counted'
            ).fetchone()
            for schema, name in named
        }


def numbers(home: Home) -> dict[str, int]:
    """The place in the record of the last building of each node: it moves when a node is built."""
    with duckdb.connect(str(home.candidate_database), read_only=True) as connection:
        rows = connection.execute(f"select unique_id, max(number) from {reuse.RECORD}.record group by 1").fetchall()
    return {unique_id.split(".")[2]: number for unique_id, number in rows if unique_id.startswith(("model.", "test."))}


def built(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {name for name, number in after.items() if before.get(name) != number}


def change(home: Home, table: str, how) -> None:
    """Give every file of a raw table other rows."""
    for file in sorted((home.snapshot / table).glob("*.parquet")):
        rows = pq.read_table(file)
        if rows.num_rows:
            pq.write_table(how(rows).cast(rows.schema), file)
