"""dbt in this process: build, then say what each model and each test gave."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.results import ERROR, WARN, CheckResult, difference_of
from orchestration.check_rules import rule_of
from orchestration.home import Home
from orchestration.project import dbt_arguments, dbt_environment

SHOWN_ROWS = 5
MEASURED = ("expected", "observed", "difference")


class DbtFailed(Exception):
    """dbt could not run, or a model could not be built."""


@dataclass(frozen=True)
class Built:
    """One model or seed that dbt has built: its dbt id and schema, seconds and row count (null for views)."""

    unique_id: str
    schema: str
    seconds: float
    rows: int | None


@dataclass(frozen=True)
class DbtOutcome:
    """What one dbt build gave. `errors` are nodes that could not be built, with dbt's message."""

    built: list[Built]
    checks: list[CheckResult]
    errors: list[str]
    skipped: list[str]


def build(home: Home, *selection: str) -> DbtOutcome:
    """Build and test the selected nodes into the candidate database.

    Raises DbtFailed when dbt stops before it has results, for example on SQL that does not compile.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY
    from dbt.cli.main import dbtRunner

    os.environ.update(dbt_environment(home))
    home.candidate.mkdir(parents=True, exist_ok=True)
    try:
        ran = dbtRunner().invoke(
            ["--quiet", "--log-level", "none", "--log-level-file", "info", "build", *dbt_arguments(home), *selection]
        )
    finally:
        # An adapter left open would keep the file from every later connection of this process.
        DuckDBConnectionManager.close_all_connections()
        FACTORY.reset_adapters()
    if ran.result is None or not hasattr(ran.result, "results"):
        raise DbtFailed(f"dbt did not run: {ran.exception}")
    return _outcome(home.candidate_database, ran.result.results)


def _outcome(database: Path, results: list) -> DbtOutcome:
    built, checks, errors, skipped = [], [], [], []
    with duckdb.connect(str(database), read_only=True) as connection:
        counts = _row_counts(connection)
        # In dbt's own order, in which no model comes before those it is made from.
        for result in results:
            node, status = result.node, str(result.status)
            if status == "skipped":
                skipped.append(node.name)
            elif node.resource_type in ("test", "unit_test"):
                checks.append(_check(connection, counts, result))
            elif status == "success":
                rows = counts.get(f"{node.schema}.{node.alias}")
                built.append(Built(node.unique_id, node.schema, result.execution_time, rows))
            else:
                errors.append(f"{node.name} ({node.original_file_path}): {' '.join(str(result.message).split())}")
    return DbtOutcome(built, checks, errors, skipped)


def _row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table of the candidate; the check of a view counts what the view gives."""
    names = connection.execute("select table_schema, table_name from information_schema.tables order by all").fetchall()
    counts = {}
    for schema, name in names:
        try:
            counts[f"{schema}.{name}"] = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchone()[0]
        except duckdb.Error:
            continue
    return counts


def _check(connection: duckdb.DuckDBPyConnection, counts: dict[str, int], result) -> CheckResult:
    node, status = result.node, str(result.status)
    severity = WARN if str(node.config.severity).lower() == "warn" else ERROR
    failed = int(result.failures or 0)
    subject = subject_of(node)
    compared = counts.get(subject, 0)
    if status == "error":
        failed = failed or 1
    rows = _failing_rows(connection, node) if status in ("fail", "warn") else []
    measured = {k: rows[0][k] for k in MEASURED if rows and k in rows[0]}
    worded = {"pass": "pass", "warn": "warn"}.get(status, "fail")
    if worded == "pass" and compared == 0:
        worded = "empty"
    return CheckResult(
        name=node.name,
        subject=subject,
        severity=severity,
        status=worded,
        compared=compared,
        failed=failed,
        expected=measured.get("expected", "0 rows that do not hold"),
        observed=measured.get("observed", f"{failed} rows"),
        difference=measured.get("difference") or difference_of(measured.get("expected", 0), failed),
        detail=_detail(result),
        place=f"dbt_project/{node.original_file_path}",
        rows=rows,
    )


def _detail(result) -> str:
    if str(result.status) == "error":
        return " ".join(str(result.message).split())
    return rule_of(result.node.to_dict())


def subject_of(node) -> str:
    """The table a test is about: the one it is attached to, named in its meta, or the last it refers to."""
    named = (node.config.meta or {}).get("dagster", {}).get("ref", {}).get("name")
    attached = getattr(node, "attached_node", None)
    unique_id = next((d for d in node.depends_on.nodes if named and d.endswith(f".{named}")), None) or attached
    unique_id = unique_id or (node.depends_on.nodes[-1] if node.depends_on.nodes else "")
    return _relation(unique_id)


def _relation(unique_id: str) -> str:
    """`schema.table` of a dbt id, by the project's naming: the folder a model lies in is its schema."""
    kind, _, *rest = unique_id.split(".")
    name = rest[-1] if rest else unique_id
    if kind == "source":
        return f"raw.{name}"
    if kind == "seed":
        return f"reference.{name}"
    layers = {"stg_": "staging", "core_": "core", "int_": "intermediate", "audit_": "audit"}
    return f"{next((layer for prefix, layer in layers.items() if name.startswith(prefix)), 'marts')}.{name}"


def _failing_rows(connection: duckdb.DuckDBPyConnection, node) -> list[dict]:
    """A few rows the test complains about, found again with its own SQL."""
    sql = getattr(node, "compiled_code", None)
    if not sql:
        return []
    try:
        found = connection.execute(f"select * from ({sql.rstrip().rstrip(';')}) limit {SHOWN_ROWS}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, map(str, row), strict=True)) for row in found.fetchall()]
    except duckdb.Error:
        return []
