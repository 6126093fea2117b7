"""Ledgers of councils: three kinds of file, one columns file, good rows kept to the penny, bad rows set aside."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import yaml

from ingest import land
from ingest.catalogue import load
from ingest.edition import Parsed
from ingest.problems import InputError
from ingest.submitted.ledgers import judged_rows, ledger, ledger_table
from ingest.tables import TABLES, to_arrow

SETTINGS = {
    "council_code": "E06000047",
    "financial_year": "2025-26",
    "statement": "budget",
    "tolerance_gbp": "500.00",
    "max_rejected_share": "0.9",
    "columns": {
        "cost_centre_code": "Cost centre",
        "cost_centre_name": "Description",
        "line_code": "RA line",
        "gross": "Gross",
        "income": "Income",
    },
}
HEADER = ("Cost centre", "Description", "RA line", "Gross", "Income")


def landed(folder, name, settings):
    """The edition that landing a ledger and its columns file gives, the last one if there are several."""
    (folder / "ledgers" / f"{name.rsplit('.', 1)[0]}.columns.yml").write_text(
        yaml.safe_dump(settings), encoding="utf-8"
    )
    found = list(land.find(folder))
    assert [f.path.name for f in found] == [name]
    land.land(found[0], folder / "landing")
    return land.editions(folder / "landing")[-1]


def read(edition):
    """All of a ledger, its blocks put together."""
    parsed = ledger.read(edition)
    return Parsed({name: pa.concat_tables(blocks) for name, blocks in parsed.frames.items()}, parsed.rejects)


def read_csv(tmp_path, text, written_in="utf-8", **settings):
    folder = tmp_path / "ledgers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "durham.csv").write_bytes(text.encode(written_in))
    return read(landed(tmp_path, "durham.csv", {**SETTINGS, **settings}))


def rows_of(parsed):
    return to_arrow(TABLES["ledger_lines"], parsed.frames["ledger_lines"]).to_pylist()


def csv_of(*rows):
    return "\n".join(",".join(map(str, row)) for row in (HEADER, *rows)) + "\n"


def test_good_rows_keep_pence_place_and_words(tmp_path):
    (first, second) = rows_of(
        read_csv(tmp_path, csv_of(("A1", "Telecare", 330, "1200.07", "0.08"), ("A2", "", 330, "£5", "")))
    )
    assert (first["gross_gbp"], first["income_gbp"], first["net_gbp"]) == (
        Decimal("1200.07"),
        Decimal("0.08"),
        Decimal("1199.99"),
    )
    assert (first["source_row"], first["source_column"], first["value_text"]) == (2, 4, "1200.07")
    assert (first["ledger_id"], first["line_code"], first["tolerance_gbp"]) == (
        "E06000047:2025-26:budget",
        "330",
        Decimal("500.00"),
    )
    assert (second["cost_centre_name"], second["income_gbp"], second["net_gbp"]) == (None, None, Decimal(5))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"1,234.5"', "1234.50"),
        ("(12.34)", "-12.34"),
        ("-12.34", "-12.34"),
        ("12.34-", "-12.34"),
        ("£1", "1.00"),
        ("-£1", "-1.00"),
        (" 7 ", "7.00"),
        ("0", "0.00"),
        ('"1,234,567,890,123"', "1234567890123.00"),
        ("0.1", "0.10"),
    ],
)
def test_amounts_as_finance_systems_write_them(written, meant, tmp_path):
    (row,) = rows_of(read_csv(tmp_path, csv_of(("A1", "x", 330, written, ""))))
    assert row["gross_gbp"] == Decimal(meant)


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (("A1", "x", 330, "tbc", ""), 4, "gross: this is not an amount"),
        (("A1", "x", 330, '"1,5"', ""), 4, "gross: this is not an amount"),
        (("A1", "x", 330, "1e3", ""), 4, "gross: this is not an amount"),
        (("A1", "x", 330, "1.234", ""), 4, "gross: the amount has fractions of a penny"),
        (("A1", "x", 330, "", ""), 4, "gross: the row has no amount"),
        (("A1", "x", 330, "5", "*"), 5, "income: this is not an amount"),
        (("", "x", 330, "5", ""), 1, "cost_centre_code: the row has no cost centre"),
        (("A1", "x", "", "5", ""), 3, "line_code: the row names no budget line"),
        (("A1", "x", "Reablement", "5", ""), 3, "line_code: this is no line number"),
        (("OK", "x", 330, "5", ""), 1, "cost_centre_code: the cost centre is there a second time"),
        (("A1", "x", 330, "5"), None, "more or fewer cells"),
    ],
)
def test_bad_row_is_set_aside_with_its_place_and_reason(row, column, what, tmp_path):
    parsed = read_csv(tmp_path, csv_of(("OK", "x", 330, "1", ""), row, ("OK2", "x", 330, "2", "")))
    assert [r["cost_centre_code"] for r in rows_of(parsed)] == ["OK", "OK2"]
    assert [r["source_row"] for r in rows_of(parsed)] == [2, 4]
    (problem,) = parsed.rejects
    assert what in problem.what
    assert (problem.row, problem.column) == (3, column)
    assert problem.remedy


def test_blank_lines_and_quoted_line_ends_do_not_shift_row_numbers(tmp_path):
    text = csv_of(("A1", '"two\nlines"', 330, "1", "")) + "\n,,,,\n" + "A2,x,330,2,\n"
    parsed = read_csv(tmp_path, text)
    assert [(r["cost_centre_code"], r["source_row"]) for r in rows_of(parsed)] == [("A1", 2), ("A2", 5)]
    assert parsed.rejects == []


def test_words_become_lines_by_the_columns_file(tmp_path):
    settings = {"values": {"line_code": {"Reablement": "340"}}}
    parsed = read_csv(tmp_path, csv_of(("A1", "x", "Reablement", "1", ""), ("A2", "x", "Parks", "1", "")), **settings)
    assert [r["line_code"] for r in rows_of(parsed)] == ["340"]
    assert "gives no code for this word" in parsed.rejects[0].what
    assert parsed.rejects[0].value == "Parks"


def test_net_must_be_gross_less_income(tmp_path):
    columns = {**SETTINGS["columns"], "net": "Net"}
    text = "Cost centre,Description,RA line,Gross,Income,Net\nA1,x,330,10,3,7\nA2,x,330,10,3,8\nA3,x,330,,,4\n"
    parsed = read_csv(tmp_path, text, columns=columns)
    assert [(r["cost_centre_code"], r["net_gbp"]) for r in rows_of(parsed)] == [("A1", 7), ("A3", 4)]
    assert "gross less income is not the net amount" in parsed.rejects[0].what


def test_declared_ways_of_writing_money(tmp_path):
    text = csv_of(("A1", "x", 330, "1.2345", "-0.1")).replace(",", ";")
    settings = {"unit": "gbp_thousand", "income_is": "negative", "delimiter": "semicolon"}
    (row,) = rows_of(read_csv(tmp_path, text, **settings))
    assert (row["gross_gbp"], row["income_gbp"], row["net_gbp"]) == (Decimal("1234.50"), 100, Decimal("1134.50"))


def test_fractions_of_a_penny_are_rounded_only_when_declared(tmp_path):
    (row,) = rows_of(read_csv(tmp_path, csv_of(("A1", "x", 330, "1.005", "")), round_to_pence="yes"))
    assert row["gross_gbp"] == Decimal("1.00")


def test_several_rows_of_a_cost_centre_when_declared(tmp_path):
    text = csv_of(("A1", "pay", 330, "1", ""), ("A1", "travel", 330, "2", ""))
    assert len(rows_of(read_csv(tmp_path, text, one_row_per_cost_centre="no"))) == 2


def test_year_of_a_row_and_of_the_file_name(tmp_path):
    settings = {k: v for k, v in SETTINGS.items() if k != "financial_year"}
    folder = tmp_path / "ledgers"
    folder.mkdir()
    (folder / "durham_2024-25.csv").write_text(csv_of(("A1", "x", 330, "1", "")), encoding="utf-8")
    (row,) = rows_of(read(landed(tmp_path, "durham_2024-25.csv", settings)))
    assert row["financial_year"] == "2024-25"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding, tmp_path):
    named = "utf-8" if encoding == "utf-8-sig" else encoding
    (row,) = rows_of(read_csv(tmp_path, csv_of(("A1", "Café £", 330, "£1", "")), written_in=encoding, encoding=named))
    assert (row["cost_centre_name"], row["gross_gbp"]) == ("Café £", 1)


def test_wrong_encoding_is_said_plainly(tmp_path):
    with pytest.raises(InputError, match="encoding in the columns file"):
        read_csv(tmp_path, csv_of(("A1", "Café", 330, "1", "")), written_in="cp1252")


def test_excel_and_parquet_give_the_same_as_csv(tmp_path):
    data = [("A1", "Telecare", "330", 1200.07, 0.08), ("A2", "Advice", "340", 0.1 + 0.2, 0.0)]
    expected = [(Decimal("1200.07"), Decimal("1199.99")), (Decimal("0.30"), Decimal("0.30"))]
    for kind in ("xlsx", "parquet"):
        folder = tmp_path / kind / "ledgers"
        folder.mkdir(parents=True)
        path = folder / f"durham.{kind}"
        if kind == "xlsx":
            with xlsxwriter.Workbook(str(path)) as workbook:
                sheet = workbook.add_worksheet("Budget")
                for number, row in enumerate([HEADER, *data]):
                    sheet.write_row(number, 0, row)
        else:
            exact = [(a, b, c, Decimal(str(round(d, 2))), Decimal(str(e))) for a, b, c, d, e in data]
            table = pa.Table.from_pylist([dict(zip(HEADER, row, strict=True)) for row in exact])
            pq.write_table(table, path)
        rows = rows_of(read(landed(tmp_path / kind, path.name, SETTINGS)))
        assert [(r["gross_gbp"], r["net_gbp"]) for r in rows] == expected
        assert {r["sheet"] for r in rows} == {"Budget" if kind == "xlsx" else ""}


def test_too_many_bad_rows_refuse_the_ledger_whole(tmp_path):
    rows = [("", "x", 330, "1", "")] * 3 + [(f"A{n}", "x", 330, "1", "") for n in range(97)]
    with pytest.raises(InputError, match=r"3 of 100 rows are faulty, more than the share of 0\.02"):
        read_csv(tmp_path, csv_of(*rows), max_rejected_share="0.02")
    assert len(read_csv(tmp_path, csv_of(*rows), max_rejected_share="0.03").rejects) == 3


def test_ledger_without_rows_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no rows"):
        read_csv(tmp_path, csv_of())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"council_code": "Durham"}, "council code is missing"),
        ({"statement": "both"}, "statement is missing"),
        ({"tolerance_gbp": "small"}, "how far the ledger may lie"),
        ({"financial_year": "2025-27"}, "not a financial year"),
        ({"columns": {"cost_centre_code": "Cost centre", "net": "Gross"}}, "line_code.*this column is needed"),
        ({"columns": {"cost_centre_code": "Cost centre", "line_code": "RA line"}}, "no money column"),
        ({"columns": {**SETTINGS["columns"], "gross": "Cost"}}, "no column of this header .for gross."),
        ({"columns": {**SETTINGS["columns"], "grooss": "Gross"}}, "no column has this name"),
        ({"values": {"gross": {"a": "b"}}}, "line_code and service_code only"),
        ({"unit": "pence"}, "gbp, gbp_thousand"),
        ({"tolerance": "5"}, "no setting has this name"),
    ],
)
def test_faulty_columns_file_is_explained(settings, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read_csv(tmp_path, csv_of(("A1", "x", 330, "1", "")), **settings)


def test_every_fault_of_a_columns_file_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        read_csv(tmp_path, csv_of(), council_code="x", statement="x", tolerance_gbp="x")
    assert len(error.value.problems) == 3


def test_ledger_without_columns_file_and_the_other_way_round(tmp_path):
    folder = tmp_path / "ledgers"
    folder.mkdir()
    (folder / "durham.csv").write_text(csv_of(), encoding="utf-8")
    (folder / "surrey.columns.yml").write_text("{}", encoding="utf-8")
    for found in land.find(tmp_path):
        land.land(found, tmp_path / "landing")
    messages = []
    for edition in land.editions(tmp_path / "landing"):
        with pytest.raises(InputError) as error:
            read(edition)
        messages.append(str(error.value))
    assert "write durham.columns.yml beside it" in messages[0]
    assert "no ledger that this columns file belongs to" in messages[1]


def test_one_columns_file_serves_every_ledger_of_its_name(tmp_path):
    folder = tmp_path / "ledgers"
    folder.mkdir()
    for name in ("durham_2024-25.csv", "durham_2025-26.csv", "durhamshire.csv", "durham_2025-26.columns.yml"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "durham.columns.yml").write_text("y", encoding="utf-8")
    companions = {f.path.name: f.companion and f.companion.name for f in land.find(tmp_path)}
    assert companions == {
        "durham_2024-25.csv": "durham.columns.yml",
        "durham_2025-26.csv": "durham_2025-26.columns.yml",
        "durhamshire.csv": None,
    }


def test_a_changed_columns_file_is_a_new_edition(tmp_path):
    folder = tmp_path / "ledgers"
    folder.mkdir()
    (folder / "durham.csv").write_text(csv_of(("A1", "x", 330, "1", "")), encoding="utf-8")
    for tolerance in ("1", "2", "2"):
        (folder / "durham.columns.yml").write_text(
            yaml.safe_dump({**SETTINGS, "tolerance_gbp": tolerance}), encoding="utf-8"
        )
        for found in land.find(tmp_path):
            land.land(found, tmp_path / "landing")
    editions = land.editions(tmp_path / "landing")
    tolerances = [rows_of(read(edition))[0]["tolerance_gbp"] for edition in editions]
    assert tolerances == [1, 2]
    assert len({edition.release_id for edition in editions}) == 2


def test_a_hundred_thousand_rows_sum_to_the_penny(tmp_path):
    count = 100_000
    pence = [(n * 7919) % 1_000_003 - 300_000 for n in range(count)]
    text = csv_of(*((f"A{n}", "x", 330, f"{p / 100:.2f}", "") for n, p in enumerate(pence)))
    parsed = read_csv(tmp_path, text)
    net = to_arrow(TABLES["ledger_lines"], parsed.frames["ledger_lines"])["net_gbp"].to_pylist()
    assert len(net) == count
    assert sum(net) * 100 == sum(pence)


def test_sources_declare_the_companion():
    assert load().sources["council_ledgers"].companion == ".columns.yml"


def national(tmp_path, parts, **settings):
    """Editions of a ledger of several councils, sent as a folder of parts; `parts` has their rows by file name."""
    folder = tmp_path / "ledgers" / "england_2025-26"
    folder.mkdir(parents=True, exist_ok=True)
    columns = {**SETTINGS["columns"], "council_code": "Council"}
    given = {**SETTINGS, "columns": columns, **settings}
    del given["council_code"]
    (tmp_path / "ledgers" / "england.columns.yml").write_text(yaml.safe_dump(given), encoding="utf-8")
    for name, rows in parts.items():
        lines = ["Council,Cost centre,Description,RA line,Gross,Income", *(",".join(map(str, row)) for row in rows)]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for found in land.find(tmp_path):
        assert found.companion is not None
        land.land(found, tmp_path / "landing")
    assert list(land.unplaced([tmp_path], load())) == []
    return land.editions(tmp_path / "landing")


def test_a_ledger_of_many_councils_may_come_as_a_folder_of_parts(tmp_path):
    parts = {
        "part-0.csv": [("E06000047", "A1", "Telecare", 330, "10.01", "0"), ("E09000007", "A1", "Telecare", 330, 5, 1)],
        "part-1.csv": [("E09000007", "A2", "", 331, 7, ""), ("Camden", "A3", "", 331, 7, "")],
    }
    editions = national(tmp_path, parts)
    assert [one.release.release_id for one in editions] == [
        "council_ledgers:england_2025-26.part-0",
        "council_ledgers:england_2025-26.part-1",
    ]
    first, second = (read(edition) for edition in editions)
    assert [(r["ledger_id"], r["council_code"], r["net_gbp"]) for r in rows_of(first)] == [
        ("E06000047:2025-26:budget", "E06000047", Decimal("10.01")),
        ("E09000007:2025-26:budget", "E09000007", Decimal(4)),
    ]
    (reject,) = second.rejects
    assert (reject.row, reject.column, reject.value) == (3, 1, "Camden")
    assert "no ONS code" in reject.what


def test_councils_may_have_words_of_the_ledgers_own(tmp_path):
    words = {"council_code": {"Camden": "E09000007"}}
    (edition,) = national(tmp_path, {"all.csv": [("Camden", "A1", "", 330, 1, 0)]}, values=words)
    (row,) = rows_of(read(edition))
    assert row["council_code"] == "E09000007"


def test_a_council_stands_in_a_column_or_in_the_setting(tmp_path):
    with pytest.raises(InputError, match="a column has the council as well"):
        read_csv(tmp_path, csv_of(), columns={**SETTINGS["columns"], "council_code": "RA line"})


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(ledger_table, "_BLOCK_BYTES", 400)
    monkeypatch.setattr(ledger_table, "_BLOCK_ROWS", 7)


def test_blocks_change_nothing(tmp_path, monkeypatch):
    rows = [(f"A{n}", f"Centre {n}", 330 + n % 3, f"{n}.07", "0.01") for n in range(60)]
    rows[20], rows[41] = ("A3", "again", 330, 1, 0), ("A1", "again", 330, 1, 0)
    rows[33] = ("A33", "no amount", 330, "much", 0)
    text = csv_of(*rows).split("\n")
    text[10], text[50] = "A9,torn,330", 'A49,"two\nlines",330,49.07,0.01'
    whole = read_csv(tmp_path / "whole", "\n".join(text))
    monkeypatch.setattr(ledger_table, "_BLOCK_BYTES", 400)
    blocks = list(ledger.read(landed(tmp_path / "whole", "durham.csv", SETTINGS)).frames["ledger_lines"])
    assert len(blocks) > 4
    cut = read_csv(tmp_path / "cut", "\n".join(text))
    assert rows_of(cut) == rows_of(whole) and len(rows_of(whole)) == 56
    assert [str(problem) for problem in cut.rejects] == [str(problem) for problem in whole.rejects]
    assert [(p.row, p.value) for p in cut.rejects] == [(11, "A9,torn,330"), (22, "A3"), (35, "much"), (43, "A1")]


def test_a_parquet_ledger_is_read_in_blocks(tmp_path, small_blocks):
    (tmp_path / "ledgers").mkdir()
    codes = [f"A{n}" for n in range(20)] + ["A2"]
    columns = {"Cost centre": codes, "Description": codes, "RA line": ["330"] * 21, "Gross": [1.25] * 21}
    pq.write_table(pa.table({**columns, "Income": [0.0] * 21}), tmp_path / "ledgers" / "durham.parquet")
    parsed = read(landed(tmp_path, "durham.parquet", SETTINGS))
    assert [row["source_row"] for row in rows_of(parsed)] == list(range(1, 21))
    assert [(p.row, p.value) for p in parsed.rejects] == [(21, "A2")]


def test_a_ledger_that_will_be_refused_is_not_read_to_its_end(tmp_path, small_blocks, monkeypatch):
    monkeypatch.setattr(judged_rows, "_MOST_FAULTY", 10)
    rows = [(f"A{n}", "", 330, "much", 0) for n in range(200)]
    with pytest.raises(InputError, match=r"of the first \d\d rows are faulty, more than the share of 0.01") as refused:
        read_csv(tmp_path, csv_of(*rows), max_rejected_share="0.01")
    assert len(refused.value.problems) == 21


def test_progress_is_said(tmp_path, small_blocks, monkeypatch, caplog):
    monkeypatch.setattr(judged_rows, "_ROWS_BETWEEN_WORDS", 50)
    with caplog.at_level("INFO", logger="prevention"):
        read_csv(tmp_path, csv_of(*((f"A{n}", "", 330, 1, 0) for n in range(120))))
    assert [record.message.split()[0] for record in caplog.records] == ["durham.csv:"] * 2


@pytest.mark.parametrize("run", [1, 101, 1_000_000])
def test_keys_met_in_one_block_are_known_in_the_next(monkeypatch, run):
    monkeypatch.setattr(ledger, "_RUN", run)
    met = ledger._Met()
    blocks = [[f"a{n}" for n in range(100)], ["a7", "b1", "a99"], ["b1", "b2"]]
    found = [met.repeated(pa.chunked_array([pa.array(block)])).tolist() for block in blocks]
    assert found == [[False] * 100, [True, False, True], [True, False]]
