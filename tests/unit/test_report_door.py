"""The analyst's door: `sql` answers and cannot change or reach anything; `serve` shows one folder on loopback."""

import csv
import io
import json
import re
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
    assert lines == ["word       n", "------  ----", "a          5", "b       1234", "(2 rows)"]


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


@pytest.mark.parametrize(
    ("asked", "status", "content", "named"),
    [
        ("bytes=0-3", 206, b"<p>h", "bytes 0-3/11"),
        ("bytes=3-", 206, b"here</p>", "bytes 3-10/11"),
        ("bytes=-4", 206, b"</p>", "bytes 7-10/11"),
        ("bytes=5-900", 206, b"re</p>", "bytes 5-10/11"),
        ("bytes=0-1,4-5", 200, b"<p>here</p>", None),
        ("lines=0-1", 200, b"<p>here</p>", None),
        ("bytes=3-2", 200, b"<p>here</p>", None),
    ],
)
def test_a_part_of_a_file_is_served_alone(site, asked, status, content, named):
    request = urllib.request.Request(f"{site}/report/index.html", headers={"Range": asked})
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, answer.read(), answer.headers["Content-Range"]) == (status, content, named)
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert int(answer.headers["Content-Length"]) == len(content)


def test_a_part_behind_the_end_is_refused_with_the_size(site):
    request = urllib.request.Request(f"{site}/report/index.html", headers={"Range": "bytes=11-"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert (refused.value.code, refused.value.headers["Content-Range"]) == (416, "bytes */11")


def test_a_part_of_another_edition_is_not_mixed_in(site):
    request = urllib.request.Request(
        f"{site}/report/index.html", headers={"Range": "bytes=0-3", "If-Range": "Thu, 01 Jan 1970 00:00:00 GMT"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200 and answer.read() == b"<p>here</p>"


@pytest.mark.parametrize("path", ["/../secret.txt", "/report/leak.txt", "/report/.hidden"])
def test_a_part_of_what_is_not_served_is_not_served(site, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(site + path, headers={"Range": "bytes=0-1"}))
    assert refused.value.code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from dim_counsil", "There is no table dim_counsil .* Near it: dim_council"),
        ("select * from headline", "no table headline .*mart_prevention_headline"),
        ("select council_nmae from dim_council", "no column council_nmae in dim_council. Near it: council_name"),
        ("select amount_gbp from dim_council", "It is in .*fct_budget_line"),
        ("select d.regoin from dim_council d", "no column regoin in dim_council. Near it: region"),
    ],
)
def test_a_mistyped_table_or_column_is_met_with_real_ones(database, query, said):
    with pytest.raises(sql.QueryError) as refused:
        sql.run(database, query)
    assert re.search(said, str(refused.value).replace("\n", " ")), refused.value
    assert "information_schema.tables or" not in str(refused.value)


def test_a_mistyped_council_is_met_with_the_nearest(database):
    query = "select * from dim_council where council_name = 'Invented Cuncil 7' and region = 'North Vale'"
    assert sql.ask(database, query)[1] == []
    (hint,) = sql.hints(database, query)
    assert hint.startswith("No council_name in dim_council is 'Invented Cuncil 7'. Near it: 'Invented Council 7'")
    assert sql.hints(database, "select * from dim_council where region = 'North Vale'") == []


def test_an_answer_wider_than_the_screen_is_turned(database):
    query = "select council_code, council_name, region from dim_council where council_code = 'E06000001'"
    assert sql.run(database, query, width=400) == sql.run(database, query)
    assert sql.run(database, query, width=20).splitlines() == [
        "-- row 1 of 1",
        "council_code  E06000001",
        "council_name  Invented Council 1",
        "region        Mid Vale",
    ]


def test_the_server_listens_on_loopback_only(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").write_text("", encoding="utf-8")
    with serve.server(tmp_path / "report") as running:
        assert running.server_address[0] == "127.0.0.1"


def test_no_report_is_said_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="run a refresh first"):
        serve.server(tmp_path / "report")
