"""Answers of `prevention sql` as CSV: safe in a spreadsheet, unless asked for as they stand."""

import csv
import io
from decimal import Decimal

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from reporting import sql

HOSTILE = ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "a\x1b[31mb", "a\x00b", "\x07=1", "\x85x"]


def csv_of(columns, rows, **settings):
    return list(csv.reader(io.StringIO(sql.written(columns, rows, "csv", **settings), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_in_csv_neither_runs_nor_steers(text):
    rows = csv_of([text], [(text,)])
    assert len(rows) == 2 and rows[0] == rows[1]
    row = rows[1]
    (cell,) = row
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert not set(cell) & {"\r", "\x00", "\x07", "\x1b", "\x85"}


@pytest.mark.parametrize("value, written", [(Decimal("-1.50"), "-1.50"), (-3, "-3"), (-1e-7, "-1e-07"), (None, "")])
def test_numbers_stay_as_they_are(value, written):
    assert csv_of(["x", "y"], [(value, "-12.5")])[1] == [written, "-12.5"]


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\r" not in text])
def test_raw_csv_leaves_text_as_it_stands(text):
    assert csv_of(["x"], [(text,)], is_raw=True)[1] == [text]


def test_the_command_takes_the_flag(tmp_path):
    published = tmp_path / "published"
    published.mkdir()
    with duckdb.connect(str(published / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
    asked = ["--home", str(tmp_path), "sql", "select '=1+1' as x", "--format", "csv"]
    assert CliRunner().invoke(main, asked).output == "x\n'=1+1\n\n"
    assert CliRunner().invoke(main, [*asked, "--raw"]).output == "x\n=1+1\n\n"
