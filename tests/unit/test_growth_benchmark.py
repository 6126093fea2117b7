"""What the benchmark of growth multiplies: bodies but no totals, years without a gap or a clash."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.growth import multiply
from ingest.tables import TABLES


@pytest.fixture
def snapshot(tmp_path):
    """Raw tables of one council and England over two years, with a register of that council."""
    rows = {
        "releases": [{"release_id": f"ra_{year}", "financial_year": year} for year in ("2098-99", "2099-00")],
        "finance_cells": [
            {"release_id": f"ra_{year}", "financial_year": year, "body_code": code, "is_control": code == "ENG"}
            for year in ("2098-99", "2099-00")
            for code in ("E1", "ENG")
        ],
        "council_register": [{"release_id": "register", "council_code": "E06", "ecode": "E1", "nice_name": "Mockham"}],
    }
    for name, table in TABLES.items():
        folder = tmp_path / "raw" / name
        folder.mkdir(parents=True)
        # What a table does not allow to be empty is of no account here.
        loose = pa.schema([field.with_nullable(True) for field in table.schema])
        pq.write_table(pa.Table.from_pylist(rows.get(name, []), schema=loose), folder / "rows.parquet")
    return tmp_path / "raw"


def found(folder, table, columns):
    return duckdb.sql(f"select {columns} from '{folder}/{table}/*.parquet' order by all").fetchall()


def test_councils_come_again_under_other_codes_and_totals_do_not(snapshot, tmp_path):
    multiply(snapshot, tmp_path / "three", 3, "councils")
    names = [("E06", "E1", "Mockham"), ("E06.1", "E1.1", "Mockham 1"), ("E06.2", "E1.2", "Mockham 2")]
    assert found(tmp_path / "three", "council_register", "council_code, ecode, nice_name") == names
    bodies = [(code, 2) for code in ("E1", "E1.1", "E1.2", "ENG")]
    assert (
        duckdb.sql(
            f"select body_code, count(*) from '{tmp_path}/three/finance_cells/*.parquet' group by all order by all"
        ).fetchall()
        == bodies
    )


def test_years_come_again_after_the_last_one(snapshot, tmp_path):
    multiply(snapshot, tmp_path / "twice", 2, "years")
    years = [
        ("2098-99", "ra_2098-99"),
        ("2099-00", "ra_2099-00"),
        ("2100-01", "ra_2098-99+1"),
        ("2101-02", "ra_2099-00+1"),
    ]
    assert found(tmp_path / "twice", "releases", "financial_year, release_id") == years
    assert [row[0] for row in found(tmp_path / "twice", "finance_cells", "distinct financial_year")] == [
        y for y, _ in years
    ]
    assert len(found(tmp_path / "twice", "council_register", "*")) == 1


def test_once_is_what_there_was(snapshot, tmp_path):
    multiply(snapshot, tmp_path / "once", 1, "years")
    for name in TABLES:
        assert found(tmp_path / "once", name, "*") == found(snapshot, name, "*")
