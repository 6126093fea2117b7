"""Every rule of every raw table is seen broken: one planted cell, one finding that names it, nothing else found."""

from pathlib import Path

import duckdb
import pytest

from expectations import data_docs, rows
from ingest.tables import TABLES
from orchestration import door

RULED = [table for table in TABLES.values() if table.rules]
BROKEN = [
    (table.name, number, kind, given["column"])
    for table in RULED
    for number, (kind, given, _) in enumerate(rows.expectations_of(table.rules))
]
EXAMPLES = {
    "^": "x",
    r"^\d{4}-\d{2}$": "2021-22",
    r"^\d{4}-\d{2}-\d{2}$": "2021-06-02",
    r"^\d{4}-\d{2}(-\d{2})?$": "2021-06",
    r"^[EKNSW]\d{8}$": "E06000001",
    r"^[a-z0-9][a-z0-9_]*$": "a_code",
    r"^[a-z0-9_]*$": "",
    r"^[0-9a-f]{64}$": "0" * 64,
    r"^\d{4}$": "2017",
    r"^(E\d{2}|E\d{4}|[A-Za-z]{1,3})$": "E0101",
    r"^\d[A-Z]": "2A2",
    r"^\d{3}$": "102",
    r"^E\d{4}$": "E0101",
    r"^\d+$": "1",
    r"^(shift_target_(share|year)|q[1-8])$": "q1",
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


def relation(table, fault: tuple[str, str] | None = None) -> str:
    """Three rows of a raw table, of which the second has the fault: column and value."""
    kinds = door.declared(table, "").types
    made = []
    for number in (1, 2, 3):
        cells = {name: sound(table.rules.get(name), kind) for name, kind in kinds.items()}
        if "source_row" in cells:
            cells["source_row"] = str(number)
        if fault and number == 2:
            cells[fault[0]] = fault[1]
        made.append("select " + ", ".join(f'{cells[n]}::{k} as "{n}"' for n, k in kinds.items()))
    return f"({' union all '.join(made)})"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Every table judged sound, and again with each fault, as one checkpoint."""
    tables = [door.declared(table, relation(table)) for table in RULED]
    for name, number, kind, column in BROKEN:
        table = TABLES[name]
        fault = (column, wrong(table.rules[column], kind))
        held = door.declared(table, relation(table, fault))
        # Of one column only, so that each finding is of its own rule.
        tables.append(rows.RawColumns(f"{name}.{number}", held.relation, held.types, {column: table.rules[column]}))
    judged: list = []
    results = rows.check(tables, tmp_path_factory.mktemp("door"), judged)
    return {result.name: result for result in results}, judged


def test_sound_rows_keep_every_rule(found):
    results, _ = found
    of_sound = [results[rows.suite_of(table.name)] for table in RULED]
    assert [(r.name, r.status, r.observed) for r in of_sound if r.status != "pass"] == []
    assert {r.compared for r in of_sound} == {3}


@pytest.mark.parametrize(
    ("name", "number", "kind", "column"), BROKEN, ids=[f"{n}-{c}-{k[18:]}" for n, _, k, c in BROKEN]
)
def test_each_rule_fires_on_the_row_that_breaks_it(found, name, number, kind, column):
    result = found[0][rows.suite_of(f"{name}.{number}")]
    rule = TABLES[name].rules[column]
    assert (result.status, result.is_blocking) == (("warn", False) if rule.is_publishers else ("fail", True))
    assert result.failed == 1 and f"column {column}: in 1 rows" in result.message()
    if "source_row" in [c for c, _, _ in TABLES[name].columns] and column != "source_row":
        assert "row 2" in result.message()


def test_a_file_of_another_type_is_seen(tmp_path):
    table = TABLES["deflators"]
    held = door.declared(
        table, relation(table).replace('::DECIMAL(24,9) as "growth_percent"', '::DOUBLE as "growth_percent"')
    )
    (_, types) = rows.check([held], tmp_path)
    assert (types.name, types.status, types.failed) == (rows.TYPES, "fail", 1)
    assert "DOUBLE instead of DECIMAL(24,9)" in types.message()


def test_a_column_that_no_table_declares_is_seen(tmp_path):
    table = TABLES["file_problems"]
    held = door.declared(table, f"(select *, 1 as another from {relation(table)})")
    (_, types) = rows.check([held], tmp_path)
    assert types.status == "fail" and "INTEGER instead of not declared" in types.message()


def test_no_row_is_left_out_and_rows_are_counted(tmp_path):
    table = TABLES["deflators"]
    many = f"(select * from {relation(table)} union all select * replace ('21/22' as financial_year) from {relation(table)})"
    result, _ = rows.check([door.declared(table, many)], tmp_path)
    assert (result.compared, result.failed, result.status) == (6, 3, "fail")
    assert "21/22" in result.message()


def test_an_empty_table_says_that_nothing_was_compared(tmp_path):
    table = TABLES["deflators"]
    result, _ = rows.check([door.declared(table, f"(select * from {relation(table)} where false)")], tmp_path)
    assert (result.status, result.compared) == ("empty", 0)


def test_the_pages_load_nothing_and_are_the_same_bytes_each_time(found, tmp_path):
    judged = [one for one in found[1] if "." not in one.suite_name or one.suite_name == "rows_of_deflators.0"]
    index = data_docs.write(judged, tmp_path / "one")
    data_docs.write(judged, tmp_path / "two")
    pages = sorted(index.parent.iterdir())
    assert len(pages) == len(judged) + 1
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text == (tmp_path / "two" / page.name).read_text(encoding="utf-8")
        assert "<script" not in text and "<link" not in text and "<img" not in text and "http" not in text
    assert "not null" in (index.parent / "rows_of_releases.html").read_text(encoding="utf-8")


def test_every_check_of_the_door_is_known_to_the_graph():
    names = [name for name, _, _ in door.CHECKS]
    assert len(names) == len(set(names)) and {rows.suite_of(table.name) for table in RULED} <= set(names)
    assert duckdb.sql("select 1").fetchone() == (1,) and Path(data_docs.HERE / "style.css").exists()
