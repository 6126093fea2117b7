"""dbt in this process: build, and say what each model and each test gave as soon as dbt has finished with it."""

import os
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from expectations.results import ERROR, WARN, CheckResult, difference_of
from orchestration import reuse
from orchestration.check_rules import rule_of
from orchestration.home import Home
from orchestration.project import QUIET, dbt_arguments, dbt_environment, parsed
from orchestration.series_held import series_held

SHOWN_ROWS = 20
# A finding that is a sentence is told by itself: a new one must not be lost behind those known before.
MOST_SENTENCES = 1000
MEASURED = ("expected", "observed", "difference")
TESTS = ("test", "unit_test")


class DbtFailed(Exception):
    """dbt could not run at all, for example on SQL that does not compile."""


@dataclass(frozen=True)
class Built:
    """One model or seed that dbt has built: its dbt id, schema and name, seconds and rows (null where unknown)."""

    unique_id: str
    schema: str
    name: str
    seconds: float
    rows: int | None


@dataclass(frozen=True)
class NotBuilt:
    """One model or seed that could not be built, with dbt's message."""

    unique_id: str
    message: str


def build(home: Home, *selection: str, leave_unchanged: bool = False) -> Iterator[Built | CheckResult | NotBuilt]:
    """Build and test the selected nodes into the candidate database, giving each result when dbt has it.

    With `leave_unchanged`, models and tests whose SQL and inputs are as they were when the candidate was last built
    are given as they are and not built again.

    What dbt skips because something before it failed is not given. Unit tests are left to the test suite: they look
    at no data of this refresh. Raises DbtFailed when dbt stops before it has results.
    """
    from dbt.cli.main import dbtRunner

    os.environ.update(dbt_environment(home), PREVENTION_SERIES_HELD=",".join(sorted(series_held(home.snapshot))))
    home.candidate.mkdir(parents=True, exist_ok=True)
    try:
        manifest = parsed(home)
    except RuntimeError as error:
        raise DbtFailed(f"dbt did not run: {error}") from error
    os.environ[reuse.SWITCH] = "yes" if leave_unchanged else "no"
    reuse.begin(home, manifest)
    events: queue.Queue = queue.Queue()
    runner = dbtRunner(manifest=manifest, callbacks=[events.put])
    arguments = [
        *QUIET,
        "--no-write-json",
        "build",
        "--exclude-resource-type",
        "unit_test",
        *dbt_arguments(home),
        *selection,
    ]
    ended: list[Any] = []

    def run() -> None:
        try:
            ended.append(runner.invoke(arguments))
        finally:
            os.environ.pop(reuse.SWITCH, None)
            events.put(None)

    thread, asked_by = threading.Thread(target=run, name="dbt"), threading.current_thread()
    thread.start()
    look = Look(manifest)
    try:
        given = set()
        for event in iter(events.get, None):
            if event.info.name == "NodeFinished":
                found = look.at(event.data.node_info.unique_id, event.data.run_result)
                if found is not None:
                    given.add(event.data.node_info.unique_id)
                    yield found
        outcome = ended[0] if ended else None
        if outcome is None or outcome.result is None or not hasattr(outcome.result, "results"):
            raise DbtFailed(f"dbt did not run: {outcome and outcome.exception}")
        for result in outcome.result.results:
            if result.node.unique_id not in given:
                found = look.at(result.node.unique_id, result)
                if found is not None:
                    yield found
    finally:
        # Dropped half-way, this may be closed by whichever thread collects it. One of dbt's own would wait for itself;
        # dbt then comes to its end alone, and the process with it.
        if threading.current_thread() is asked_by:
            thread.join()
            look.close()
            close_connections()


