"""Run suites of expectations over frames of modest size and say what each one compared."""

from pathlib import Path

import duckdb
import pandas as pd

from expectations.results import ERROR, WARN, CheckResult
from expectations.suites import PLACE, Suite


def run(
    suites: list[Suite], tables: dict[str, str], database: Path | None = None, judged: list | None = None
) -> list[CheckResult]:
    """Every suite over its own query.

    `tables` names the relations the queries read, as SQL: raw Parquet, or tables of `database`. A suite that
    must not be empty and is fails, whatever its expectations say. What Great Expectations found is added to `judged`,
    for Data Docs.
    """
    with duckdb.connect(str(database) if database else ":memory:", read_only=database is not None) as connection:
        frames = {suite.name: _frame(connection, suite.query.format(**tables)) for suite in suites}
    return judge(suites, frames, judged)


def judge(suites: list[Suite], frames: dict[str, pd.DataFrame], judged: list | None = None) -> list[CheckResult]:
    """Every suite over the frame of its name."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("frames")
    results: list[CheckResult] = []
    for suite in suites:
        frame = frames[suite.name]
        if frame.empty:
            results.append(_empty(suite))
            continue
        batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
        expectations = [
            getattr(gx.expectations, kind)(**arguments, severity="critical" if severity == ERROR else "warning")
            for kind, arguments, severity in suite.expectations
        ]
        validated = batch.get_batch({"dataframe": frame}).validate(
            gx.ExpectationSuite(name=suite.name, expectations=expectations),
            result_format={"result_format": "COMPLETE"},
        )
        if len(validated.results) != len(suite.expectations):
            raise RuntimeError(f"suite {suite.name}: {len(validated.results)} of {len(suite.expectations)} ran")
        results += [_result(suite, frame, found) for found in validated.results]
        if judged is not None:
            judged.append(validated)
    return results


def _frame(connection: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """What the query gives; nothing when the table it asks for was not built."""
    try:
        return connection.execute(query).df()
    except duckdb.CatalogException:
        return pd.DataFrame()


def _empty(suite: Suite) -> CheckResult:
    must = suite.must_have_rows
    return CheckResult(
        name=f"{suite.name}__has_rows",
        subject=suite.subject,
        severity=ERROR if must else WARN,
        status="fail" if must else "empty",
        compared=0,
        failed=1 if must else 0,
        expected="at least 1 row" if must else "any",
        observed="0 rows",
        difference="1" if must else "0",
        detail="there was nothing to compare",
        place=PLACE,
    )


def _result(suite: Suite, frame: pd.DataFrame, found) -> CheckResult:
    config, outcome = found.expectation_config, found.result or {}
    arguments = {k: v for k, v in config.kwargs.items() if k not in ("batch_id", "column", "severity", "result_format")}
    column = config.kwargs.get("column") or "_".join(
        str(config.kwargs[k]) for k in ("column_A", "column_B") if k in config.kwargs
    )
    is_error = next(
        severity == ERROR
        for kind, given, severity in suite.expectations
        if _snake(kind) == config.type and all(config.kwargs.get(k) == v for k, v in given.items())
    )
    failed = int(outcome.get("unexpected_count") or (0 if found.success else 1))
    observed = outcome.get("observed_value", f"{failed} of {len(frame)} do not hold")
    problem = (found.exception_info or {}).get("exception_message")
    return CheckResult(
        name="__".join(part for part in (suite.name, column, config.type.removeprefix("expect_")) if part),
        subject=suite.subject,
        severity=ERROR if is_error else WARN,
        status="pass" if found.success else ("fail" if is_error else "warn"),
        compared=int(outcome.get("element_count") or len(frame)),
        failed=failed,
        expected=", ".join(f"{k} {v}" for k, v in arguments.items()) or "holds for every row",
        observed=str(observed),
        difference=str(failed),
        detail=problem or suite.meaning,
        place=PLACE,
        rows=[] if found.success else _rows(frame, outcome),
    )


def _rows(frame: pd.DataFrame, outcome: dict) -> list[dict]:
    """The first five rows that failed, with all their columns."""
    wrong = outcome.get("unexpected_index_list") or []
    places = [place["index"] if isinstance(place, dict) else place for place in wrong[:5]]
    return [{k: str(v) for k, v in frame.iloc[place].items()} for place in places if isinstance(place, int)]


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
