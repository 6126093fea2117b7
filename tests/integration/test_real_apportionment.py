"""The apportionment of the published files: exact line by line, complete, and what docs/method.md says it is."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from tests.reference_apportionment import Line, Split, direct, full_cost

pytestmark = [pytest.mark.real, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SECTIONS = {"adult_social_care": "360", "public_health": "390"}


@pytest.fixture
def rows(real_warehouse):
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        yield lambda query: connection.sql(query).fetchall()


def test_every_line_in_scope_is_allocated_exactly_in_both_views(rows):
    lines = rows(
        "select council_code, financial_year, statement, section, line_code, is_total, amount_gbp "
        "from marts.fct_budget_line where body_kind = 'council' and measure = 'net_current_expenditure' "
        "and amount_gbp is not null"
    )
    detailed = {(c, y, s, section) for c, y, s, section, _, is_total, _ in lines if not is_total}
    wanted = {}
    for council, year, statement, section, code, is_total, amount in lines:
        stands_in = is_total and code in SECTIONS.values() and (council, year, statement, section) not in detailed
        wider = (section, code) in {("housing", "475"), ("housing", "478"), ("cultural", "502"), ("cultural", "506"),
                                    ("cultural", "505")}  # fmt: skip
        if wider or (section in SECTIONS and (not is_total or stands_in)):
            wanted[council, year, statement, code] = amount
    assert len(wanted) > 75_000
    assert sum(amount == 0 for amount in wanted.values()) > 5_000, "zero lines are lines too"
    assert sum(amount < 0 for amount in wanted.values()) > 500
    for view in ("direct", "full_cost"):
        found = {
            tuple(key): amount
            for *key, amount in rows(
                "select council_code, financial_year, statement, line_code, sum(amount_gbp) from marts.fct_allocation "
                f"where cost_view = '{view}' group by all"
            )
        }
        assert found == wanted
    assert rows("select count(*) from marts.fct_allocation")[0][0] > 500_000


def test_fractions_give_the_same_pennies_for_a_whole_year(rows):
    """Every council's budget of 2016-17 through the independent implementation, with the rules that won."""
    splits, tiers = defaultdict(list), defaultdict(dict)
    for council, code, service, weight, full in rows(
        "select council_code, line_code, service_code, weight, full_weight from intermediate.int_line_rules "
        "join intermediate.int_apportioned_lines using (line_key) "
        "where financial_year = '2016-17' and rule_year = '2016-17' and statement = 'budget'"
    ):
        splits[council, code].append(Split(service, Fraction(int(weight), int(full))))
    for service, tier, weight in rows(
        "select service_code, tier, tier_weight from intermediate.int_service_rules "
        "where rule_year = '2016-17' and tier_rule_set = 'desk_baseline' and tier_rule_id <> 'remainder'"
    ):
        tiers[service][tier] = Fraction(int(weight), 10**12)
    lines = [
        Line((council, code), (council, department), pence, splits[council, code])
        for council, code, department, pence in rows(
            "select council_code, line_code, department, amount_pence from intermediate.int_apportioned_lines "
            "where financial_year = '2016-17' and rule_year = '2016-17' and statement = 'budget'"
        )
    ]
    assert len(lines) > 6_500
    cells = direct(lines, tiers)
    for view, wanted in (("direct", cells), ("full_cost", full_cost(lines, cells))):
        found = {
            ((council, code), service, tier): int(amount * 100)
            for council, code, service, tier, amount in rows(
                "select council_code, line_code, service_code, tier, amount_gbp from marts.fct_allocation "
                "where financial_year = '2016-17' and statement = 'budget' and amount_gbp <> 0 "
                f"and cost_view = '{view}'"
            )
        }
        assert found == {key: pence for key, pence in wanted.items() if pence}


def test_the_six_invariants_hold_on_the_published_files(rows):
    checks = rows(
        "select check_name, count(*), sum(compared), count(*) filter (where status = 'fail') "
        "from audit.audit_reconciliation_apportionment where measure <> 'council-years compared' group by all"
    )
    assert len(checks) == 6
    for check, council_years, compared, failed in checks:
        assert failed == 0, check
        assert council_years > 2_000 and compared > 70_000, check


