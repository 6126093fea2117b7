"""A warehouse of the finance models alone, for tests: files landed, read, and built by dbt into a folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd

from ingest import land

ROOT = Path(__file__).parents[1]
FINANCE = ("revenue_account", "revenue_outturn")
REGISTER = ("council_registry", "cassr_codes", "population")
MODELS = ("+audit_reconciliation_publication", "+mart_restatements", "dim_release", "publications_without_totals")


class Warehouse:
    """A home folder with landed files, raw Parquet and a DuckDB file built by dbt from the finance models."""

    def __init__(self, home: Path, like: Path):
        """A new home; what the home `like` has read of the same files is not read again."""
        self.home = home
        shutil.copytree(like / "raw", home / "raw")

    def land(self, folder: Path, is_sample: bool = False, only: str | None = None) -> None:
        """Land the register files below a folder and its finance files, or only the one of this name."""
        for found in land.find(folder, is_sample):
            is_finance = found.release.source.reader in FINANCE
            if (is_finance and only in (None, found.path.name)) or found.release.source.reader in REGISTER:
                land.land(found, self.home / "landing")

    def build(self) -> subprocess.CompletedProcess:
        """Read what is landed and let dbt build and test it; `returncode` 1 when a check fails."""
        taken = [(e, land.ingest(e, self.home / "raw")) for e in land.editions(self.home / "landing")]
        snapshot = self.home / "snapshot"
        land.snapshot(taken, self.home / "raw", snapshot, {"releases": land.releases_table(taken)})
        environment = {
            **os.environ,
            "PREVENTION_RAW": str(snapshot),
            "PREVENTION_CANDIDATE": str(self.home / "warehouse.duckdb"),
        }
        command = [sys.executable, "-m", "tests.dbt_command", str(self.home), "--quiet", "build"]
        command += ["--target-path", str(self.home / "target"), "--log-path", str(self.home / "logs")]
        # Tests of models outside the selection would look for tables that this warehouse has not got.
        command += ["--indirect-selection", "buildable", "--select", *MODELS]
        # E-codes are complete only where the files of every year are landed.
        command += ["--exclude", "assert_each_ecode_names_one_council_a_year"]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    def ask(self, sql: str) -> pd.DataFrame:
        """The answer to a query of what was built."""
        return ask(self.home / "warehouse.duckdb", sql)


def ask(database: Path, sql: str) -> pd.DataFrame:
    """The answer of a database that is only read."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(sql).df()
