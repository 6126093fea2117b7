"""Every rule of every raw table is seen broken: one planted cell, one finding that names it, nothing else found."""

import re
from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pytest

from expectations import data_docs, rows
from ingest.tables import TABLES
from orchestration import door

RULED = [table for table in TABLES.values() if table.rules]
EXAMPLES = {
    "^": "x",
    r"^\d{4}-\d{2}$": "2021-22",
    r"^\d{4}-\d{2}-\d{2}$": "2021-06-02",
    r"^\d{4}-\d{2}(?:-\d{2})?$": "2021-06",
    r"^[EKNSW]\d{8}$": "E06000001",
    r"^[a-z0-9][a-z0-9_]*$": "a_code",
    r"^[a-z0-9_]*$": "",
    r"^[0-9a-f]{64}$": "0" * 64,
    r"^\d{4}$": "2017",
    r"^(?:E\d{2}|E\d{4}|[A-Za-z]{1,3})$": "E0101",
    r"^\d[A-Z]": "2A2",
    r"^\d{3}$": "102",
    r"^E\d{4}$": "E0101",
    r"^\d+$": "1",
    r"^(?:shift_target_share|shift_target_year|q[1-8])$": "q1",
}


def sound(rule, kind: str) -> str:
    """A value of SQL that keeps the rule."""
    if rule is not None and rule.values:
        return f"'{rule.values[0]}'"
    if rule is not None and rule.pattern:
        return f"'{EXAMPLES[rule.pattern]}'"
    if rule is not None and (rule.low is not None or rule.high is not None):
        return str(rule.low if rule.low is not None else rule.high)
    return {"VARCHAR": "'x'", "BOOLEAN": "true", "DATE": "date '2021-06-02'"}.get(kind, "1")


def wrong(rule, kind: str) -> str:
    """A value of SQL that breaks the one rule of this kind."""
    if kind.endswith("Null"):
        return "null"
    if kind.endswith("Between"):
        return str(rule.low - 1 if rule.low is not None else rule.high + 1)
    return "'no such # word'"


def relation(table, faults: Sequence[tuple[str, str]] = ()) -> str:
    """Two sound rows of a raw table, and one for each fault: column and value."""
    kinds = door.declared(table, "").types
    made = []
    for number, fault in enumerate([None, None, *faults], 1):
        cells = {name: sound(table.rules.get(name), kind) for name, kind in kinds.items()}
        if "source_row" in cells:
            cells["source_row"] = str(number)
        if fault:
            cells[fault[0]] = fault[1]
        made.append("select " + ", ".join(f'{cells[n]}::{k} as "{n}"' for n, k in kinds.items()))
    return f"({' union all '.join(made)})"


def written(table, folder, name: str, faults: Sequence[tuple[str, str]] = ()) -> rows.RawColumns:
    """Such rows as a Parquet file, as a raw table lies."""
    duckdb.sql(f"copy (from {relation(table, faults)}) to '{folder / name}.parquet'")
    return replace(door.declared(table, f"read_parquet('{folder / name}.parquet')"), name=name)


