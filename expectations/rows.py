"""Row-level suites at the door: every cell of every raw table against the rule its column is declared with.

The suites are generated from the declarations and run as one checkpoint. A rule about one cell holds for every row
exactly when it holds for every value the column has. So DuckDB first reduces each column to its values (a number to
its smallest and largest, an emptiness to one row), and Great Expectations judges those: millions of rows cost what
thousands do, and no row is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

from expectations.results import ERROR, WARN, CheckResult

MEANING = "each cell holds what its column is declared to hold"
PLACE = "ingest/tables.py"
TYPES = "raw_types"
TYPES_SUBJECT = "releases"
TYPES_MEANING = "raw files have the columns and types their tables are declared with"
EXAMPLES = 5
WHERE_FROM = ("release_id", "sheet", "source_row", "source_column", "file", "check_name")


class Rule(Protocol):
    """What a column's declaration says of each cell."""

    @property
    def is_required(self) -> bool: ...
    @property
    def pattern(self) -> str | None: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def low(self) -> Any: ...
    @property
    def high(self) -> Any: ...
    @property
    def is_publishers(self) -> bool: ...


@dataclass(frozen=True)
class RawColumns:
    """A raw table as it is declared and where its rows lie: `relation` is an expression SQL can read from."""

    name: str
    relation: str
    types: Mapping[str, str]
    rules: Mapping[str, Rule]

    @property
    def suite(self) -> str:
        return suite_of(self.name)


def suite_of(table: str) -> str:
    """Name of the suite, and of the check, of a raw table's rows."""
    return f"rows_of_{table}"


def check(tables: Iterable[RawColumns], work: Path, judged: list | None = None) -> list[CheckResult]:
    """One result a table, over all of its rows, and one over the types of all tables.

    `work` is a folder for the reduced columns. What Great Expectations found is added to `judged`, for Data Docs.
    """
    known, results = list(tables), []
    work.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        rows = {table.name: _reduce(connection, table, work) for table in known}
        held = [table for table in known if rows[table.name] and table.rules]
        _write_types(connection, known, work)
        found = _run(held, work)
        for table in known:
            if table.rules:
                results.append(_result(connection, table, rows[table.name], found.get(table.suite)))
    results.append(_types_result(sum(len(table.types) for table in known), found[TYPES]))
    if judged is not None:
        judged += found.values()
    return results


def expectations_of(rules: Mapping[str, Rule]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Kind, arguments and severity of every expectation that the rules of a table give."""
    for column, rule in rules.items():
        severity = "warning" if rule.is_publishers else "critical"
        if rule.is_required:
            yield "ExpectColumnValuesToNotBeNull", {"column": column}, severity
        if rule.pattern:
            yield "ExpectColumnValuesToMatchRegex", {"column": column, "regex": rule.pattern}, severity
        if rule.values:
            yield "ExpectColumnValuesToBeInSet", {"column": column, "value_set": list(rule.values)}, severity
        if rule.low is not None or rule.high is not None:
            ends = {"min_value": _plain(rule.low), "max_value": _plain(rule.high)}
            yield "ExpectColumnValuesToBeBetween", {"column": column, **ends}, severity


def _plain(number: Any) -> Any:
    return number if number is None or isinstance(number, int) else float(number)


def _reduce(connection: duckdb.DuckDBPyConnection, table: RawColumns, work: Path) -> int:
    """Write the values of each ruled column side by side, the shorter lists filled up with one of their own values.

    Returns the rows of the table; of an empty one nothing is written.
    """
    lists = [f"{_values(column, rule)} as {_name(column)}" for column, rule in table.rules.items()]
    (rows,) = connection.execute(f"select count(*) from {table.relation}").fetchone() or (0,)
    if not rows or not lists:
        return rows
    names = [_name(column) for column in table.rules]
    longest = f"greatest({', '.join(f'len({name})' for name in names)})"
    spread = ", ".join(f"unnest(list_resize({name}, {longest}, {name}[1])) as {name}" for name in names)
    target = _text(str(work / f"{table.name}.parquet"))
    connection.execute(
        f"copy (with lists as (select {', '.join(lists)} from {table.relation}) select {spread} from lists) to {target}"
    )
    return rows


def _values(column: str, rule: Rule) -> str:
    """The values of a column that its rule has to look at, as a list in SQL; an empty cell among them if there is."""
    name = _name(column)
    if rule.pattern or rule.values:
        return f"list(distinct {name})"
    if rule.low is not None or rule.high is not None:
        kept = f"[min({name})::double, max({name})::double]"
        return f"{kept} || case when count({name}) < count(*) then [null] else [] end"
    return f"[any_value({name})] || case when count({name}) < count(*) then [null] else [] end"


def _write_types(connection: duckdb.DuckDBPyConnection, tables: list[RawColumns], work: Path) -> None:
    """Declared and found type of every column, one row each: a file of another type than its table shows here."""
    rows = []
    for table in tables:
        found = {name: kind for name, kind, *_ in connection.execute(f"describe from {table.relation}").fetchall()}
        rows += [(f"{table.name}.{column}", kind, found.pop(column, "missing")) for column, kind in table.types.items()]
        rows += [(f"{table.name}.{column}", "not declared", kind) for column, kind in found.items()]
    connection.execute('create or replace temp table types ("column" varchar, declared varchar, found varchar)')
    connection.executemany("insert into types values (?, ?, ?)", rows)
    connection.execute(f"copy types to {_text(str(work / f'{TYPES}.parquet'))} (format parquet)")


def _run(tables: list[RawColumns], work: Path) -> dict[str, Any]:
    """The suites of the tables and of the types as one checkpoint; by suite, what was found."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas_filesystem("raw", base_directory=work)
    definitions = []
    for suite, file, expected in [
        *((table.suite, table.name, expectations_of(table.rules)) for table in tables),
        (TYPES, TYPES, [_same_types()]),
    ]:
        batch = source.add_parquet_asset(suite).add_batch_definition_path(suite, path=f"{file}.parquet")
        expectations = [
            getattr(gx.expectations, kind)(**given, severity=severity) for kind, given, severity in expected
        ]
        kept = context.suites.add(gx.ExpectationSuite(name=suite, expectations=expectations))
        definitions.append(
            context.validation_definitions.add(gx.ValidationDefinition(name=suite, data=batch, suite=kept))
        )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name="door", validation_definitions=definitions, result_format={"result_format": "COMPLETE"})
    )
    found = {result.suite_name: result for result in checkpoint.run().run_results.values()}
    if missing := {definition.suite.name for definition in definitions} - set(found):
        raise RuntimeError(f"suites that did not run: {', '.join(sorted(missing))}")
    return found


