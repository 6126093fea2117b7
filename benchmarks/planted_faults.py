"""Plant a fault for every blocking check of the warehouse and see that the check finds it.

    python -m benchmarks.planted_faults --home var

Works on a copy of the candidate a refresh has left. For each dbt test of severity error, faults are planted one
after another in the tables it reads (a value emptied, a row twice, a row lost, a word or a number changed) until the
test's own SQL finds one; the fault is taken back before the next. Prints a table of check, fault and message, and
exits 1 when a check finds nothing. What a failing check does to a refresh is the same for all, and is tested once.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb

from expectations.results import ERROR, CheckResult
from orchestration.failures import stop_on
from orchestration.home import Home

PLANTED = "planted"


@dataclass(frozen=True)
class Finding:
    """One check: the fault that it found, and the first line of what it said. No fault when it found none."""

    check: str
    fault: str | None
    message: str


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path, default=Path("var"), help="home with the candidate of a refresh")
    home = Home(options.parse_args().home.absolute())
    if not home.candidate_database.exists():
        print(f"no tables as built in {home.candidate}: run `prevention refresh --rebuild` first")
        return 2
    findings = run(home)
    for finding in findings:
        print(f"{finding.check} | {finding.fault or 'NOT FOUND'} | {finding.message}")
    blind = [finding for finding in findings if finding.fault is None]
    print(f"{len(findings) - len(blind)} of {len(findings)} blocking checks found the fault planted for them")
    return 1 if blind else 0


def run(home: Home) -> list[Finding]:
    """A finding for every blocking dbt test whose table has rows to spoil."""
    nodes = json.loads((home.dbt / "manifest" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    tests = [n for n in nodes.values() if n["resource_type"] == "test" and n["config"]["severity"].lower() == ERROR]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "warehouse.duckdb"
        shutil.copyfile(home.candidate_database, database)
        with duckdb.connect(str(database)) as connection:
            return [_finding(connection, home, nodes, test) for test in sorted(tests, key=lambda test: test["name"])]


def _finding(connection: duckdb.DuckDBPyConnection, home: Home, nodes: dict, test: dict) -> Finding:
    sql = (home.dbt / "target" / "compiled" / "prevention" / _compiled(test)).read_text(encoding="utf-8")
    read = [nodes[i] for i in test["depends_on"]["nodes"] if i in nodes]
    read.sort(key=lambda node: node["unique_id"] != test.get("attached_node"))
    wrong = connection.execute(f"select count(*) from ({sql.rstrip().rstrip(';')})").fetchone()[0]
    if wrong:
        return Finding(test["name"], None, f"{wrong} rows before any fault was planted")
    for node in read:
        for fault, statement in _faults(connection, node, test):
            connection.execute("begin")
            try:
                connection.execute(statement)
                rows = connection.execute(f"select count(*) from ({sql.rstrip().rstrip(';')})").fetchone()[0]
            except duckdb.Error:
                rows = 0
            finally:
                connection.execute("rollback")
            if rows:
                return Finding(test["name"], f"{node['name']}: {fault}", _message(test, node, rows))
    return Finding(test["name"], None, "")


def _compiled(test: dict) -> str:
    """Where dbt puts a test's SQL: below its own file, or below the YAML that asks for it."""
    inside = test["original_file_path"]
    return inside if inside.endswith(".sql") else f"{inside}/{test['path']}"


def _faults(connection: duckdb.DuckDBPyConnection, node: dict, test: dict) -> Iterator[tuple[str, str]]:
    """Faults to plant in one table, the likeliest for this test first, each as words and SQL."""
    table = f'"{node["schema"]}"."{node["alias"]}"'
    columns = connection.execute(f"describe {table}").fetchall()
    view = connection.execute(
        "select 1 from duckdb_views() where schema_name = ? and view_name = ?", [node["schema"], node["alias"]]
    ).fetchone()
    # A view cannot be spoilt in place.
    copied = f"create table spoilt as select * from {table}; drop view {table}; " if view else ""
    copied += f"create table {table} as select * from spoilt;" if view else ""
    one = f"rowid = (select min(rowid) from {table})"
    named = (test.get("test_metadata") or {}).get("kwargs", {}).get("column_name")
    chosen = [column for column in columns if column[0] == named] or columns
    twice = ("a row twice", f"{copied} insert into {table} select * from {table} where {one}")
    if named is None or (test.get("test_metadata") or {}).get("name") == "unique":
        yield twice
    for name, kind, *_ in chosen:
        yield f"{name} emptied", f'{copied} update {table} set "{name}" = null where {one}'
        if kind == "VARCHAR":
            yield f"{name} changed", f"{copied} update {table} set \"{name}\" = '{PLANTED}' where {one}"
            yield f"{name} changed everywhere", f"{copied} update {table} set \"{name}\" = '{PLANTED}'"
        elif kind == "DATE":
            yield f"{name} moved everywhere", f'{copied} update {table} set "{name}" = "{name}" + 400'
        elif kind == "BOOLEAN":
            yield f"{name} turned", f'{copied} update {table} set "{name}" = not "{name}"'
        elif kind.startswith(("DECIMAL", "DOUBLE", "BIGINT", "INTEGER", "HUGEINT")):
            yield f"{name} raised everywhere", f'{copied} update {table} set "{name}" = "{name}" + 7'
    yield twice
    yield "a row lost", f"{copied} delete from {table} where {one}"
    yield "all rows lost", f"{copied} delete from {table}"


def _message(test: dict, node: dict, rows: int) -> str:
    """The first line of what the refresh would have said; raises when it would have gone on."""
    result = CheckResult(
        name=test["name"],
        subject=f"{node['schema']}.{node['name']}",
        severity=ERROR,
        status="fail",
        compared=1,
        failed=rows,
        expected="0 rows that do not hold",
        observed=f"{rows} rows",
        difference=str(rows),
        place=test["original_file_path"],
    )
    try:
        stop_on([result], "Nothing was published.")
    except dg.Failure as failure:
        return failure.description.splitlines()[1]
    raise AssertionError(f"{test['name']} does not block")


if __name__ == "__main__":
    sys.exit(main())
