"""The analyst's door: `sql` answers and cannot change or reach anything; `serve` shows one folder on loopback."""

import csv
import io
import json
import threading
import urllib.error
import urllib.request
from decimal import Decimal

import invented_warehouse as invented
import pytest

from reporting import serve, sql

AMOUNT = "select amount_gbp from fct_budget_line where council_code = 'E06000001' and line_code = '355' order by all"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return invented.build(tmp_path_factory.mktemp("door") / "warehouse.duckdb")


def test_json_keeps_every_digit_of_an_amount(database):
    rows = json.loads(sql.run(database, AMOUNT, "json"), parse_float=Decimal)
    assert rows[0]["amount_gbp"] == invented.line_amount(1, "2017-18", "355")


def test_csv_reads_back_and_null_is_empty(database):
    text = sql.run(database, "select council_code, successor_codes from dim_council order by 1", "csv")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["council_code", "successor_codes"] and rows[1] == ["E06000001", ""]
    assert len(rows) == 13


def test_the_table_counts_its_rows_and_sets_numbers_right(database):
    lines = sql.run(database, "select 'a' as word, 5 as n union all select 'b', 1234 order by 1").splitlines()
    assert lines == ["word     n", "----  ----", "a        5", "b     1234", "(2 rows)"]


@pytest.mark.parametrize(
    "query",
    [
        "create table marts.x as select 1",
        "drop table marts.dim_tier",
        "update marts.dim_council set region = ''",
        "select * from read_csv('/etc/hostname')",
        "copy (select 1) to 'out.csv'",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
        "select from nowhere",
    ],
)
def test_a_query_cannot_change_or_reach_anything(database, query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = database.read_bytes()
    with pytest.raises(sql.QueryError):
        sql.run(database, query)
    assert database.read_bytes() == before and list(tmp_path.iterdir()) == []


def test_no_warehouse_is_said_in_words(tmp_path):
    with pytest.raises(sql.QueryError, match="run a refresh first"):
        sql.run(tmp_path / "warehouse.duckdb", "select 1")


@pytest.fixture
def site(tmp_path):
    published = tmp_path / "published"
    (published / "report").mkdir(parents=True)
    (published / "report" / "index.html").write_text("<p>here</p>", encoding="utf-8")
    (published / "report" / ".hidden").write_text("no", encoding="utf-8")
    (published / "report" / "empty").mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (published / "report" / "leak.txt").symlink_to(tmp_path / "secret.txt")
    running = serve.server(published / "report")
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


def test_the_report_is_served_with_its_type_and_a_policy(site):
    with urllib.request.urlopen(f"{site}/") as answer:
        assert answer.url.endswith("/report/index.html")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.read() == b"<p>here</p>"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/report/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/report/empty/",
        "/report/.hidden",
        "/report/leak.txt",
        "/none",
    ],
)
def test_nothing_outside_the_folder_is_served(site, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(site + path)
    assert refused.value.code == 404


def test_the_server_listens_on_loopback_only(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").write_text("", encoding="utf-8")
    with serve.server(tmp_path / "report") as running:
        assert running.server_address[0] == "127.0.0.1"


def test_no_report_is_said_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="run a refresh first"):
        serve.server(tmp_path / "report")