def _same_types() -> tuple[str, dict[str, Any], str]:
    return "ExpectColumnPairValuesToBeEqual", {"column_A": "declared", "column_B": "found"}, "critical"


def _result(connection: duckdb.DuckDBPyConnection, table: RawColumns, rows: int, found: Any) -> CheckResult:
    """The suite of a table in the words every check shares, with a few rows that break a rule and where they lie."""
    wrong = [one for one in found.results if not one.success] if found is not None else []
    is_error = any(not table.rules[one.expectation_config.kwargs["column"]].is_publishers for one in wrong)
    broken = [_broken(connection, table, one) for one in wrong]
    status = ("fail" if is_error else "warn") if wrong else "pass" if rows else "empty"
    return CheckResult(
        name=table.suite,
        subject=f"raw.{table.name}",
        severity=ERROR if is_error or not wrong else WARN,
        status=status,
        compared=rows,
        failed=sum(count for count, _ in broken),
        expected=f"{len(list(expectations_of(table.rules)))} rules of {len(table.rules)} columns",
        observed="; ".join(sentence for _, sentence in broken) or ("every row keeps them" if rows else "0 rows"),
        difference=str(sum(count for count, _ in broken)),
        detail=MEANING if rows else "there was nothing to compare",
        place=PLACE,
        rows=[{"sentence": sentence} for _, sentence in broken],
    )


def _broken(connection: duckdb.DuckDBPyConnection, table: RawColumns, found: Any) -> tuple[int, str]:
    """How many rows break the rule, and in a sentence which, where, and what to do."""
    given = found.expectation_config.kwargs
    column, rule = given["column"], table.rules[given["column"]]
    if problem := (found.exception_info or {}).get("exception_message"):
        return 1, f"raw.{table.name}, column {column}: {problem}"
    name, values = _name(column), list(found.result.get("unexpected_list") or [])
    if "not_be_null" in found.expectation_config.type:
        condition, what = f"{name} is null", "the cell is empty"
    elif "min_value" in given:
        ends = [f"{name} < {rule.low}" if rule.low is not None else "", f"{name} > {rule.high}" if rule.high else ""]
        condition, what = " or ".join(filter(None, ends)), _range(rule)
    else:
        condition = f"{name}::varchar in ({', '.join(_text(str(value)) for value in values) or 'null'})"
        what = f"not one of {', '.join(rule.values)}" if rule.values else f"not of the pattern {rule.pattern}"
    kept = [known for known in WHERE_FROM if known in table.types]
    rows = connection.execute(f"select count(*) from {table.relation} where {condition}").fetchone()
    shown = connection.execute(
        f"select {', '.join([*map(_name, kept), f'{name}::varchar'])} from {table.relation} "
        f"where {condition} order by all limit {EXAMPLES}"
    ).fetchall()
    places = "; ".join(_where(kept, row) for row in shown)
    remedy = "a new word of the publisher: declare it" if rule.is_publishers else "correct the reader that wrote it"
    count = rows[0] if rows else 0
    times = f"{count:,} {'row' if count == 1 else 'rows'}"
    return count, f"raw.{table.name}, column {column}: in {times} {what} ({places}). What to do: {remedy}"


def _where(names: list[str], row: tuple) -> str:
    """Where a row comes from, as `release_id x row 2`, and the value found there unless the cell is empty."""
    place = (
        f"{name.replace('source_', '')} {at}" for name, at in zip(names, row, strict=False) if at not in ("", None)
    )
    return " ".join(place) + (f": {row[-1]}" if row[-1] is not None else "")


def _range(rule: Rule) -> str:
    if rule.high is None:
        return f"less than {rule.low}"
    return f"not between {rule.low} and {rule.high}"


def _types_result(columns: int, found: Any) -> CheckResult:
    wrong = [tuple(pair) for one in found.results for pair in one.result.get("partial_unexpected_list") or []]
    return CheckResult(
        name=TYPES,
        subject=f"raw.{TYPES_SUBJECT}",
        severity=ERROR,
        status="pass" if found.success else "fail",
        compared=columns,
        failed=len(wrong),
        expected="the declared type of every column of every raw table",
        observed="; ".join(f"{kind} instead of {declared}" for declared, kind in wrong) or "as declared",
        difference=str(len(wrong)),
        detail=TYPES_MEANING,
        place=PLACE,
    )


def _name(column: str) -> str:
    return f'"{column}"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