def spoilt(table, folder) -> rows.RawColumns:
    """A raw table with one row for each of its rules, which breaks that one."""
    rules = [(given["column"], kind) for kind, given, _ in rows.expectations_of(table.rules)]
    faults = [(column, wrong(table.rules[column], kind)) for column, kind in rules]
    return written(table, folder, f"{table.name}_spoilt", faults)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Every table with a fault for each of its rules, judged as one checkpoint."""
    judged: list = []
    folder = tmp_path_factory.mktemp("door")
    results = rows.check([spoilt(table, folder) for table in RULED], folder / "work", judged)
    return {result.name: result for result in results}, {one.suite_name: one for one in judged}


@pytest.mark.parametrize("table", RULED, ids=lambda table: table.name)
def test_each_rule_fires_on_the_row_that_breaks_it(found, table):
    results, judged = found
    name = rows.suite_of(f"{table.name}_spoilt")
    wanted = [(kind, given["column"]) for kind, given, _ in rows.expectations_of(table.rules)]
    assert [one.success for one in judged[name].results] == [False] * len(wanted)
    sentences = [row["sentence"] for row in results[name].rows]
    places = {one.expectation_config.kwargs["column"] for one in judged[name].results}
    assert places == {column for _, column in wanted} and len(sentences) == len(wanted)
    for number, (_, column) in enumerate(wanted):
        said = [sentence for sentence in sentences if f"column {column}: in 1 row " in sentence]
        assert said, (column, sentences)
        if "source_row" in table.schema.names and column != "source_row":
            assert any(f"row {number + 3}" in sentence for sentence in said), said
    assert results[name].failed == len(wanted)
    assert results[name].is_blocking == any(not rule.is_publishers for rule in table.rules.values())


def test_a_new_word_of_a_publisher_warns_and_blocks_nothing(tmp_path):
    table = TABLES["finance_cells"]
    result, _ = rows.check([door.declared(table, relation(table, [("body_code", "'new 1'")]))], tmp_path)
    assert (result.status, result.is_blocking) == ("warn", False) and "new 1" in result.warnings()[0]


def test_a_file_of_another_type_is_seen(tmp_path):
    table = TABLES["deflators"]
    as_float = relation(table).replace('::DECIMAL(24,9) as "growth_percent"', '::DOUBLE as "growth_percent"')
    _, types = rows.check([door.declared(table, as_float)], tmp_path)
    assert (types.name, types.status, types.failed) == (rows.TYPES, "fail", 1)
    assert "DOUBLE instead of DECIMAL(24,9)" in types.message()


def test_a_column_that_no_table_declares_is_seen(tmp_path):
    table = TABLES["file_problems"]
    held = door.declared(table, f"(select *, 1 as another from {relation(table)})")
    (_, types) = rows.check([held], tmp_path)
    assert types.status == "fail" and "INTEGER instead of not declared" in types.message()


def test_every_row_that_breaks_a_rule_is_counted(tmp_path):
    table = TABLES["deflators"]
    result, _ = rows.check([door.declared(table, relation(table, [("financial_year", "'21/22'")] * 3))], tmp_path)
    assert (result.compared, result.failed, result.status) == (5, 3, "fail")
    assert "in 3 rows" in result.message() and "21/22" in result.message()


def test_an_empty_table_says_that_nothing_was_compared(tmp_path):
    table = TABLES["deflators"]
    result, _ = rows.check([door.declared(table, f"(select * from {relation(table)} where false)")], tmp_path)
    assert (result.status, result.compared) == ("empty", 0)


def test_the_pages_load_nothing_and_are_the_same_bytes_each_time(found, tmp_path):
    judged = [found[1][f"rows_of_{name}"] for name in ("releases_spoilt", "deflators_spoilt")]
    index = data_docs.write(judged, tmp_path / "one")
    data_docs.write(judged, tmp_path / "two")
    pages = sorted(index.parent.iterdir())
    assert len(pages) == len(judged) + 1
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text == (tmp_path / "two" / page.name).read_text(encoding="utf-8")
        assert {level for level in re.findall(r"<h(\d)", text)} <= {"1", "2"}
        assert "<script" not in text and "<link" not in text and "<img" not in text and "http" not in text
    assert "no such # word" in (index.parent / "rows_of_deflators_spoilt.html").read_text(encoding="utf-8")


def test_every_check_of_the_door_is_known_to_the_graph():
    names = [name for name, _, _ in door.CHECKS]
    assert len(names) == len(set(names)) and {rows.suite_of(table.name) for table in RULED} <= set(names)


def test_the_door_gives_each_check_a_verdict_and_writes_the_pages(tmp_path):
    held = {table.name: written(table, tmp_path, table.name, ()).relation for table in TABLES.values()}
    held["payments"] = written(TABLES["payments"], tmp_path, "bad", [("council_code", "'x'")]).relation
    results = door.check(tmp_path, tmp_path / "raw", held, {})
    verdicts = {name: result for name, _, result in door.verdicts(results)}
    assert set(verdicts) == {name for name, _, _ in door.CHECKS}
    # Sound rows keep every rule of their table.
    kept = {table.name: verdicts[rows.suite_of(table.name)] for table in RULED if table.name != "payments"}
    assert {(name, r.status, r.observed) for name, r in kept.items() if r.status != "pass"} == set()
    assert {r.compared for r in kept.values()} == {2}
    assert verdicts["rows_of_payments"].is_blocking and verdicts[rows.TYPES].status == "pass"
    page = tmp_path / door.DATA_DOCS / data_docs.INDEX
    assert "rows_of_payments.html" in page.read_text(encoding="utf-8")
