"""Published payments: three layouts, one table; every payment kept with the first declared rule that fits it."""

from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
import yaml

from ingest import land
from ingest.catalogue import load
from ingest.problems import InputError
from ingest.submitted.ledgers import payments
from ingest.tables import TABLES

RULES = [
    {
        "name": "telecare",
        "when": {"description": ["telecare", "careline"], "department": "adult"},
        "cost_centre_code": "A100",
        "line_code": "353",
        "service_code": "assistive_equipment",
    },
    {"name": "all of adult care", "when": {"department": "adult"}, "cost_centre_code": "A900", "line_code": "330"},
]
PLAIN = {
    "council_code": "E06000047",
    "columns": {
        "paid_on": "Date",
        "amount": "Amount",
        "supplier": "Supplier Name",
        "reference": "Transaction Number",
        "department": "Expense Area",
        "description": "Expense Type",
    },
    "rules": RULES,
}
HEADER = "Body Name,Date,Transaction Number,Amount,Supplier Name,Expense Area,Expense Type"
# The same four payments as three councils would publish them.
LAYOUTS = {
    "plain": (
        PLAIN,
        f"{HEADER}\n"
        "Invented Council,30/04/2024,1001,1200.50,Bell Alarms Ltd,Adults and Health,Careline equipment\n"
        "Invented Council,31/03/2025,1002,-75.25,Bell Alarms Ltd,Adults and Health,TELECARE refund\n"
        "Invented Council,01/04/2025,1003,9000,Elm House,Adults and Health,Residential placements\n"
        'Invented Council,02/04/2025,1004,"10,000.00",Road Works plc,Highways,Telecare of traffic lights\n',
    ),
    "preamble and long dates": (
        {
            **PLAIN,
            "date_format": "31-Dec-2024",
            "header_row": "4",
            "encoding": "cp1252",
            "columns": {
                "paid_on": "Payment Date",
                "amount": "Net Amount (£)",
                "supplier": "Beneficiary",
                "reference": "Doc No",
                "department": "Service Label",
                "description": "Purpose of Expenditure",
            },
        },
        "Invented County Council\nPayments over £500\n\n"
        "Doc No,Payment Date,Service Label,Beneficiary,Purpose of Expenditure,Net Amount (£),VAT\n"
        "1001,30-Apr-2024,ADULT CARE,Bell Alarms Ltd,Telecare,£1200.50,240.10\n"
        "1002,31-Mar-2025,ADULT CARE,Bell Alarms Ltd,Telecare,(75.25),-15.05\n"
        "1003,01-Apr-2025,ADULT CARE,Elm House,Beds,9000.00,\n"
        "1004,02-Apr-2025,Place,Road Works plc,Lights,10000.00,\n",
    ),
    "cost centres and semicolons": (
        {
            "delimiter": "semicolon",
            "date_format": "2024-12-31",
            "columns": {
                "council_code": "ONS code",
                "paid_on": "Paid",
                "amount": "Value",
                "supplier": "Vendor",
                "reference": "Ref",
                "cost_centre_code": "Cost Centre",
                "account_code": "Account",
            },
            "rules": [
                {
                    "name": "telecare",
                    "when": {"cost_centre_code": "77", "account_code": ["4100", "4101"]},
                    "cost_centre_code": "A100",
                    "line_code": "353",
                    "service_code": "assistive_equipment",
                },
                {"name": "all of adult care", "when": {"cost_centre_code": ["77", "78"]}, "line_code": "330",
                 "cost_centre_code": "A900"},
            ],
        },
        "ONS code;Paid;Vendor;Cost Centre;Account;Value;Ref\n"
        "E06000047;2024-04-30;Bell Alarms Ltd;77;4100;1200.50;1001\n"
        "E06000047;2025-03-31;Bell Alarms Ltd;77;4101;75.25-;1002\n"
        "E06000047;2025-04-01 00:00:00;Elm House;78;4100;9000.00;1003\n"
        "E06000047;2025-04-02;Road Works plc;770;4100;10000.00;1004\n",
    ),
}  # fmt: skip


