"""The apportionment engine beside the plain SQL it cannot do without: a join and a write, no rounding.

    python -m benchmarks.apportionment [rows]

Both run in this process on the same generated ledger (one line a row, three services each, one in ten
negative), so that the ratio between them means something on any machine; processor time, so that a busy one
does not blur it. The engine's SQL is the project's own largest-remainder macro, compiled; its sums are checked
against the ledger to the penny.
"""

import resource
import sys
import time
from pathlib import Path

import duckdb
import jinja2

MACROS = Path(__file__).parent.parent / "dbt_project" / "macros" / "apportion.sql"
LEDGER = """
create table lines as
select
    i as line_key,
    cast(i % 40 as integer) as rule,
    cast((hash(i) % 100000000) * case when i % 10 = 0 then -1 else 1 end as bigint) as amount_pence
from range({rows}) as r (i)
"""
RULES = """
create table rules as
select r as rule, 'service_' || s as service_code, cast(1 + hash(r * 10 + s) % 1000000 as hugeint) as weight
from range(40) as a (r), range(3) as b (s)
"""
JOINED = """
select l.line_key, l.amount_pence, r.service_code, r.weight
from lines as l inner join rules as r on l.rule = r.rule
"""
FLOOR = "select line_key, service_code, amount_pence * cast(weight as bigint) as product from ({joined})"


def engine_sql() -> str:
    """The largest-remainder macro for DuckDB, over the joined ledger and rules."""

    class Adapter:
        @staticmethod
        def dispatch(name, _package):
            return getattr(module, f"duckdb__{name}")

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update({"adapter": Adapter, "return": lambda value: value})
    template = environment.from_string(MACROS.read_text(encoding="utf-8"))
    module = template.module
    body = module.largest_remainder(
        relation="joined",
        group_by="line_key",
        amount="amount_pence",
        weight="weight",
        tie="service_code",
        result="service_pence",
        keep=["line_key", "amount_pence", "service_code"],
    )
    return f"with joined as ({JOINED}) {body}"


def timed(connection: duckdb.DuckDBPyConnection, sql: str, table: str) -> float:
    """Processor seconds, all threads together, to write the query's rows into a table."""
    start = time.process_time()
    connection.execute(f"create or replace table {table} as {sql}")
    return time.process_time() - start


def main(rows: int = 1_000_000) -> None:
    """Print seconds, ratio and peak memory; stop with an error when a penny is missing."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute("set preserve_insertion_order = false")
    connection.execute(LEDGER.format(rows=rows))
    connection.execute(RULES)
    floor = min(timed(connection, FLOOR.format(joined=JOINED), "floor_rows") for _ in range(3))
    engine = min(timed(connection, engine_sql(), "engine_rows") for _ in range(3))
    wrong = connection.execute(
        "select count(*) from (select line_key, sum(service_pence) as given, min(amount_pence) as amount "
        "from engine_rows group by line_key) where given <> amount"
    ).fetchone()[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows:,} lines, {3 * rows:,} allocations, two threads")
    print(
        f"processor seconds: floor (join and write) {floor:.2f}, engine {engine:.2f}, "
        f"ratio {engine / floor:.1f}, peak {peak:,.0f} MB"
    )
    if wrong:
        sys.exit(f"{wrong} lines do not sum to their amount")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
