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
        " and outcome_code = 'delay_and_reduce_need_65_plus'"
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
        "and is_broken_down and outcome_code = 'delay_and_reduce_need_65_plus' group by financial_year, perimeter "
        "order by financial_year, "
        "case perimeter when 'narrow' then 1 when 'wide' then 2 else 3 end"
    ):
        row = answer.setdefault(year, [year, str(councils)])
        pounds = [f"{amount / 1_000_000:,.0f}" for amount in amounts]
        per_cent = [f"{(100 * amount / total).quantize(Decimal('0.1'))}" for amount in amounts]
        row += [f"{central} ({low} to {high})" for central, low, high in (pounds, per_cent)]
    return list(answer.values())


def test_the_method_page_sets_net_and_gross_beside_the_survey(rows):
    assert table_of_the_page("beside the survey: adult social care, direct") == beside_the_survey(rows)


def table_of_the_page(name: str) -> list[list[str]]:
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    table = page.split(f"<!-- {name} -->")[1].split("<!-- end -->")[0]
    return [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]


def beside_the_survey(rows) -> list[list[str]]:
    """2016-17 and 2023-24, both outcomes, net and (where printed) gross: £ million, intervals, share of line 360."""
    answer = []
    for year, statement, people, perimeter, councils, total, gross_total, gross, *net in rows(
        "select financial_year, statement, per_head_population, perimeter, councils, adult_social_care_total_gbp,"
        " adult_social_care_gross_total_gbp, adult_social_care_gross_gbp, adult_social_care_gbp,"
        " adult_social_care_central_low_gbp, adult_social_care_central_high_gbp, adult_social_care_low_gbp,"
        " adult_social_care_high_gbp from marts.mart_national_headline where panel = 'all' and cost_view = 'direct'"
        " and financial_year in ('2016-17', '2023-24') order by financial_year, statement, per_head_population desc,"
        " case perimeter when 'narrow' then 1 when 'wide' then 2 else 3 end"
    ):
        central, low, high, least, most = (f"{amount / 1_000_000:,.0f}" for amount in net)
        per_cent = (100 * net[0] / total).quantize(Decimal("0.1"))
        before = "not printed" if gross is None else f"{gross / 1_000_000:,.0f}"
        part = "" if gross is None else f"{(100 * gross / gross_total).quantize(Decimal('0.1'))}"
        who = {"65_plus": "65 and over", "18_plus": "all adults"}[people]
        row = [f"{year} {statement}", str(councils), who, perimeter, central, f"{low} to {high}", f"{least} to {most}"]
        answer.append([*row, str(per_cent), before, part or "not printed"])
    return answer


SIX_PARTS = {
    "Short-term support": "short_term",
    "Information and early intervention": "information_and_early_intervention",
    "Equipment and technology": "assistive_equipment_and_technology",
    "Support for carers": "support_for_carer",
    "Substance misuse": "substance_misuse",
    "Social isolation": "social_isolation",
}
LINES = {"355": 1, "353": 2, "350": 3, "348": 4, "351": 5}
OTHER_PARTS = {
    "Day care and other support in the community, 65 and over": ("other_community_care_65_plus",),
    "Supported living and extra care, 65 and over": (
        "supported_living_65_plus",
        "supported_living_life_long_65_plus",
        "supported_accommodation_65_plus",
    ),
    "Day care, a fifth of direct payments and the like, 18 to 64": ("support_18_64",),
}
OF_WIDE = """
    select l.line_code, t.service_code, sum(t.tier_pence), sum(t.tier_gross_pence)
    from intermediate.int_allocation_tiers as t
    inner join intermediate.int_apportioned_lines as l using (line_key)
    inner join marts.mart_prevention_headline as h using (council_code, financial_year, statement)
    where
        not l.is_restated and l.department = 'adult_social_care' and t.outcome_code = 'delay_and_reduce_need_adults'
        and h.outcome_code = t.outcome_code and h.cost_view = 'direct' and h.perimeter = 'wide' and h.is_broken_down
        and (t.tier in ('primary', 'secondary') or (t.tier = 'tertiary' and not t.is_home_care))
        and financial_year = '{}' and statement = '{}'
    group by all
    having sum(t.tier_pence) <> 0
"""


