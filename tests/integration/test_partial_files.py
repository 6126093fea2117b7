"""Any sensible set of files publishes: no check stops a part of the files for what is not in it.

The models and checks of a refresh, on what parts of the sample leave of the raw tables.
"""

import random

import duckdb
import pytest

from tests.partial_warehouse import PartialWarehouse

REGISTER, ONE_BUDGET = "sample_la_registry", "sample_ra_2021-22"
FINANCE = {"sample_revenue_account", "sample_revenue_outturn"}
# A draw and what it left out: every further one costs ten seconds.
DRAWN = 2
NAMED = {
    "the register alone": (),
    "outcomes without the annex of regions": ("sample_ascof_stack", "sample_ascof_2020-21"),
    "a ledger and its map without a budget": ("sample_ledgers", "sample_service_maps"),
}


@pytest.fixture(scope="module")
def held(refreshed) -> dict[str, str]:
    """The source of every release in the home of the refreshed sample."""
    snapshot = refreshed / "candidate" / "raw"
    return dict(
        duckdb.execute(f"select release_id, source from read_parquet('{snapshot}/releases/*.parquet')").fetchall()
    )


def drawn(held: dict[str, str], number: int) -> list[str]:
    """Half of the sources, drawn by lot, the same half for the same number; an odd number has what the one before left.

    Of budgets and of outturn one year each: every further year costs seconds.
    """
    chance = random.Random(number // 2)
    sources = sorted(set(held.values()))
    half = set(chance.sample(sources, len(sources) // 2))
    part = half if number % 2 == 0 else set(sources) - half
    finance = {source: chance.choice(sorted(r for r in held if held[r] == source)) for source in sorted(FINANCE & part)}
    return [r for r in sorted(held) if held[r] in part and (held[r] not in FINANCE or finance[held[r]] == r)]


def part_of(compiled, refreshed, releases) -> PartialWarehouse:
    return PartialWarehouse(compiled, refreshed / "candidate" / "raw", {REGISTER, *releases})


def test_one_budget_year_is_stopped_by_no_check_and_what_is_due_would_be_missed(compiled, refreshed):
    """With every series held, a table that holds nothing is a fault: what lets parts pass lets no whole pass."""
    budget = part_of(compiled, refreshed, {ONE_BUDGET})
    assert budget.faults() == {}
    budget.held.add("all")
    budget.compiled = compiled.on_raw_tables().rewritten(budget.as_due)
    assert "unique_fct_outcome_measure" in budget.faults()


@pytest.mark.parametrize("part", NAMED)
def test_a_part_that_a_user_begins_with_is_stopped_by_no_check(part, held, compiled, refreshed):
    releases = [r for r, source in held.items() if {r, source} & set(NAMED[part])]
    assert len(releases) >= len(NAMED[part])
    assert part_of(compiled, refreshed, releases).faults() == {}


@pytest.mark.parametrize("number", range(DRAWN))
def test_a_part_drawn_by_lot_is_stopped_by_no_check(number, held, compiled, refreshed):
    assert part_of(compiled, refreshed, drawn(held, number)).faults() == {}


def test_every_source_is_left_out_of_some_part_and_is_in_another(held):
    parts = [{held[r] for r in drawn(held, number)} for number in range(DRAWN)]
    for source in set(held.values()) - {"sample_council_registry"}:
        assert any(source in part for part in parts) and not all(source in part for part in parts), source
