"""One way of sharing out a ledger, from Parquet to Parquet, in this process.

    python -m benchmarks.one_apportionment METHOD FOLDER

Methods: join_and_write, row_form, window_form, polars, pandas, spark.
"""

import sys
from pathlib import Path

import duckdb
import jinja2

MACROS = Path(__file__).parent.parent / "dbt_project" / "macros"
AMOUNTS = {"amount_pence": "service_pence"}
MEMORY_LIMIT = "450MB"


def macros():
    """The project's own macros, with DuckDB's dialect."""

    class Adapter:
        @staticmethod
        def dispatch(name, _package):
            return getattr(module, f"duckdb__{name}", None) or getattr(module, f"default__{name}")

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update({"adapter": Adapter, "return": lambda value: value})
    files = ("apportion.sql", "dialect/text.sql", "largest_remainder.sql")
    text = "".join((MACROS / name).read_text(encoding="utf-8") for name in files)
    # As dbt has it, a macro that returns a list gives the list, not its text.
    text = text.replace("{% macro row_places() -%}{{ return(range(1, 5)) }}{%- endmacro %}", "")
    environment.globals["row_places"] = lambda: range(1, 5)
    module = environment.from_string(text).module
    return module


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 2, "memory_limit": MEMORY_LIMIT})
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"set temp_directory = '{folder / 'spill'}'")
    connection.execute(f"create view lines as from '{folder / 'ledger.parquet'}'")
    connection.execute(f"create table rules as from '{folder / 'rules.parquet'}'")
    return connection


def write(connection: duckdb.DuckDBPyConnection, sql: str, folder: Path, method: str) -> None:
    connection.execute(f"copy ({sql}) to '{folder / method}.parquet' (format parquet)")


def join_and_write(folder: Path) -> None:
    """The floor: nothing is rounded; each service's exact product instead of its pence."""
    sql = (
        "select l.line_key, r.service_key, l.amount_pence * r.weight as service_pence "
        "from lines as l inner join rules as r on l.rule = r.rule"
    )
    write(connect(folder), sql, folder, "join_and_write")


def row_form(folder: Path) -> None:
    """`shared_by_row`, the form the models use for lines of few recipients."""
    m = macros()
    connection = connect(folder)
    connection.execute(f"create table by_rule as {m.weights_by_row('rules', ['rule'])}")
    fits = m.fits_by_row(AMOUNTS)
    narrow = f"select l.line_key, l.amount_pence, w.* from lines as l join by_rule as w on l.rule = w.rule where {fits}"
    # Rules that no row can hold, and lines too large for their rule. Where there are none the engine knows it from the
    # statistics of the file, and reads no line for them.
    recipients = "select l.line_key, l.amount_pence, r.service_key, r.place, r.weight"
    too_large = f"select l.* from lines as l join by_rule as w on l.rule = w.rule where not ({fits})"
    wide = (
        f"{recipients} from lines as l join (from rules anti join by_rule using (rule)) as r on l.rule = r.rule "
        f"union all {recipients} from ({too_large}) as l join rules as r on l.rule = r.rule"
    )
    sql = (
        f"with narrow as ({narrow}), shared as ({m.shared_by_row('narrow', AMOUNTS, ['line_key', 'rule'])}), "
        f"wide as ({wide}) "
        f"select n.line_key, r.service_key, {m.at_place('service_pence', 'r.place')} as service_pence "
        "from shared as n join rules as r on n.rule = r.rule union all "
        + m.shared_by_window("wide", ["line_key"], AMOUNTS, ["line_key", "service_key"])
    )
    write(connection, sql, folder, "row_form")


def window_form(folder: Path) -> None:
    """`shared_by_window`, which the models fall back on."""
    connection = connect(folder)
    connection.execute("set memory_limit = '16GB'")
    joined = (
        "select l.line_key, l.amount_pence, r.service_key, r.place, r.weight "
        "from lines as l join rules as r on l.rule = r.rule"
    )
    shared = macros().shared_by_window("joined", ["line_key"], AMOUNTS, ["line_key", "service_key"])
    write(connection, f"with joined as ({joined}) {shared}", folder, "window_form")


