"""The desk baseline covers what the publications print, and its shares make sense before any money meets them."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTIONS = ("adult_social_care", "public_health")


def rows(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def seed(name: str) -> list[dict[str, str]]:
    return rows(f"dbt_project/seeds/{name}.csv")


def published_lines() -> set[tuple[str, str]]:
    """(section, line code) of every adult social care and public health line that any layout names."""
    found = set()
    for source in ("revenue_account", "revenue_outturn"):
        for row in rows(f"ingest/column_maps/{source}.csv"):
            if row["section"] in SECTIONS and row["role"] == "line":
                found.add((row["section"], row["line_code"]))
    return found


def test_every_published_line_has_a_rule_of_its_own():
    ruled = {(r["section"], r["line_code"]) for r in seed("desk_baseline_lines")}
    published = published_lines()
    assert len(published) > 50
    assert published - ruled == set()


def test_every_service_of_the_baseline_has_a_tier():
    tiered = {r["service_code"] for r in seed("desk_baseline_tiers")}
    given = {r["service_code"] for r in seed("desk_baseline_lines")} | {
        r["service_code"] for r in seed("asc_fr_services")
    }
    assert given - {""} - tiered == set()


@pytest.mark.parametrize(
    ("name", "share", "key"),
    [
        ("desk_baseline_lines", "driver_value", ("definition_version", "section", "line_code", "valid_from_year")),
        (
            "desk_baseline_tiers",
            "tier_share",
            ("definition_version", "service_code", "outcome_code", "valid_from_year"),
        ),
        (
            "desk_baseline_tiers_adults",
            "tier_share",
            ("definition_version", "service_code", "outcome_code", "valid_from_year"),
        ),
    ],
)
def test_shares_lie_in_their_ranges_and_sum_to_one_at_most(name, share, key):
    sums = defaultdict(Decimal)
    for row in seed(name):
        if row.get("driver_kind", "share") != "share":
            continue
        low, central, high = (Decimal(row[column]) for column in ("low_share", share, "high_share"))
        assert 0 <= low <= central <= high <= 1, row["rule_id"]
        sums[tuple(row[column] for column in key)] += central
    assert len(sums) > 20
    assert {where: total for where, total in sums.items() if total > 1} == {}


def test_no_share_of_one_age_is_taken_over_by_the_outcome_of_all_adults():
    """What the first outcome puts out of scope for its age must have a rule of its own."""
    own = {r["service_code"] for r in seed("desk_baseline_tiers_adults")}
    out = {r["service_code"] for r in seed("desk_baseline_tiers") if r["tier"] == "out_of_scope"}
    children = {r["service_code"] for r in seed("services") if r["population_group"] == "children"}
    # Not about need for care at any age.
    never = {"sexual_health", "asylum_seeker_support", "covid_public_health"}
    assert out - own - children == never
    named = {r["service_code"] for r in seed("services") if r["population_group"] in ("18_64", "18_plus")}
    assert named - own == {"exercise_on_referral"}
    assert not own & {r["service_code"] for r in seed("services") if r["population_group"] == "65_plus"}


@pytest.mark.parametrize("name", ["desk_baseline_lines", "desk_baseline_tiers", "desk_baseline_tiers_adults"])
def test_every_rule_says_why_on_what_evidence_who_and_when(name):
    for row in seed(name):
        assert all(row[column] for column in ("reason", "source", "assessor_role", "assessed_on")), row["rule_id"]


def test_the_cells_of_the_finance_return_are_given_away_whole():
    whole = defaultdict(int)
    for row in seed("asc_fr_services"):
        whole[row["care_type"], row["support_setting"], row["purpose"]] += int(row["cell_percent"])
    assert set(whole.values()) == {100}


def test_perimeters_widen():
    tiers = defaultdict(set)
    for row in seed("perimeters"):
        tiers[row["perimeter"]] |= {(row["tier"], False)} | (
            {(row["tier"], True)} if row["takes_home_care"] == "true" else set()
        )
    assert tiers["narrow"] < tiers["wide"] < tiers["camden"]