def test_the_method_page_explains_in_pounds_how_the_figure_differs_from_the_finance_return(real_warehouse, rows):
    answer = difference_in_pounds(real_warehouse, rows)
    assert table_of_the_page("from the finance return to the wide figure, all adults") == answer
    # The parts make the whole, and the whole is the published figure.
    for column in (3, 4, 5):
        (wide,) = [row for row in answer if row[0] == "**Wide, all adults**"]
        parts = [row for row in answer if row[0] in SIX_PARTS or row[0] in OTHER_PARTS]
        figures = [int(row[column].replace(",", "")) for row in parts]
        assert abs(sum(figures) - int(wide[column].strip("*").replace(",", ""))) <= len(parts) / 2


def difference_in_pounds(database: Path, rows) -> list[list[str]]:
    """The six parts of the finance return beside the same in the wide figure of all adults, and what that adds."""
    raw = database.parent / "raw" / "asc_fr_cells" / "*.parquet"
    cells = duckdb.sql(
        "select case when care_type = 'short_term' then care_type else support_reason end, measure, age_band, purpose,"
        f" care_type, sum(amount_thousand_gbp) from read_parquet('{raw}') where data_type = 'mandatory' and cassr_code"
        " is null and region_code = 'E92000001' and care_type is not null group by all"
    ).fetchall()
    columns: list[dict[str, Decimal]] = []
    totals: list[Decimal] = []
    for measure in ("gross_current_expenditure", "net_current_expenditure"):
        here = [c for c in cells if c[1] == measure]
        totals.append(sum(c[5] for c in here) / 1000)
        columns.append({name: sum(c[5] for c in here if c[0] == key) / 1000 for name, key in SIX_PARTS.items()})
    # What of support before 65 is short-term: reablement whole and seven tenths of the rest, of all of it in 2016-17.
    before = [c for c in cells if c[1] == "net_current_expenditure" and c[2] == "18_64"]
    short = sum(c[5] * (Decimal("0.7") if c[3] == "other" else 1) for c in before if c[4] == "short_term")
    share = short / sum(c[5] for c in before)
    names = list(SIX_PARTS)
    for year, statement, is_gross in (("2016-17", "budget", 0), ("2023-24", "budget", 0), ("2023-24", "outturn", 1)):
        (total,) = rows(
            f"select {('adult_social_care_total_gbp', 'adult_social_care_gross_total_gbp')[is_gross]} from"
            f" marts.mart_national_headline where financial_year = '{year}' and statement = '{statement}' and"
            " panel = 'all' and cost_view = 'direct' and perimeter = 'wide' and outcome_code ="
            " 'delay_and_reduce_need_adults'"
        )[0]
        totals.append(total / 1_000_000)
        found: dict[str, Decimal] = defaultdict(Decimal)
        whole_18_64 = rows(
            "select sum(x.tier_pence), sum(x.tier_gross_pence) from intermediate.int_allocation_tiers as x inner join"
            " intermediate.int_apportioned_lines as l using (line_key) inner join marts.mart_prevention_headline as h"
            " using (council_code, financial_year, statement) where not l.is_restated and x.service_code ="
            " 'support_18_64' and x.outcome_code = 'delay_and_reduce_need_adults' and h.outcome_code = x.outcome_code"
            " and h.cost_view = 'direct' and h.perimeter = 'wide' and h.is_broken_down and"
            f" financial_year = '{year}' and statement = '{statement}'"
        )[0][is_gross]
        for line, service, *pence in rows(OF_WIDE.format(year, statement)):
            amount = Decimal(pence[is_gross]) / 100_000_000
            if line in LINES:
                found[names[LINES[line]]] += amount
            elif service in ("reablement_65_plus", "short_term_other_65_plus"):
                found["Short-term support"] += amount
            else:
                (part,) = [name for name, services in OTHER_PARTS.items() if service in services]
                found[part] += amount
        early = share * Decimal(whole_18_64) / 100_000_000
        found["Short-term support"] += early
        found["Day care, a fifth of direct payments and the like, 18 to 64"] -= early
        columns.append(found)
    answer = [[name, *(f"{column[name]:,.0f}" for column in columns)] for name in SIX_PARTS]
    six = [sum(column[name] for name in SIX_PARTS) for column in columns]
    answer.append(["**The six parts**", *(f"**{amount:,.0f}**" for amount in six)])
    shares = [(100 * amount / total).quantize(Decimal("0.1")) for amount, total in zip(six, totals, strict=True)]
    answer.append(["per cent of adult social care", *map(str, shares)])
    answer += [[name, "", "", *(f"{column[name]:,.0f}" for column in columns[2:])] for name in OTHER_PARTS]
    answer.append(["**Wide, all adults**", "", "", *(f"**{sum(column.values()):,.0f}**" for column in columns[2:])])
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