def close_connections() -> None:
    """Let go of the database: an adapter left open would keep the file from every later connection of this process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    DuckDBConnectionManager.close_all_connections()
    FACTORY.reset_adapters()


class Look:
    """What dbt says of a node, made into what a refresh wants to know, with a look into the candidate database, by
    `handle` if dbt has no connection of its own to it. `counted` are rows of relations that are not in it."""

    def __init__(
        self,
        manifest,
        handle: duckdb.DuckDBPyConnection | None = None,
        counted: dict[str, int] | None = None,
    ):
        self._manifest = manifest
        self._handle: Any = handle
        self._counts: dict[str, int | None] = {**(counted or {})}

    def at(self, unique_id: str, result) -> Built | CheckResult | NotBuilt | None:
        node, status = self._manifest.nodes.get(unique_id), str(result.status)
        if node is None or status == "skipped":
            return None
        if node.resource_type in TESTS:
            return self._check(node, status, result)
        if status == "success":
            rows = self._count(f'"{node.schema}"."{node.alias}"')
            return Built(unique_id, node.schema, node.name, result.execution_time, rows)
        return NotBuilt(unique_id, f"{node.name} ({node.original_file_path}): {' '.join(str(result.message).split())}")

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()

    def _execute(self, sql: str):
        """A query on dbt's own connection to the candidate: nobody else may open the file while dbt has it."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        if self._handle is None:
            self._handle = DuckDBConnectionManager.env().handle()
        cursor = self._handle.cursor()
        cursor.execute(sql)
        return cursor

    def _count(self, relation: str) -> int | None:
        """Rows of a relation, counted once: dbt builds a model before it tests it."""
        if relation not in self._counts:
            try:
                self._counts[relation] = self._execute(f"select count(*) from {relation}").fetchone()[0]
            except (duckdb.Error, RuntimeError):
                self._counts[relation] = None
        return self._counts[relation]

    def _check(self, node, status: str, result) -> CheckResult:
        # An event carries `num_failures`, a result `failures`.
        failed = int(getattr(result, "num_failures", None) or getattr(result, "failures", None) or 0)
        severity = WARN if str(node.config.severity).lower() == "warn" else ERROR
        schema, name = self._subject(node)
        compared = self._count(f'"{schema}"."{name}"') if schema != "raw" else self._count_source(name)
        if status == "error":
            failed = failed or 1
        rows = self._failing_rows(node) if status in ("fail", "warn") else []
        measured = {k: rows[0][k] for k in MEASURED if rows and k in rows[0]}
        worded = {"pass": "pass", "warn": "warn"}.get(status, "fail")
        if worded == "pass" and not compared:
            worded = "empty"
        is_error = status == "error"
        return CheckResult(
            name=node.name,
            subject=f"{schema}.{name}",
            severity=severity,
            status=worded,
            compared=compared or 0,
            failed=failed,
            expected=measured.get("expected", "0 rows that do not hold"),
            observed=measured.get("observed", f"{failed} rows"),
            difference=measured.get("difference") or difference_of(measured.get("expected", 0), failed),
            detail=" ".join(str(result.message).split()) if is_error else rule_of(node.to_dict()),
            place=f"dbt_project/{node.original_file_path}",
            rows=rows,
        )

    def _subject(self, node) -> tuple[str, str]:
        """The table a test is about: the one it is attached to, named in its meta, or the last it refers to."""
        named = (node.config.meta or {}).get("dagster", {}).get("ref", {}).get("name")
        refers = node.depends_on.nodes
        unique_id = next((d for d in refers if named and d.endswith(f".{named}")), None)
        unique_id = unique_id or getattr(node, "attached_node", None) or (refers[-1] if refers else "")
        if unique_id in self._manifest.sources:
            return "raw", self._manifest.sources[unique_id].name
        found = self._manifest.nodes.get(unique_id)
        return (found.schema, found.alias) if found else ("", node.name)

    def _count_source(self, name: str) -> int | None:
        source = next(s for s in self._manifest.sources.values() if s.name == name)
        location = (source.meta or source.source_meta).get("external_location", "")
        return self._count(location.format(name=name)) if location else None

    def _failing_rows(self, node) -> list[dict]:
        """Rows the test complains about, found again with its own SQL: a few, or all of them that are sentences."""
        sql = getattr(node, "compiled_code", None)
        if not sql:
            return []
        try:
            found = self._execute(f"select * from ({sql.rstrip().rstrip(';')}) limit {MOST_SENTENCES}")
            names = [column[0] for column in found.description]
            rows = found.fetchmany(MOST_SENTENCES if "sentence" in names else SHOWN_ROWS)
            return [dict(zip(names, map(str, row), strict=True)) for row in rows]
        except (duckdb.Error, RuntimeError):
            return []
