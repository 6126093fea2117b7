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
    reasons = {r["name"] for r in rows("ingest/column_maps/nhs_asc_fr_keys.csv") if r["header"] == "support_reason"}
    whole = defaultdict(int)
    for row in seed("asc_fr_services"):
        for reason in {row["support_reason"]} - {""} or {"physical", "sensory", "memory_and_cognition",
                                                         "learning_disability", "mental_health"}:  # fmt: skip
            assert reason in reasons, row
            whole[row["care_type"], row["support_setting"], row["purpose"], reason] += int(row["cell_percent"])
    assert len(whole) == 9 * 5
    assert set(whole.values()) == {100}


def newest_rules(name: str) -> list[dict[str, str]]:
    """Rules in force: of each line, or service and outcome, those of the highest version."""
    where = ("section", "line_code") if name == "desk_baseline_lines" else ("service_code", "outcome_code")
    newest = defaultdict(Decimal)
    for row in seed(name):
        place = tuple(row[c] for c in where)
        newest[place] = max(newest[place], Decimal(row["definition_version"]))
    return [r for r in seed(name) if Decimal(r["definition_version"]) == newest[tuple(r[c] for c in where)]]


@pytest.mark.parametrize("name", ["desk_baseline_lines", "desk_baseline_tiers"])
def test_a_rule_is_known_by_its_id_alone(name):
    """fct_allocation names tier rules without their version: a re-tag has an id of its own, with its version in it."""
    ids = [row["rule_id"] for row in seed(name)]
    assert len(ids) == len(set(ids))
    reviewed = [row for row in seed(name) if row["definition_version"] == "2026.3"]
    assert reviewed and all(row["rule_id"].endswith("-2026.3") for row in reviewed)


def test_no_reviewed_rule_rests_on_judgement_alone():
    """The largest items were reviewed one by one: each names what was read, or is out of the figure for a reason."""
    reviewed = {
        "assessment_and_safeguarding", "supported_living_65_plus", "supported_living_life_long_65_plus",
        "supported_accommodation_65_plus", "other_community_care_65_plus", "direct_payments_other_65_plus",
        "reablement_65_plus", "short_term_other_65_plus", "carers_support_65_plus", "social_isolation_support",
        "equipment_and_adaptations_65_plus", "leisure_centre_provision", "library_service",
    }  # fmt: skip
    rules = [r for r in newest_rules("desk_baseline_tiers") if r["service_code"] in reviewed]
    assert {r["service_code"] for r in rules} == reviewed
    for row in rules:
        named = [part.strip() for part in row["source"].split(";") if not part.strip().lower().startswith("judgement")]
        assert named, f"{row['rule_id']} names no source"
        assert row["confidence"] != "high" or Decimal(row["high_share"]) == Decimal(row["low_share"]), row["rule_id"]


def test_perimeters_widen():
    tiers = defaultdict(set)
    for row in seed("perimeters"):
        tiers[row["perimeter"]] |= {(row["tier"], False)} | (
            {(row["tier"], True)} if row["takes_home_care"] == "true" else set()
        )
    assert tiers["narrow"] < tiers["wide"] < tiers["camden"]
