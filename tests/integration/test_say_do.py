"""Saying and doing: every class worked out again from what was published, and real budgets without any coding."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest import land
from ingest.sample.codings import EVIDENCE_YEAR
from ingest.sample.councils import COUNCILS
from ingest.submitted import codebook

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2] / "dbt_project"
THRESHOLDS = {row["threshold"]: row for row in codebook.rows("say_do_thresholds")}
POINTS = {
    (row["document_type"], row["item_code"], row["code"]): (Decimal(row["points_share"]), int(row["weight"]))
    for row in codebook.rows("claim_points")
}
# Councils whose area another code carries on: the merged ones are not among them.
NEW_CODE = {
    council.successor_codes[0]: council.council_code
    for council in COUNCILS
    if council.successor_codes and sum(council.successor_codes == other.successor_codes for other in COUNCILS) == 1
}


def rows(database: Path, sql: str) -> list[dict]:
    with duckdb.connect(str(database), read_only=True) as connection:
        relation = connection.sql(sql)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


@pytest.fixture(scope="module")
def database(refreshed) -> Path:
    return refreshed / "published" / "warehouse.duckdb"


@pytest.fixture(scope="module")
def said(database) -> dict[str, list[dict]]:
    """Agreed codes of councils, their own and their board's, by the council they speak for."""
    found = defaultdict(list)
    for row in rows(database, "select * from marts.fct_foi_coding where is_adjudicated"):
        found[row["unit_code"]].append({**row, "document_type": "foi_response", "item_code": row["question_code"]})
    for row in rows(database, "select * from marts.fct_strategy_label where is_adjudicated and unit_kind = 'board'"):
        for council in row["council_codes"].split(", "):
            found[council].append({**row, "item_code": row["field_code"]})
    return found


@pytest.fixture(scope="module")
def alphas(database) -> dict[tuple, Decimal]:
    found = rows(database, "select * from marts.mart_coding_reliability where code = ''")
    return {(r["document_type"], r["wave"], r["item_code"]): r["alpha"] for r in found}


def years_between(earlier: str, later: str) -> int:
    return int(later[:4]) - int(earlier[:4])


def claim(council: str, year: str, said: dict, alphas: dict, limits: dict[str, Decimal]) -> tuple[int, Decimal | None]:
    """Items and score of a council's claim for a year."""
    spoken = [
        code
        for code in said.get(NEW_CODE.get(council, council), []) or said.get(council, [])
        if (code["document_type"], code["item_code"], code["code"]) in POINTS and EVIDENCE_YEAR[code["wave"]] <= year
    ]
    points = []
    for code in spoken:
        document = code["document_type"]
        # A council silent in the last wave is still held to its last reply.
        last = max(other["wave"] for other in spoken if other["document_type"] == document)
        alpha = alphas.get((document, code["wave"], code["item_code"]))
        if (
            code["wave"] == last
            and years_between(EVIDENCE_YEAR[last], year) <= limits["maximum_claim_age_years"]
            and (alpha is None or alpha >= limits["reliable_alpha"])
        ):
            points.append(POINTS[document, code["item_code"], code["code"]])
    weight = sum(w for _, w in points)
    return len(points), sum(p * w for p, w in points) / weight if weight else None


def class_of(row: dict, items: int, score: Decimal | None, limits: dict[str, Decimal]) -> str:
    if items < limits["minimum_claim_items"] or row["preventative_share"] is None:
        return "not_enough_evidence"
    if (row["low_confidence_share"] or 0) > limits["maximum_low_confidence_share"]:
        return "not_enough_evidence"
    says = score >= limits["claim_strong_share"]
    by_level = row["level_percentile_share"] >= limits["money_level_percentile_share"]
    by_movement = row["real_shift_share"] is not None and row["real_shift_share"] >= limits["money_shift_share"]
    does = by_level or by_movement
    return {
        (True, True): "says_and_does",
        (True, False): "says_money_does_not_show_it",
        (False, True): "does_without_saying",
        (False, False): "neither",
    }[says, does]


def limits(changed: str = "", setting: str = "value") -> dict[str, Decimal]:
    return {name: Decimal(row[setting if name == changed else "value"]) for name, row in THRESHOLDS.items()}


def test_every_class_is_that_of_a_second_reckoning(database, said, alphas):
    found = rows(database, "select * from marts.mart_say_do_gap")
    for row in found:
        items, score = claim(row["council_code"], row["financial_year"], said, alphas, limits())
        assert row["claim_items"] == items, (row["council_code"], row["financial_year"])
        if items:
            assert abs(row["claim_score_share"] - score) <= Decimal("0.00005")
        assert row["classification"] == class_of(row, items, score, limits()), row["council_code"]
        assert row["reason"]
    assert len(Counter(row["classification"] for row in found)) == 5