# Items of docs/baseline-review.md: the services whose money each row holds.
REVIEWED = {
    "Home care": ("home_care_65_plus",),
    "Direct payments": ("direct_payments_home_care_65_plus", "direct_payments_other_65_plus"),
    "Reablement": ("reablement_65_plus",),
    "Supported living": ("supported_living_65_plus", "supported_living_life_long_65_plus"),
    "Day care, meals, transport": ("other_community_care_65_plus",),
    "Other short-term support": ("short_term_other_65_plus",),
    "Libraries": ("library_service",),
    "Supported accommodation": ("supported_accommodation_65_plus",),
    "Equipment and adaptations": ("equipment_and_adaptations_65_plus",),
    "Housing-related support": ("housing_related_support_65_plus",),
    "Information, early intervention": ("information_and_advice_65_plus", "early_intervention_65_plus"),
    "Leisure centres": ("leisure_centre_provision",),
    "Social isolation": ("social_isolation_support",),
    "Telecare": ("telecare",),
    "Support of carers": ("carers_support_65_plus", "carers_support_18_64"),
    "Assessment and safeguarding": ("assessment_and_safeguarding",),
}


def test_the_review_of_the_baseline_prints_what_each_item_gives_now(rows):
    page = (ROOT / "docs" / "baseline-review.md").read_text(encoding="utf-8")
    table = page.split("<!-- reviewed items: England, budgets 2023-24, direct -->")[1].split("<!-- end -->")[0]
    printed = [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]
    # Narrow, wide and camden now: the second of each pair.
    assert {name: now[1::2] for name, _, *now in printed} == reviewed_items(rows)


def reviewed_items(rows) -> dict[str, list[str]]:
    """Whole pounds of each reviewed item in the narrow, wide and camden perimeter, England, budgets of 2023-24."""
    found = {
        service: amounts
        for service, *amounts in rows(
            "select service_code, sum(amount_gbp) filter (where tier in ('primary', 'secondary')),"
            " sum(amount_gbp) filter (where tier in ('primary', 'secondary')"
            " or (tier = 'tertiary' and not is_home_care)),"
            " sum(amount_gbp) filter (where tier in ('primary', 'secondary', 'tertiary')) from marts.fct_allocation"
            " where financial_year = '2023-24' and statement = 'budget' and cost_view = 'direct'"
            " and outcome_code = 'delay_and_reduce_need_65_plus' group by service_code"
        )
    }
    return {
        item: [f"{sum(found.get(s, (0, 0, 0))[i] or 0 for s in services):,.0f}" for i in range(3)]
        for item, services in REVIEWED.items()
    }