def test_the_method_page_prints_what_the_real_warehouse_says(rows):
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    table = page.split("<!-- national answer: budget, direct, adult social care -->")[1].split("<!-- end -->")[0]
    printed = [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]
    assert printed == national_answer(rows)


def national_answer(rows) -> list[list[str]]:
    """The rows of the page's table: year, councils, and per perimeter pounds and per cent as central (low to high)."""
    answer = {}
    for year, _, councils, total, *amounts in rows(
        "select financial_year, perimeter, count(*), sum(adult_social_care_total_gbp), sum(adult_social_care_gbp), "
        "sum(adult_social_care_low_gbp), sum(adult_social_care_high_gbp) from marts.mart_prevention_headline "
        "where statement = 'budget' and cost_view = 'direct' and adult_social_care_total_gbp is not null "
        "and is_broken_down group by financial_year, perimeter order by financial_year, "
        "case perimeter when 'narrow' then 1 when 'wide' then 2 else 3 end"
    ):
        row = answer.setdefault(year, [year, str(councils)])
        pounds = [f"{amount / 1_000_000:,.0f}" for amount in amounts]
        per_cent = [f"{(100 * amount / total).quantize(Decimal('0.1'))}" for amount in amounts]
        row += [f"{central} ({low} to {high})" for central, low, high in (pounds, per_cent)]
    return list(answer.values())


def test_the_method_page_sets_net_and_gross_beside_the_survey(rows):
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    table = page.split("<!-- beside the survey: adult social care, 65 and over, direct -->")[1].split("<!-- end -->")[0]
    printed = [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]
    assert printed == beside_the_survey(rows)


def beside_the_survey(rows) -> list[list[str]]:
    """2016-17 and 2023-24, net and (where the return prints it) gross: £ million, intervals, share of line 360."""
    answer = []
    for year, statement, perimeter, councils, total, gross_total, gross, *net in rows(
        "select financial_year, statement, perimeter, councils, adult_social_care_total_gbp,"
        " adult_social_care_gross_total_gbp, adult_social_care_gross_gbp, adult_social_care_gbp,"
        " adult_social_care_central_low_gbp, adult_social_care_central_high_gbp, adult_social_care_low_gbp,"
        " adult_social_care_high_gbp from marts.mart_national_headline where panel = 'all' and cost_view = 'direct'"
        " and outcome_code = 'delay_and_reduce_need_65_plus' and financial_year in ('2016-17', '2023-24')"
        " order by financial_year, statement, case perimeter when 'narrow' then 1 when 'wide' then 2 else 3 end"
    ):
        central, low, high, least, most = (f"{amount / 1_000_000:,.0f}" for amount in net)
        per_cent = (100 * net[0] / total).quantize(Decimal("0.1"))
        before = "not printed" if gross is None else f"{gross / 1_000_000:,.0f}"
        part = "" if gross is None else f"{(100 * gross / gross_total).quantize(Decimal('0.1'))}"
        row = [f"{year} {statement}", str(councils), perimeter, central, f"{low} to {high}", f"{least} to {most}"]
        answer.append([*row, str(per_cent), before, part or "not printed"])
    return answer


def test_the_finance_return_gives_the_share_that_the_method_page_quotes(real_warehouse):
    """Gross, all adults: short-term support, equipment, information, isolation, substance misuse and carers."""
    raw = real_warehouse.parent / "raw" / "asc_fr_cells" / "*.parquet"
    part, whole = duckdb.sql(
        "select sum(amount_thousand_gbp) filter (where care_type = 'short_term' or support_reason in"
        " ('assistive_equipment_and_technology', 'information_and_early_intervention', 'social_isolation',"
        " 'substance_misuse', 'support_for_carer')), sum(amount_thousand_gbp)"
        f" from read_parquet('{raw}') where measure = 'gross_current_expenditure' and data_type = 'mandatory'"
        " and cassr_code is null and region_code = 'E92000001' and care_type is not null"
    ).fetchone()
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    share = (100 * part / whole).quantize(Decimal("0.1"))
    assert f"£{part / 1000:,.0f} million of £{whole / 1000:,.0f} million gross, {share} per cent" in page
