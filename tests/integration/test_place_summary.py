"""Places of the sample: what is in `mart_place_summary` counted again from the councils' own rows."""

from collections import defaultdict
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import openpyxl
import pytest

pytestmark = pytest.mark.slow

CLASSES = {
    "councils_says_and_does": "says_and_does",
    "councils_says_only": "says_money_does_not_show_it",
    "councils_does_only": "does_without_saying",
    "councils_neither": "neither",
    "councils_not_enough_evidence": "not_enough_evidence",
}


@pytest.fixture(scope="module")
def connection(refreshed):
    with duckdb.connect(str(refreshed / "published" / "warehouse.duckdb"), read_only=True) as found:
        found.execute("use marts")
        yield found


def rows(connection, sql: str) -> list[dict]:
    relation = connection.sql(sql)
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


@pytest.fixture(scope="module")
def places(connection) -> list[dict]:
    return rows(connection, "select * from mart_place_summary")


@pytest.fixture(scope="module")
def members(connection) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    """Councils of each place with the years in which they belong to it."""
    found = defaultdict(list)
    councils = rows(connection, "select * from dim_council")
    stands = {c["council_code"]: (c["valid_from_year"], c["valid_to_year"] or "9999-00") for c in councils}
    for council in councils:
        found["region", council["region"]].append((council["council_code"], *stands[council["council_code"]]))
    for row in rows(connection, "select * from dim_partnership"):
        start, end = stands[row["council_code"]]
        years = (max(start, row["valid_from_year"]), min(end, row["valid_to_year"] or "9999-00"))
        found["partnership", row["partnership_name"]].append((row["council_code"], *years))
    for row in rows(connection, "select * from dim_combined_area"):
        found["combined_area", row["combined_area_name"]].append((row["council_code"], *stands[row["council_code"]]))
    return found


def test_every_place_holds_its_councils_of_the_year(places, members):
    kinds = {place["place_kind"] for place in places}
    assert kinds == {"region", "partnership", "combined_area"}
    for place in places:
        own = members[place["place_kind"], place["place_name"]]
        standing = sorted({code for code, start, end in own if start <= place["financial_year"] <= end})
        assert place["council_codes"].split(", ") == standing
        assert place["councils_standing"] == len(standing)


def test_money_is_the_sum_of_its_councils_in_pence_and_says_who_pays(connection, places):
    headlines = rows(
        connection,
        """select * from mart_prevention_headline
           where perimeter = 'narrow' and cost_view = 'direct' and outcome_code = 'delay_and_reduce_need_65_plus'""",
    )
    of = {(row["council_code"], row["financial_year"], row["statement"]): row for row in headlines}
    compared = 0
    for place in places:
        if place["amount_gbp"] is None:
            continue
        codes = place["council_codes"].split(", ")
        found = [of.get((code, place["financial_year"], place["statement"])) for code in codes]
        paying = [row for row in found if row and row["amount_gbp"] is not None]
        assert place["councils_in_money"] == len(paying)
        for column in ("amount_gbp", "amount_low_gbp", "amount_high_gbp"):
            assert place[column] == sum((row[column] for row in paying), Decimal(0)), place
        payers = ("adult_social_care_gbp", "public_health_gbp", "wider_council_gbp")
        paid = [place[f"paid_by_{payer}"] for payer in payers]
        assert sum(part for part in paid if part is not None) == place["amount_gbp"]
        compared += 1
    assert compared > 100


def test_claims_classes_and_answers_are_counted_over_its_councils(connection, places):
    gaps = {
        (row["council_code"], row["financial_year"]): row for row in rows(connection, "select * from mart_say_do_gap")
    }
    evidence = defaultdict(list)
    for row in rows(connection, "select * from mart_council_evidence"):
        evidence[row["council_code"]].append(row)
    read = 0
    for place in places:
        year, codes = place["financial_year"], place["council_codes"].split(", ")
        own = [gaps[code, year] for code in codes if (code, year) in gaps]
        assert place["councils_coded"] == sum(1 for row in own if row["coded_items"])
        assert place["councils_scored"] == sum(1 for row in own if row["claim_score_share"] is not None)
        assert place["councils_claiming_strongly"] == sum(1 for row in own if row["is_strong_claim"])
        for column, name in CLASSES.items():
            assert place[column] == sum(1 for row in own if row["classification"] == name), (place, column)
        said = [row for code in codes for row in evidence[code] if row["evidence_year"] <= year]
        replies = [row for row in said if row["document_type"] == "foi_response"]
        wave = max((row["wave"] for row in replies), default=None)
        assert place["replies_wave"] == wave
        latest = [row for row in replies if row["wave"] == wave]
        assert place["replies_coded"] == len({row["unit_code"] for row in latest})
        yes = {row["unit_code"] for row in latest if row["item_code"] == "q3a" and row["code"] == "yes"}
        assert place["replies_with_commissioning_strategy"] == len(yes)
        labels = [row for row in said if row["document_type"] == "jhws" and row["item_code"] == "label"]
        wave = max((row["wave"] for row in labels), default=None)
        strong = [r for r in labels if r["wave"] == wave and r["code"] in ("strong", "very_strong")]
        assert place["strategies_strong"] == len({row["unit_code"] for row in strong})
        read += len(labels)
    assert read


def test_a_plan_speaks_for_its_own_partnership_and_for_no_other_place(places):
    assert all(place["plan_label"] is None for place in places if place["place_kind"] != "partnership")
    assert any(place["plan_label"] for place in places if place["place_kind"] == "partnership")