def landed(folder, settings, content: bytes, name="durham_2025-04.csv"):
    place = folder / "payments"
    place.mkdir(parents=True, exist_ok=True)
    (place / "durham.rules.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (place / name).write_bytes(content)
    found = list(land.find(folder))
    assert [one.path.name for one in found] == [name]
    land.land(found[0], folder / "landing")
    return land.editions(folder / "landing")[-1]


def read(folder, settings, text: str):
    """All rows of a file and its rejects."""
    parsed = payments.read(landed(folder, settings, text.encode(settings.get("encoding", "utf-8"))))
    table = pa.concat_tables(parsed.frames["payments"])
    assert table.schema == TABLES["payments"].schema
    return table.to_pylist(), parsed.rejects


@pytest.mark.parametrize("layout", LAYOUTS)
def test_three_layouts_give_one_table(tmp_path, layout):
    rows, rejects = read(tmp_path, *LAYOUTS[layout])
    assert rejects == []
    assert [(r["paid_on"], r["financial_year"], r["amount_gbp"], r["reference"]) for r in rows] == [
        (date(2024, 4, 30), "2024-25", Decimal("1200.50"), "1001"),
        (date(2025, 3, 31), "2024-25", Decimal("-75.25"), "1002"),
        (date(2025, 4, 1), "2025-26", Decimal("9000.00"), "1003"),
        (date(2025, 4, 2), "2025-26", Decimal("10000.00"), "1004"),
    ]
    assert [r["rule_name"] for r in rows] == ["telecare", "telecare", "all of adult care", None]
    assert [r["cost_centre_code"] for r in rows[:3]] == ["A100", "A100", "A900"]
    assert [(r["line_code"], r["service_code"]) for r in rows] == [
        ("353", "assistive_equipment"),
        ("353", "assistive_equipment"),
        ("330", None),
        (None, None),
    ]
    assert {r["council_code"] for r in rows} == {"E06000047"}
    # Nothing is claimed of a payment that no rule fits; what the file itself says of it stays.
    assert rows[3]["cost_centre_code"] == ("770" if layout == "cost centres and semicolons" else None)


def test_the_first_rule_that_fits_counts(tmp_path):
    settings, text = LAYOUTS["plain"]
    rows, _ = read(tmp_path, {**settings, "rules": RULES[::-1]}, text)
    assert [r["rule_name"] for r in rows] == ["all of adult care"] * 3 + [None]


@pytest.mark.parametrize(
    ("day", "amount", "column", "what"),
    [
        ("04/30/2024", "1", 2, "no day as the rules file says"),
        ("30/04/1924", "1", 2, "no day as the rules file says"),
        ("", "1", 2, "no day as the rules file says"),
        ("30/04/2024", "", 4, "the payment has no amount"),
        ("30/04/2024", "1.234,50", 4, "this is not an amount of money"),
        ("30/04/2024", "0.005", 4, "fractions of a penny"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_place(tmp_path, day, amount, column, what):
    good = "C,30/04/2024,1,5,S,Adults,Telecare\n"
    text = f'{HEADER}\n{good}C,{day},2,"{amount}",S,Adults,Telecare\n{good}'
    rows, (reject,) = read(tmp_path, {**PLAIN, "max_rejected_share": "0.9"}, text)
    assert len(rows) == 2
    assert (reject.row, reject.column) == (3, column) and what in reject.what


def test_too_many_faulty_rows_refuse_the_file(tmp_path):
    with pytest.raises(InputError, match="1 of 1 rows are faulty"):
        read(tmp_path, PLAIN, f"{HEADER}\nC,yesterday,1,5,S,Adults,Telecare\n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rules": []}, "there are no rules"),
        ({"rules": [{"when": {"department": "a"}}]}, "the rule has no name"),
        ({"rules": [{"name": "a", "when": {"colour": "red"}, "cost_centre_code": "A"}]}, "cannot look at this column"),
        ({"rules": [{"name": "a", "when": {"department": ""}, "cost_centre_code": "A"}]}, "no words for department"),
        ({"rules": [{"name": "a", "when": {"department": "a"}}]}, "the rule gives no cost centre"),
        ({"rules": [*RULES, RULES[0]]}, "two rules have this name"),
        ({"rules": [{**RULES[0], "share": "0.5"}]}, "no part of a rule has this name"),
        ({"date_format": "12/31/2024"}, "the setting has an unknown value"),
        ({"columns": {"paid_on": "Date"}}, "this column is needed"),
        ({"council_code": "Durham"}, "no ONS code"),
        ({"colour": "red"}, "no setting has this name"),
    ],
)
def test_a_faulty_rules_file_is_refused_in_words(tmp_path, change, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, {**PLAIN, **change}, LAYOUTS["plain"][1])


def test_payments_without_rules_are_refused_in_words(tmp_path):
    place = tmp_path / "payments"
    place.mkdir()
    (place / "durham.csv").write_text(LAYOUTS["plain"][1], encoding="utf-8")
    (found,) = land.find(tmp_path)
    land.land(found, tmp_path / "landing")
    (edition,) = land.editions(tmp_path / "landing")
    with pytest.raises(InputError, match=r"no rules file beside the payments.*write durham\.rules\.yml"):
        payments.read(edition)
    assert list(land.unplaced([tmp_path], load())) == []


@pytest.mark.slow
def test_payments_add_up_by_cost_centre_and_none_is_lost(tmp_path, compiled):
    connection = duckdb.connect()
    connection.execute("create schema staging; create schema marts")
    settings, text = LAYOUTS["plain"]
    rows, _ = read(tmp_path, settings, text)
    connection.execute("create schema raw")
    for name, table in (
        ("payments", pa.Table.from_pylist(rows, TABLES["payments"].schema)),
        ("releases", pa.table({"release_id": [rows[0]["release_id"]], "is_serving": [True]})),
    ):
        connection.register("given", table)
        connection.execute(f"create table raw.{name} as select * from given")
    compiled = compiled.on_raw_tables()
    compiled.build(connection, "stg_payments__payments", "mart_payments")
    found = connection.execute(
        "select financial_year, cost_centre_code, service_code, is_mapped, payments, amount_gbp "
        "from marts.mart_payments order by all"
    ).fetchall()
    assert found == [
        ("2024-25", "A100", "assistive_equipment", True, 2, Decimal("1125.25")),
        ("2025-26", "A900", "unmapped", True, 1, Decimal("9000.00")),
        ("2025-26", "unmapped", "unmapped", False, 1, Decimal("10000.00")),
    ]
    assert compiled.failures(connection, "assert_payments_sum_to_their_files") == []
    connection.execute("delete from marts.mart_payments where not is_mapped")
    assert len(compiled.failures(connection, "assert_payments_sum_to_their_files")) == 1
