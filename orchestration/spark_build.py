"""The dbt project on Spark: the same models and tests as in `dbt_run`, on a cluster, with the same results.

Raw tables are registered from the snapshot's Parquet, the tables that dbt makes are Parquet below the home, and when
dbt has ended they are copied into the candidate database, so that everything after it goes on as it does with DuckDB.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.results import CheckResult
from ingest.tables import TABLES
from orchestration.dbt_run import Built, DbtFailed, Look, NotBuilt
from orchestration.home import Home, sql_text
from orchestration.project import PROJECT_DIR, QUIET, dbt_environment
from orchestration.series_held import series_held
from orchestration.spark_cluster import LOOPBACK, NoSpark, cluster, is_installed

# What follows from the data being small beside a cluster, and from texts and numbers being read as DuckDB reads them.
SETTINGS = {
    "spark.app.name": "prevention",
    "spark.driver.bindAddress": LOOPBACK,
    "spark.driver.memory": "3g",
    # Two million lines in one hash table of a task do not fit into 1.5 GB.
    "spark.executor.memory": "4g",
    "spark.log.structuredLogging.enabled": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}

# What the views of a home are, beside its tables.
VIEWS = "views.json"
SPARK_TYPES = {"int32": "int", "int64": "bigint", "bool": "boolean", "date32[day]": "date"}


def build(
    home: Home, *selection: str, master: str = "", partitions: int = 4
) -> Iterator[Built | CheckResult | NotBuilt]:
    """Build and test the selected nodes on Spark, then give each result as `dbt_run.build` does.

    `master` is the address of a cluster (`spark://…`, or `local[2]` for none); without it one of two workers is
    started on this computer and ended again. Raises DbtFailed where Spark or dbt cannot run at all.
    """
    if not is_installed():
        raise DbtFailed("Spark is not installed here: `pip install 'prevention-warehouse[spark]'`, and Java 17")
    place = home.dbt / "spark"
    try:
        started = nullcontext(master) if master else cluster(place / "cluster")
        with started as address, session(home, address, partitions) as spark:
            manifest, results = _run(home, *selection)
            _note_views(home, results)
            counted = _rows_of_views(spark, home, results)
    except NoSpark as error:
        raise DbtFailed(str(error)) from error
    with copy_into_candidate(home) as connection:
        look = Look(manifest, connection, counted)
        for result in results:
            found = look.at(result.node.unique_id, result)
            if found is not None:
                yield found


def warehouse(home: Home) -> Path:
    """Where Spark keeps the tables of a home: a folder of Parquet files for each, below its schema."""
    return home.candidate / "spark"


@contextmanager
def session(home: Home, master: str, partitions: int = 4) -> Iterator[Any]:
    """A Spark session that knows the raw tables of the home, and the tables and views built in it before."""
    os.environ.update(SPARK_LOCAL_IP=LOOPBACK, PYSPARK_PYTHON=sys.executable)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master)
    given = SETTINGS | {
        "spark.driver.host": LOOPBACK,
        "spark.sql.shuffle.partitions": str(partitions),
        "spark.sql.warehouse.dir": str(warehouse(home).absolute()),
    }
    for name, value in given.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        spark.sparkContext.setLogLevel("OFF")
        _register(spark, home)
        yield spark
    finally:
        spark.stop()


def _register(spark: Any, home: Home) -> None:
    for name, table in TABLES.items():
        # Types as declared: to find them in the files is a job of the cluster for each table.
        _register_table(spark, "raw", name, home.snapshot / name, table.schema)
    for folder in sorted(warehouse(home).glob("*.db/*")):
        # A table whose writing was cut short has no mark of success.
        if (folder / "_SUCCESS").exists():
            part = next(folder.glob("*.parquet"))
            _register_table(spark, folder.parent.stem, folder.name, folder, pq.read_schema(part))
        else:
            shutil.rmtree(folder)
    spark.udf.register("jaro_winkler_similarity", _similarity(), "double")
    _register_views(spark, home)


def _register_views(spark: Any, home: Home) -> None:
    from pyspark.errors import AnalysisException

    views = _noted_views(home)
    for name in TopologicalSorter({name: view["reads"] for name, view in views.items()}).static_order():
        # One over a table whose writing was cut short cannot be: dbt says so if it is asked for.
        with suppress(AnalysisException):
            if name in views:
                schema, alias, sql = (views[name][part] for part in ("schema", "alias", "sql"))
                spark.sql(f"create database if not exists {schema}")
                spark.sql(f"create or replace view {schema}.{alias} as {sql}")


def _spark_type(kind: pa.DataType) -> str:
    """A type of a column as Spark writes it."""
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    return SPARK_TYPES.get(str(kind), str(kind))


def _register_table(spark: Any, schema: str, table: str, folder: Path, types: pa.Schema) -> None:
    columns = ", ".join(f"{column.name} {_spark_type(column.type)}" for column in types)
    spark.sql(f"create database if not exists {schema}")
    location = str(folder.absolute()).replace("'", "\\'")
    kind = "using parquet options (pathGlobFilter '*.parquet')"
    spark.sql(f"create table {schema}.{table} ({columns}) {kind} location '{location}'")


def _similarity():
    """How alike two names are: the one function of DuckDB's that Spark has not. Sent to the workers by value."""

    def jaro_winkler(first, second):
        from rapidfuzz.distance import JaroWinkler

        return None if first is None or second is None else JaroWinkler.similarity(first, second)

    return jaro_winkler


