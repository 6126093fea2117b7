"""A warehouse built from part of the files of a refresh: the very SQL of models and checks, on what is left of the raw
tables."""

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.series_held import ALL, of_editions
from tests.dbt_models import PROJECT, Compiled, load_seeds

# An earlier edition serves where the later one that served in its place is left out.
LAST_SERVES = """
    update raw.releases as r set is_serving = true
    where
        not exists (select 1 from raw.releases as o where o.release_of = r.release_of and o.is_serving)
        and r.edition_order = (select max(o.edition_order) from raw.releases as o where o.release_of = r.release_of)
        and r.release_of in (select unnest($1))
"""

# What the macro `something_is_due` leaves in the SQL; the project is compiled as if everything were held.
DUE = re.compile(r"true /\* where (\w+) is held \*/")


class PartialWarehouse:
    """Raw tables of a snapshot with the rows of some releases only, and everything that is made of them."""

    def __init__(self, compiled: Compiled, snapshot: Path, releases: Iterable[str]):
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1")
        for schema in sorted({"raw", *compiled.schemas.values()}):
            self.connection.execute(f"create schema if not exists {schema}")
        load_seeds(self.connection, *(path.stem for path in sorted((PROJECT / "seeds").glob("*.csv"))))
        for table in sorted(path.name for path in snapshot.iterdir() if path.is_dir()):
            self._load(table, f"read_parquet('{snapshot}/{table}/*.parquet')", list(releases))
        served = {release.split("@")[0] for release in releases}
        self.connection.execute(LAST_SERVES, [sorted(served & self._served_in(snapshot))])
        self.held = of_editions(self.connection.execute("select source, financial_year from raw.releases").fetchall())
        self.compiled = compiled.on_raw_tables().rewritten(self.as_due)
        self.compiled.build(self.connection, *self.compiled.models)

    def _served_in(self, snapshot: Path) -> set[str]:
        """Releases of which some edition serves in the whole: one of two that repeat each other may not."""
        whole = f"read_parquet('{snapshot}/releases/*.parquet')"
        return {
            r
            for (r,) in self.connection.execute(f"select distinct release_of from {whole} where is_serving").fetchall()
        }

    def _load(self, table: str, parquet: str, releases: list[str]) -> None:
        columns = [name for name, *_ in self.connection.execute(f"describe from {parquet}").fetchall()]
        # What has no release is worked out of many: agreement, checks of quotations, problems, results.
        kept = "release_id in (select unnest($1))" if "release_id" in columns else "len($1) < 0"
        self.connection.execute(f"create table raw.{table} as from {parquet} where {kept}", [releases])

    def as_due(self, sql: str) -> str:
        """A statement with what is due decided by the series that are held."""
        return DUE.sub(lambda found: str(bool({ALL, found[1]} & self.held)).lower(), sql)

    def faults(self) -> dict[str, tuple]:
        """The first row of every check that does not hold and would keep the part from being published."""
        found = {}
        for check, severity in self.compiled.checks.items():
            rows = self.compiled.failures(self.connection, check) if severity == "error" else []
            if rows:
                found[check] = rows[0]
        return found