class Cells(HTMLParser):
    """Texts of a page, one after another."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data.strip())


def test_the_place_page_shows_the_row_of_its_mart(refreshed: Path, places):
    report = refreshed / "published" / "report" / "places"
    pages = {path: path.read_text(encoding="utf-8") for path in report.glob("*.html")}
    shown = {path: text for path, text in pages.items() if "What its councils say, and who pays" in text}
    assert len(shown) > 40
    compared = 0
    for text in shown.values():
        cells = Cells()
        cells.feed(text)
        (year,) = {t[-7:] for t in cells.texts if t.startswith("What its councils say, and who pays, ")}
        name = next(t for place in places for t in (place["place_name"],) if t in text.split("</h1>")[0])
        place = next(p for p in places if (p["place_name"], p["financial_year"]) == (name, year))
        for label, column in (
            ("Councils with coded answers or strategies", "councils_coded"),
            ("Councils whose money is in these sums", "councils_in_money"),
        ):
            assert cells.texts[cells.texts.index(label) + 1] == str(place[column]), (name, label)
            compared += 1
    assert compared == 2 * len(shown)


def test_money_of_partners_counts_once_and_says_who_pays_and_who_gains(refreshed: Path, connection, places):
    """The fictional ledger by hand: 900,000 goes from the NHS through the fund to the council and to a charity."""
    paid = dict(
        connection.sql("select partner, sum(paid_gbp) from mart_partner_money where tier != 'tertiary' group by all")
        .fetchall()
    )  # fmt: skip
    charity = Decimal("350000.50") - 300_000 + Decimal("65000.25") - 40_000
    assert paid == {"nhs": Decimal(1_020_000), "better_care_fund": 0, "voluntary_sector": charity, "council": None}
    partnership = next(
        place
        for place in places
        if place["place_kind"] == "partnership" and place["councils_in_partner_money"] == 2
        and {"E10900001", "E10900002"} <= set(place["council_codes"].split(", "))
    )  # fmt: skip
    assert partnership["financial_year"] == "2021-22" and partnership["statement"] == "budget"
    assert partnership["paid_by_nhs_gbp"] == 1_020_000 and partnership["paid_by_voluntary_sector_gbp"] == charity
    # What is spent beyond the councils' own money: by the council of the fund's, by the charity of others', by the NHS.
    spent = 600_000 + Decimal("350000.50") + Decimal("65000.25") - 40_000 + 120_000
    assert partnership["amount_with_partners_gbp"] - partnership["amount_gbp"] == spent
    assert partnership["gaining_partners"] == "council, nhs"
    without = [place for place in places if not place["councils_in_partner_money"]]
    assert without and all(place["amount_with_partners_gbp"] is None for place in without)
    total = connection.sql("select sum(amount_gbp) from fct_partner_money").fetchone()[0]
    assert total == Decimal("2455000.75")


def test_the_place_page_says_who_pays_and_who_gains_as_its_mart_does(refreshed: Path, places):
    report = refreshed / "published" / "report" / "places"
    texts = {path.name: path.read_text(encoding="utf-8") for path in report.glob("*.html")}
    told = [text for text in texts.values() if "Who pays, with partners, and who gains" in text]
    named = {place["place_name"] for place in places if place["councils_in_partner_money"]}
    assert len(told) == len(named) and named
    for text in told:
        place = next(p for p in places if p["councils_in_partner_money"] and p["place_name"] in text.split("</h1>")[0])
        for column in ("paid_by_nhs_gbp", "paid_by_voluntary_sector_gbp", "amount_with_partners_gbp"):
            assert f'<data value="{place[column]}" data-column="{column}"' in text, column
        assert "the council and the NHS" in text
    silent = [text for text in texts.values() if "No partner (NHS, Better Care Fund, voluntary body) has sent" in text]
    assert len(silent) + len(told) == len(texts)


def test_the_workbook_holds_the_same_rows_of_places(refreshed: Path, places):
    book = openpyxl.load_workbook(refreshed / "published" / "prevention_marts.xlsx", read_only=True)
    name = next(sheet for sheet in book.sheetnames if "place" in sheet.lower())
    rows_of = list(book[name].iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows_of) if "amount_with_partners_gbp" in row)
    column = rows_of[header].index("amount_with_partners_gbp")
    found = sorted(Decimal(str(row[column])).quantize(Decimal("0.01")) for row in rows_of[header + 1 :]
                   if isinstance(row[column], int | float))  # fmt: skip
    assert found == sorted(p["amount_with_partners_gbp"] for p in places if p["amount_with_partners_gbp"] is not None)
    assert found


def test_quoted_figures_are_numbers_and_stand_beside_the_budgets_of_their_year(connection):
    rows = connection.sql("from mart_quoted_figures")
    found = {row[0]: dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()}
    assert found["brc17_stf_deficits"]["quoted_amount_gbp"] == 1_800_000_000
    assert found["brc17_ctx_roi_telehealth"]["quoted_ratio"] == Decimal("2.68")
    assert {f["quoted_percent"] for f in found.values() if f["compared_with"] == "share_of_adult_social_care"} == {
        Decimal("6.60"),
        Decimal("6.30"),
    }
    for row in found.values():
        assert row["reason"] and (row["warehouse_year"] is None) == (row["compared_with"] == "none")
        if row["compared_with"] != "share_of_adult_social_care":
            continue
        for perimeter in ("narrow", "wide"):
            (share,) = connection.sql(
                f"""select sum(share_of_adult_social_care_share) from mart_national_headline where panel = 'all'
                    and statement = 'budget' and cost_view = 'direct' and perimeter = '{perimeter}'
                    and outcome_code = 'delay_and_reduce_need_65_plus' and financial_year = '{row["warehouse_year"]}'"""
            ).fetchone()
            assert row[f"{perimeter}_percent"] == (round(100 * share, 2) if share is not None else None)