def _run(home: Home, *selection: str) -> tuple[Any, list]:
    """What dbt made of the project on the session of this process: its manifest, and the result of each node."""
    from dbt.cli.main import dbtRunner

    _keep_errors_errors()
    os.environ.update(dbt_environment(home), PREVENTION_SERIES_HELD=",".join(sorted(series_held(home.snapshot))))
    folders = ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR), "--target", "spark"]
    written = ["--target-path", str(home.dbt / "spark" / "target"), "--log-path", str(home.dbt / "spark" / "logs")]
    parsed: Any = dbtRunner().invoke([*QUIET, "parse", *folders, *written])
    if not parsed.success:
        raise DbtFailed(f"the dbt project does not parse for Spark: {parsed.exception}")
    ran: Any = dbtRunner(manifest=parsed.result).invoke(
        [*QUIET, "build", "--exclude-resource-type", "unit_test", *folders, *written, *selection]
    )
    _let_go()
    if ran.result is None or not hasattr(ran.result, "results"):
        raise DbtFailed(f"dbt did not run: {ran.exception}")
    return parsed.result, ran.result.results


def _noted_views(home: Home) -> dict[str, dict]:
    """Views of the home by dbt id: schema, alias, SQL, and the dbt ids of what they read."""
    path = warehouse(home) / VIEWS
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _note_views(home: Home, results: list) -> None:
    """A session ends with its views, where tables stay: what they are is kept for the next one."""
    noted = _noted_views(home)
    for one in results:
        node = one.node
        if node.resource_type == "model" and node.config.materialized == "view" and str(one.status) == "success":
            known = {"schema": node.schema, "alias": node.alias, "sql": node.compiled_code}
            noted[node.unique_id] = known | {"reads": list(node.depends_on_nodes)}
    warehouse(home).mkdir(parents=True, exist_ok=True)
    (warehouse(home) / VIEWS).write_text(json.dumps(noted), encoding="utf-8")


def _rows_of_views(spark: Any, home: Home, results: list) -> dict[str, int]:
    """Rows of each view that was built or tested: views are not copied, and a test of one without rows is empty."""
    asked = {name for one in results for name in (one.node.unique_id, *one.node.depends_on_nodes)}
    return {
        f'"{view["schema"]}"."{view["alias"]}"': spark.table(f"{view['schema']}.{view['alias']}").count()
        for name, view in _noted_views(home).items()
        if name in asked and spark.catalog.tableExists(f"{view['schema']}.{view['alias']}")
    }


def _keep_errors_errors() -> None:
    """dbt-spark turns off what makes an overflow or an impossible cast an error: a sum would be a null instead."""
    from dbt.adapters.spark.connections import SparkCredentials

    set_up = SparkCredentials.__post_init__
    if getattr(set_up, "keeps_errors", False):
        return

    def with_errors(credentials):
        set_up(credentials)
        credentials.server_side_parameters["spark.sql.ansi.enabled"] = "true"

    with_errors.keeps_errors = True  # type: ignore[attr-defined]
    SparkCredentials.__post_init__ = with_errors


def _let_go() -> None:
    from dbt.adapters.factory import FACTORY

    FACTORY.reset_adapters()


def copy_into_candidate(home: Home) -> duckdb.DuckDBPyConnection:
    """Every table that Spark has made, as a table of the candidate database; the open connection to it."""
    connection = duckdb.connect(str(home.candidate_database))
    for folder in sorted(warehouse(home).glob("*.db/*")):
        if not (folder / "_SUCCESS").exists():
            continue
        schema, table = folder.parent.stem, folder.name
        connection.execute(f'create schema if not exists "{schema}"')
        connection.execute(
            f'create or replace table "{schema}"."{table}" as from read_parquet({sql_text(folder / "*.parquet")})'
        )
    return connection