def test_every_council_and_year_with_money_has_a_class(database):
    council_years = "select distinct council_code, financial_year from marts.{} order by all"
    gap = rows(database, council_years.format("mart_say_do_gap"))
    assert gap and gap == rows(database, council_years.format("mart_prevention_headline"))


def test_the_level_is_the_place_of_the_published_share(database):
    headline = rows(
        database,
        """select * from marts.mart_prevention_headline
           where perimeter = 'narrow' and cost_view = 'full_cost'
             and financial_year = '2017-18' and statement = 'budget'""",
    )
    shares = {row["council_code"]: row["preventative_share"] for row in headline}
    for row in rows(database, "select * from marts.mart_say_do_gap where financial_year = '2017-18'"):
        share = shares[row["council_code"]]
        assert row["preventative_share"] == share
        below = sum(other < share for other in shares.values())
        assert row["level_percentile_share"] == round(Decimal(below) / (len(shares) - 1), 4)


def test_a_new_code_keeps_the_claim_and_a_merger_does_not(database):
    found = {
        row["council_code"]: row["claim_items"]
        for row in rows(database, "select * from marts.mart_say_do_gap where financial_year = '2018-19'")
    }
    merged = {code for council in COUNCILS for code in council.successor_codes} - set(NEW_CODE)
    assert merged and all(found[code] == 0 for code in merged)
    assert all(items > 0 for code, items in found.items() if code not in merged)


@pytest.mark.parametrize("threshold", sorted(THRESHOLDS))
@pytest.mark.parametrize("direction", ["low", "high"])
def test_each_threshold_set_otherwise_moves_as_many_as_a_second_reckoning(database, said, alphas, threshold, direction):
    changed = limits(threshold, f"sensitivity_{direction}")
    expected = Counter()
    for row in rows(database, "select * from marts.mart_say_do_gap"):
        items, score = claim(row["council_code"], row["financial_year"], said, alphas, changed)
        expected[row["classification"], class_of(row, items, score, changed)] += 1
    found = rows(database, f"select * from marts.mart_say_do_sensitivity where scenario = '{threshold}_{direction}'")
    moves = {(r["classification_in_force"], r["classification_in_scenario"]): r["council_years"] for r in found}
    assert moves == dict(expected)
    assert all(r["is_moved"] == (r["classification_in_force"] != r["classification_in_scenario"]) for r in found)


@pytest.mark.real
def test_real_budgets_without_codings_are_not_enough_evidence(real_data, tmp_path):
    wanted = {"mhclg_ra_2016-17", "mhclg_ra_2017-18"}
    readers = {"council_registry", "cassr_codes", "population", "deflators", "area_lookup"}
    for found in land.find(real_data):
        if found.release.release_id in wanted or found.release.source.reader in readers:
            land.land(found, tmp_path / "landing")
    taken = [(e, land.ingest(e, tmp_path / "raw")) for e in land.editions(tmp_path / "landing")]
    land.snapshot(taken, tmp_path / "raw", tmp_path / "snapshot", {"releases": land.releases_table(taken)})
    environment = os.environ | {
        "DBT_PROFILES_DIR": str(PROJECT),
        "PREVENTION_RAW": str(tmp_path / "snapshot"),
        "PREVENTION_CANDIDATE": str(tmp_path / "warehouse.duckdb"),
    }
    dbt = [str(Path(sys.executable).with_name("dbt")), "--quiet", "build", "--project-dir", str(PROJECT)]
    dbt += ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    dbt += ["--exclude-resource-type", "test", "--select", "+mart_say_do_gap", "+mart_say_do_sensitivity"]
    dbt += ["+mart_prevention_headline"]
    outcome = subprocess.run(dbt, env=environment, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout[-3000:]
    gap = rows(tmp_path / "warehouse.duckdb", "select * from marts.mart_say_do_gap")
    assert Counter(row["financial_year"] for row in gap) == {"2016-17": 152, "2017-18": 152}
    assert {row["classification"] for row in gap} == {"not_enough_evidence"}
    assert all("coded" in row["reason"] for row in gap)
    # A balance is missing exactly where a council budgets more income than cost on one side of it.
    below_zero = rows(
        tmp_path / "warehouse.duckdb",
        "select council_code, financial_year from marts.mart_prevention_headline where perimeter = 'narrow' "
        "and statement = 'budget' and cost_view = 'full_cost' and (amount_gbp < 0 or reactive_gbp < 0)",
    )
    unstated = [row for row in gap if row["preventative_share"] is None]
    assert unstated
    assert {(r["council_code"], r["financial_year"]) for r in unstated} == {
        (r["council_code"], r["financial_year"]) for r in below_zero
    }
