"""The SQL of dbt models and tests, compiled once, to be run on tables a test makes in a DuckDB of its own.

So a test exercises the very SQL that the warehouse is built with, without building the warehouse.
"""

import csv
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import yaml

from tests import dbt_command

PROJECT = Path(__file__).parent.parent / "dbt_project"


@dataclass(frozen=True)
class Compiled:
    """Compiled SQL by node name, each model's schema, the models in an order to build them in, and the checks of data
    with their severity, which is `error` or `warn`."""

    sql: dict[str, str]
    schemas: dict[str, str]
    models: tuple[str, ...]
    checks: dict[str, str]

    @classmethod
    def of(cls, folder: Path) -> "Compiled":
        """What `compile_project` left in a folder."""
        manifest = json.loads((folder / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        sql, schemas, checks = {}, {}, {}
        needs = {}
        for key, node in manifest["nodes"].items():
            schemas[node["name"]] = node["schema"]
            if node.get("compiled_code"):
                sql[node["name"]] = node["compiled_code"].replace(f'"{node["database"]}".', "")
            if node["resource_type"] == "model":
                needs[key] = [other for other in node["depends_on"]["nodes"] if other.startswith("model.")]
            elif node["resource_type"] == "test":
                checks[node["name"]] = node["config"]["severity"].lower()
        models = tuple(manifest["nodes"][key]["name"] for key in TopologicalSorter(needs).static_order())
        return cls(sql, schemas, models, checks)

    def on_raw_tables(self) -> "Compiled":
        """The same, with sources not as Parquet files but as tables of the same name in the schema `raw`."""
        sources = re.compile(r"read_parquet\('[^']*/(\w+)/\*\.parquet'\)")
        return self.rewritten(lambda sql: sources.sub(r"raw.\1", sql))

    def rewritten(self, rewrite: Callable[[str], str]) -> "Compiled":
        """The same, with every statement as `rewrite` gives it."""
        return replace(self, sql={name: rewrite(sql) for name, sql in self.sql.items()})

    def build(self, connection: duckdb.DuckDBPyConnection, *models: str) -> None:
        """Create each model as a table, in the order given, from tables already there."""
        for model in models:
            relation = f"{self.schemas[model]}.{model}"
            connection.execute(f"create or replace table {relation} as {self.sql[model]}")

    def failures(self, connection: duckdb.DuckDBPyConnection, test: str) -> list[tuple]:
        """Rows a dbt test returns: none when it passes."""
        return connection.execute(self.sql[test]).fetchall()


def compile_project(target: Path) -> None:
    """Compile the whole project into a folder. Raises AssertionError with dbt's words when that fails."""
    before = {name: os.environ.get(name) for name in ("PREVENTION_RAW", "PREVENTION_CANDIDATE")}
    os.environ.update(PREVENTION_RAW=str(target / "raw"), PREVENTION_CANDIDATE=str(target / "warehouse.duckdb"))
    try:
        paths = ("--target-path", str(target / "dbt"), "--log-path", str(target / "logs"))
        ran = dbt_command.run(target, "--quiet", "compile", "--no-introspect", *paths)
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        close_adapters()
    assert ran.success, ran.exception or ran.result


def close_adapters() -> None:
    """Let go of dbt's connections, so that another connection can open a file in this process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    DuckDBConnectionManager.close_all_connections()
    FACTORY.reset_adapters()


def load_seeds(connection: duckdb.DuckDBPyConnection, *seeds: str) -> None:
    """Load seeds of the project as dbt does, with the column types declared beside them."""
    declared = {}
    for path in sorted((PROJECT / "seeds").glob("*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
            declared[seed["name"]] = seed.get("config", {}).get("column_types", {})
    connection.execute("create schema if not exists reference")
    for seed in seeds:
        path = PROJECT / "seeds" / f"{seed}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        types = ", ".join(f"'{c}': '{t}'" for c, t in declared[seed].items() if c in header)
        connection.execute(
            f"create or replace table reference.{seed} as select * from read_csv(?, header=true, types={{{types}}})",
            [str(path)],
        )
