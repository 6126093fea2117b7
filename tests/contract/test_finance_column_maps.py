"""The finance column maps: every row complete, no two rows for one header, every layout in use."""

from collections import Counter

import pytest

from ingest import catalogue, column_map
from ingest.finance_sheet import NOT_MONEY

MAPS = ("revenue_account", "revenue_outturn")
ROLES = {"ecode", "ons_code", "name", "class", "region", "subclass", "flag", "certified", "measure", "line"}


@pytest.mark.parametrize("name", MAPS)
def test_rows_are_complete(name):
    rows = column_map.load(name)
    assert len(rows) > 300
    for row in rows:
        assert row["role"] in ROLES, row
        assert row["header"].strip(), row
        assert bool(row["line_code"] and row["section"]) == (row["role"] == "line"), row
        assert row["role"] == "line" or not row["number"], row


@pytest.mark.parametrize("name", MAPS)
def test_no_header_has_two_rows(name):
    keys = Counter(
        (r["layout"], column_map.normalise(r["header"]), r["number"], r["position"]) for r in column_map.load(name)
    )
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("name", MAPS)
def test_totals_have_the_same_code_everywhere(name):
    wanted = {"total adult social care": "360", "total public health": "390", "total service expenditure": "799"}
    found = Counter()
    for row in column_map.load(name):
        header = column_map.normalise(row["header"]).split(" (")[0]
        if row["role"] == "line" and header in wanted and "agency" not in header:
            on_balance_sheet = "on balance sheet" in column_map.normalise(row["header"])
            assert row["line_code"] == wanted[header] or on_balance_sheet, row
            found[header] += 1
    assert set(found) == set(wanted)


def test_a_printed_number_is_the_code_of_budget_lines():
    for row in column_map.load("revenue_account"):
        if row["layout"] == "numbered" and row["number"]:
            assert row["line_code"] in (row["number"], f"{row['number']}.2"), row


def test_what_is_not_money_says_so():
    for name in MAPS:
        for row in column_map.load(name):
            if row["header"].lower().startswith(("number of", "total number", "please confirm")):
                assert row["measure"] in NOT_MONEY, row


def test_every_layout_a_release_names_is_in_its_map():
    for name, source in zip(MAPS, ("mhclg_revenue_account", "mhclg_revenue_outturn"), strict=True):
        layouts = {row["layout"] for row in column_map.load(name)}
        used = {
            layout
            for release in catalogue.load().of(source)
            for sheet in release.layout.get("sheets", [])
            for layout in sheet.get("columns", [])
        }
        assert used
        assert used <= layouts