def polars(folder: Path) -> None:
    """The row form in Polars, streamed."""
    import polars as pl

    places = range(1, 5)
    rules = pl.read_parquet(folder / "rules.parquet")
    wide = rules.group_by("rule").agg(
        pl.col("weight").sum().alias("total"),
        *[pl.col("weight").filter(pl.col("place") == p).sum().alias(f"w{p}") for p in places],
    )
    amount = pl.col("amount_pence").abs()
    lines = pl.scan_parquet(folder / "ledger.parquet").join(wide.lazy(), on="rule")
    lines = lines.with_columns(*[(amount * pl.col(f"w{p}") // pl.col("total")).alias(f"q{p}") for p in places])
    lines = lines.with_columns(
        *[(amount * pl.col(f"w{p}") - pl.col(f"q{p}") * pl.col("total")).alias(f"r{p}") for p in places],
        (amount - sum(pl.col(f"q{p}") for p in places)).alias("left"),
    )

    def rank(p: int):
        beats = [
            (pl.col(f"r{o}") >= pl.col(f"r{p}")) if o < p else (pl.col(f"r{o}") > pl.col(f"r{p}"))
            for o in places
            if o != p
        ]
        return sum(beat.cast(pl.Int64) for beat in beats)

    given = [
        ((pl.col(f"q{p}") + (rank(p) < pl.col("left")).cast(pl.Int64)) * pl.col("amount_pence").sign()).alias(f"p{p}")
        for p in places
    ]
    lines = lines.select("line_key", "rule", *given)
    long = lines.join(rules.lazy().select("rule", "place", "service_key"), on="rule")
    pence = pl.when(pl.col("place") == 1).then("p1").when(pl.col("place") == 2).then("p2")
    pence = pence.when(pl.col("place") == 3).then("p3").otherwise("p4").alias("service_pence")
    long.select("line_key", "service_key", pence).sink_parquet(folder / "polars.parquet", compression="snappy")


def pandas(folder: Path) -> None:
    """The usual way in pandas: join, floor, rank the remainders within each line."""
    import numpy as np
    import pandas as pd

    rules = pd.read_parquet(folder / "rules.parquet")
    rows = pd.read_parquet(folder / "ledger.parquet").merge(rules, on="rule").sort_values(["line_key", "place"])
    total = rules.groupby("rule")["weight"].sum()
    amount = rows["amount_pence"].abs()
    product, whole = amount * rows["weight"], rows["rule"].map(total)
    rows["quotient"] = product // whole
    rows["remainder"] = product - rows["quotient"] * whole
    left = amount - rows.groupby("line_key")["quotient"].transform("sum")
    rank = rows.groupby("line_key")["remainder"].rank(method="first", ascending=False)
    rows["service_pence"] = np.sign(rows["amount_pence"]) * (rows["quotient"] + (rank <= left))
    rows[["line_key", "service_key", "service_pence"]].to_parquet(folder / "pandas.parquet", index=False)


def spark(folder: Path) -> None:
    """The window form in Spark, local with two threads."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.read.parquet(str(folder / "ledger.parquet")).createOrReplaceTempView("lines")
    session.read.parquet(str(folder / "rules.parquet")).createOrReplaceTempView("rules")
    session.sql(
        """
        with parts as (
            select l.line_key, r.service_key, r.place, l.amount_pence,
                abs(l.amount_pence) * r.weight div sum(r.weight) over (partition by l.line_key) as quotient,
                abs(l.amount_pence) * r.weight % sum(r.weight) over (partition by l.line_key) as remainder
            from lines as l join rules as r on l.rule = r.rule
        )
        select line_key, service_key,
            cast(sign(amount_pence) * (quotient + case when row_number() over (
                partition by line_key order by remainder desc, place
            ) <= abs(amount_pence) - sum(quotient) over (partition by line_key) then 1 else 0 end) as bigint)
                as service_pence
        from parts
        """
    ).write.mode("overwrite").parquet(str(folder / "spark.parquet"))
    gateway = session.sparkContext._gateway
    session.stop()
    # Waited for, so that what Java took is counted.
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


METHODS = {f.__name__: f for f in (join_and_write, row_form, window_form, polars, pandas, spark)}

if __name__ == "__main__":
    METHODS[sys.argv[1]](Path(sys.argv[2]))
