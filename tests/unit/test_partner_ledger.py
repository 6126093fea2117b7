"""A partner ledger: what is kept, and every slip named by its cell."""

import csv
from decimal import Decimal

import pytest

from ingest.problems import InputError
from ingest.submitted.ledgers import partner_ledger
from ingest.submitted.ledgers.partner_ledger import COLUMNS

GOOD = {
    "partner": "nhs",
    "council_code": "E06000001",
    "financial_year": "2021-22",
    "statement": "budget",
    "does": "gives",
    "receiver": "better_care_fund",
    "tier": "secondary",
    "gains": "nhs|council",
    "amount_gbp": "1,250.50",
}


def write(path, *rows, columns=COLUMNS):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_row_is_kept_to_the_penny_with_its_place(tmp_path):
    path = write(tmp_path / "partners.csv", GOOD, GOOD | {"tier": "primary"})
    ledger = partner_ledger.parse(path)
    assert partner_ledger.is_partner_ledger(path) and ledger.problems == []
    assert [(r["source_row"], r["tier"], r["amount_gbp"]) for r in ledger.rows] == [
        (2, "secondary", Decimal("1250.50")),
        (3, "primary", Decimal("1250.50")),
    ]
    assert ledger.rows[0]["source_column"] == COLUMNS.index("amount_gbp") + 1 and ledger.rows[0]["service"] is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"partner": "NHS England"}, "column A: NHS England is none of its values"),
        ({"partner": ""}, "column A: the cell is blank"),
        ({"partner": "council", "does": "spends", "receiver": ""}, "what the council spends is in its own return"),
        ({"receiver": ""}, "money is given and nobody receives it"),
        ({"receiver": "nhs"}, "a partner cannot give to itself"),
        ({"does": "spends"}, "money that is spent has no receiver"),
        ({"gains": "nhs|everybody"}, "everybody is no partner"),
        ({"council_code": "Hartlepool"}, "no ONS code of a council"),
        ({"financial_year": "2021"}, "write it as 2025-26"),
        ({"tier": "reactive"}, "write one of primary, secondary, tertiary"),
        ({"amount_gbp": "about 100"}, "column K: "),
        ({"amount_gbp": "-5"}, "below zero"),
        ({"amount_gbp": "5.005"}, "parts of a penny"),
        ({"note": "the same again"}, "row 2 says the same of the same money"),
    ],
)
def test_a_slip_sets_its_row_aside_and_no_other(tmp_path, changed, said):
    ledger = partner_ledger.parse(write(tmp_path / "partners.csv", GOOD, GOOD | changed))
    assert [row["source_row"] for row in ledger.rows] == [2]
    found = [str(problem) for problem in ledger.problems]
    assert any(said in problem for problem in found), found
    assert all(p.startswith("partners.csv, row 3") and "What to do: " in p for p in found)


def test_a_heading_that_is_not_understood_is_refused_by_its_columns(tmp_path):
    path = write(tmp_path / "partners.csv", columns=[*COLUMNS[:-2], "pounds", "note"])
    with pytest.raises(InputError) as refused:
        partner_ledger.parse(path)
    said = [str(problem) for problem in refused.value.problems]
    assert "the column amount_gbp is missing" in said[0] and "there is no such column (found: 'pounds')" in said[1]
    assert partner_ledger.check(write(tmp_path / "empty.csv"))[0].what == "the ledger holds no row"
