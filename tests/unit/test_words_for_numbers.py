"""Figures in words: the unit follows the size, in both directions, and nothing missing becomes a number."""

from decimal import Decimal

import pytest

from reporting import words
from reporting.facts import origin
from reporting.pages import money

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4000000", "£4.0m"),
        ("1234567890", "£1,234.6m"),
        ("999499", "£999k"),
        ("999500", "£1.0m"),
        ("50000", "£50k"),
        ("800", "£1k"),
        ("412", "£412"),
        ("0", "£0"),
        ("-4000000", f"{MINUS}£4.0m"),
        ("-30000", f"{MINUS}£30k"),
        (None, "–"),
    ],
)
def test_pounds_are_millions_and_small_sums_thousands(value, shown):
    assert words.millions(value and Decimal(value)) == shown


@pytest.mark.parametrize(("value", "shown"), [("0.1234", "12.3%"), ("1", "100%"), ("0", "0.0%"), (None, "–")])
def test_a_share_is_per_cent(value, shown):
    assert words.share(value and Decimal(value)) == shown


@pytest.mark.parametrize(("value", "shown"), [("12.5", "£13"), ("-12.5", f"{MINUS}£13"), ("0", "£0"), (None, "–")])
def test_pounds_a_head_are_whole(value, shown):
    assert words.per_head(value and Decimal(value)) == shown


def test_a_rank_stands_beside_how_many_were_ranked():
    assert words.rank({"rank": 3, "rank_of": 120, "is_ranked": True}) == "3 of 120"
    assert words.rank({"rank": None, "rank_of": 120, "is_ranked": False}) == "not ranked"


@pytest.mark.parametrize(
    ("held", "year", "said"),
    [
        (
            ["2016-17"],
            "2024-25",
            "return of 2016-17 divides it between care homes and care at home, 8 years older than",
        ),
        (["2016-17", "2023-24"], "2023-24", "return of 2023-24 divides it between care homes and care at home, of the"),
        (["2016-17", "2018-19"], "2017-18", "return of 2016-17 divides it between care homes and care at home, 1 year"),
        (["2016-17"], "2015-16", "1 year younger than 2015-16"),
        ([], "2023-24", "No finance return is held"),
    ],
)
def test_the_age_of_the_split_of_care_stands_beside_the_figure(held, year, said):
    assert said in money.driver_words(held, year)


@pytest.mark.parametrize(
    ("statements", "named", "title"),
    [
        (("outturn",), "MHCLG Revenue Outturn", "What England spent on preventing and reducing need"),
        (("budget",), "MHCLG Revenue Account", "What England sets aside for preventing and reducing need"),
        ((), "", "Preventing and reducing need, England"),
    ],
)
def test_one_statement_alone_is_told_in_its_own_words_and_its_source_alone_is_named(statements, named, title):
    rows = [{"statement": statement, money.ASC[0]: Decimal(1)} for statement in statements]
    assert origin(rows) == named
    assert str(money.trend_title(rows, "England", "England’s", {}).text) == title


def test_budgets_and_outturn_together_name_both_their_sources():
    assert origin([{"statement": "outturn"}, {"statement": "budget"}]) == "MHCLG Revenue Account and Revenue Outturn"
