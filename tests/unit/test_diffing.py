"""What `prevention diff` says of two publications: causes, rows that came and went, net changes view by view."""

import json
from decimal import Decimal

import duckdb
import pytest

from ingest.land import sha256_of
from orchestration import diffing
from orchestration.home import Home
from orchestration.publication import NoSuchPublication

EARLIER, LATER = "20260101T000000.000Z-aaaaaaaa", "20260201T000000.000Z-bbbbbbbb"
INPUT = {
    "release_of": "ra",
    "source": "mhclg_revenue_account",
    "file": "RA.csv",
    "sha256": "a" * 64,
    "is_serving": True,
}
HEADLINE = "(council_code varchar, cost_view varchar, amount_gbp decimal(18, 2), per_head_65_plus_gbp decimal(18, 2))"


def published(home: Home, name: str, tables: dict[str, tuple[str, list]], inputs=(INPUT,), code="1"):
    """A publication with these tables, as far as a comparison looks at one."""
    folder = home.publications / name
    (folder / "parquet").mkdir(parents=True)
    listed = []
    for table, (columns, rows) in tables.items():
        file = folder / "parquet" / f"{table}.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"create table t {columns}")
            if rows:
                connection.executemany(f"insert into t values ({', '.join('?' * len(rows[0]))})", rows)
            connection.execute(f"copy t to '{file}' (format parquet)")
        listed.append({"name": table, "rows": len(rows), "sha256": sha256_of(file)})
    manifest = {"published_at": name[:8], "tables": listed, "inputs": list(inputs), "code_version": code}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "is_sample": False}), encoding="utf-8")


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path)


def told(home, before: list, after: list, table="headline", columns=HEADLINE, **later) -> str:
    published(home, EARLIER, {table: (columns, before)})
    published(home, LATER, {table: (columns, after)}, **later)
    return diffing.describe(home, EARLIER, LATER, rows=2)


def row(council, view, amount):
    return [council, view, None if amount is None else Decimal(amount), Decimal("1.00")]


def test_amounts_are_summed_within_a_view_and_never_across_views(home):
    before = [row(c, v, "100.00") for c in "AB" for v in ("direct", "full_cost")]
    after = [row(c, v, "101.01" if c == "A" else "100.00") for c in "AB" for v in ("direct", "full_cost")]
    said = told(home, before, after)
    assert "headline: 0 rows came, 0 went, 2 changed (key: council_code, cost_view)" in said
    assert "amount_gbp: 2 rows; net change direct +1.01, full_cost +1.01" in said
    assert "A · direct: 100.00 → 101.01" in said
    assert "B" not in said.split("headline:")[1] and "per_head" not in said


def test_rows_that_come_and_go_count_in_the_net_change(home):
    said = told(home, [row("A", "direct", "5.00"), row("B", "direct", "7.00")], [row("B", "direct", "7.50")])
    assert "0 rows came, 1 went, 1 changed" in said
    assert "net change with the rows that came and went -4.50" in said


def test_an_amount_that_becomes_missing_is_said_to_be_nothing_rather_than_zero(home):
    said = told(home, [row("A", "direct", "5.00")], [row("A", "direct", None)])
    assert "A: 5.00 → nothing" in said


def test_a_row_whose_first_key_column_is_null_is_neither_new_nor_gone(home):
    columns = "(old_release_id varchar, line varchar, amount_gbp decimal(18, 2))"
    said = told(
        home,
        [[None, "1", Decimal(1)], [None, "2", Decimal(1)]],
        [[None, "1", Decimal(2)], [None, "2", Decimal(1)]],
        columns=columns,
    )
    assert "0 rows came, 0 went, 1 changed (key: old_release_id, line)" in said
    assert "net change +1.00" in said


def test_the_declared_key_of_a_mart_is_used_although_fewer_columns_would_do(home):
    columns = "(council_code varchar, financial_year varchar, statement varchar, outcome_code varchar, "
    columns += "cost_view varchar, tier varchar, amount_gbp decimal(18, 2))"
    keyed = ["A", "2020-21", "budget", "o", "direct", "primary"]
    said = told(home, [[*keyed, 1]], [[*keyed, 2]], table="mart_prevention_spend", columns=columns)
    assert "(key: council_code, financial_year, statement, outcome_code, cost_view, tier)" in said


def test_a_table_without_any_key_is_said_to_have_none(home):
    said = told(home, [row("A", "direct", "1.00")] * 2, [row("A", "direct", "2.00")])
    assert "headline: changed; its rows have no key that both publications share" in said


def test_tables_that_are_the_same_to_the_byte_are_only_counted(home):
    said = told(home, [row("A", "direct", "5.00")], [row("A", "direct", "5.00")])
    assert "tables: 1 of 1 are the same to the byte" in said and "headline" not in said
    assert "none: the inputs and the code are the same" in said


def test_causes_are_named_in_words(home):
    sent = {**INPUT, "release_of": "map_camden", "source": "service_maps", "file": "camden.xlsx"}
    sample = {**sent, "release_of": "map_x", "source": "sample_service_maps", "file": "x.xlsx"}
    old = {"inputs": [INPUT, sent], "code_version": "1", "is_sample": False}
    new = {"inputs": [{**INPUT, "sha256": "c" * 64}, {**sent, "sha256": "d" * 64}, sample], "code_version": "2"}
    assert diffing.causes(old, {**new, "is_sample": False}) == [
        "map change: map_camden (camden.xlsx), checksum aaaaaaaa became dddddddd",
        "new map: map_x (x.xlsx)",
        "restatement: ra (RA.csv), checksum aaaaaaaa became cccccccc",
        "code change: 1 became 2",
    ]


def test_without_an_earlier_publication_there_is_nothing_to_compare(home):
    published(home, LATER, {"headline": (HEADLINE, [])})
    with pytest.raises(NoSuchPublication, match="no earlier publication"):
        diffing.describe(home, None, LATER, rows=2)
    with pytest.raises(NoSuchPublication, match="Nothing has been published"):
        diffing.describe(home, None, None, rows=2)
