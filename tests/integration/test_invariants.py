"""The six invariants: they hold on a sound warehouse, and each fails on the fault it is there for."""

import shutil

import pytest

from tests.apportionment_warehouse import EAST, INVARIANTS, NEW, NORTH, TinyWarehouse


@pytest.fixture(scope="module")
def built_file(compiled, tmp_path_factory):
    path = tmp_path_factory.mktemp("tiny") / "sound.duckdb"
    TinyWarehouse(compiled, path).fill().build().connection.close()
    return path


@pytest.fixture()
def tiny(compiled, built_file, tmp_path):
    """A sound, built warehouse of the test's own."""
    warehouse = TinyWarehouse(compiled, shutil.copy(built_file, tmp_path / "tiny.duckdb"))
    yield warehouse
    warehouse.connection.close()


def test_all_hold_and_say_what_they_compared(tiny):
    assert tiny.check_again() == {}
    rows = tiny.run(
        "select check_name, expected, observed, compared from audit.audit_reconciliation_apportionment "
        "where measure = 'council-years compared'"
    ).fetchall()
    assert {r[0] for r in rows} == {name.removeprefix("invariant_") for name in INVARIANTS}
    assert all((expected, observed, compared) == (6, 6, 6) for _, expected, observed, compared in rows)


LINE_350 = (
    f"(select line_key from intermediate.int_apportioned_lines where council_code = '{NORTH}' and line_code = '350')"
)
FAULTS = {
    "a penny moved from one line to another": (
        "update marts.fct_allocation set amount_gbp = amount_gbp + case line_code when '333' then 0.01 else -0.01 end "
        f"where council_code = '{NORTH}' and financial_year = '{NEW}' and cost_view = 'direct' "
        "and (line_code, service_code) in (('333', 'home_care_65_plus'), ('350', 'carers_support_18_64')) "
        "and tier in ('tertiary', 'out_of_scope')",
        "invariant_allocations_sum_to_line",
    ),
    "a line lost": (
        f"delete from marts.fct_allocation where council_code = '{EAST}' and line_code = '355'",
        "invariant_every_line_there_once",
    ),
    "a zero line lost": (
        f"delete from marts.fct_allocation where council_code = '{EAST}' and line_code = '353'",
        "invariant_every_line_there_once",
    ),
    "a line there twice": (
        f"insert into marts.fct_allocation select * from marts.fct_allocation where council_code = '{EAST}' "
        "and line_code = '353'",
        "invariant_every_line_there_once",
    ),
    "a line too many": (
        "insert into marts.fct_allocation select * replace ('901' as line_code) from marts.fct_allocation "
        f"where council_code = '{EAST}' and line_code = '353'",
        "invariant_every_line_there_once",
    ),
    "money in one view only": (
        f"delete from marts.fct_allocation where council_code = '{NORTH}' and cost_view = 'full_cost' "
        "and line_code = '356' and tier = 'reactive'",
        "invariant_cost_views_agree",
    ),
    "a low above its central amount": (
        "update marts.fct_allocation set amount_low_gbp = amount_gbp + 1 "
        f"where council_code = '{NORTH}' and line_code = '333' and tier = 'reactive'",
        "invariant_low_central_high",
    ),
    "a total's high below its central amount": (
        "update marts.mart_prevention_headline set amount_high_gbp = amount_gbp - 1 "
        f"where council_code = '{NORTH}' and perimeter = 'wide'",
        "invariant_low_central_high",
    ),
    "a share above one": (
        f"update intermediate.int_line_rules set line_shares = 1300000000000 where line_key in {LINE_350}",
        "invariant_shares_within_one",
    ),
    "a negative share": (
        f"update intermediate.int_line_rules set weight = -1 where line_key in {LINE_350}",
        "invariant_shares_within_one",
    ),
    "tier shares above one": (
        "update intermediate.int_service_rules set tier_weight = 2 * tier_weight "
        "where service_code = 'home_care_65_plus'",
        "invariant_shares_within_one",
    ),
    "money moved between services by a tier": (
        "update intermediate.int_allocation_tiers set service_code = 'nursing_care_65_plus' "
        "where service_code = 'residential_care_65_plus' and line_key in "
        "(select line_key from intermediate.int_apportioned_lines where line_code = '333')",
        "assert_tiers_move_no_money_between_services",
    ),
    "money of one outcome that is lost in a line": (
        "update intermediate.int_allocation_cells set tier_pence = tier_pence + 1 where tier = 'reactive' and "
        "outcome_code = 'delay_and_reduce_need_adults' and cost_view = 'full_cost'",
        "assert_every_outcome_holds_the_same_money",
    ),
    "money of one outcome that is lost in a mart": (
        "delete from marts.mart_prevention_spend where tier = 'unclassified' and "
        f"outcome_code = 'delay_and_reduce_need_adults' and council_code = '{NORTH}'",
        "assert_every_outcome_holds_the_same_money",
    ),
    "a movement that does not add up": (
        "update marts.mart_prevention_headline set movement_growth_gbp = movement_growth_gbp + 0.01 "
        f"where council_code = '{NORTH}' and financial_year = '{NEW}'",
        "assert_movement_parts_sum",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(tiny, fault):
    planted, check = FAULTS[fault]
    changed = tiny.run(planted).fetchone()[0]
    assert changed > 0, "the fault touched no row"
    assert check in tiny.check_again()


@pytest.mark.parametrize("check", INVARIANTS)
def test_a_council_year_left_out_of_a_check_is_seen(tiny, check):
    """Each check counts the council-years it compared against those with money."""
    tiny.run("delete from marts.fct_allocation where council_code = ?", EAST)
    lines = "select line_key from intermediate.int_apportioned_lines where council_code = ?"
    tiny.run(f"delete from intermediate.int_line_rules where line_key in ({lines})", EAST)
    for mart in ("mart_prevention_spend", "mart_prevention_headline"):
        tiny.run(f"delete from marts.{mart} where council_code = ?", EAST)
    assert check in tiny.check_again()


@pytest.mark.parametrize("check", INVARIANTS)
def test_nothing_compared_is_a_failure(tiny, check):
    tiny.run("delete from audit.audit_reconciliation_apportionment")
    assert tiny.compiled.failures(tiny.connection, check)


def test_lines_that_miss_their_section_total_are_seen(tiny):
    tiny.run(
        "update marts.fct_budget_line set amount_gbp = amount_gbp + 90000 where council_code = ? and line_code = '356'",
        NORTH,
    )
    failures = tiny.build().check_again()
    assert set(failures) == {"invariant_lines_sum_to_section_total"}
    assert len(failures["invariant_lines_sum_to_section_total"]) == 2, "one row for each of the two years"


def test_a_reviewed_difference_is_known_and_no_failure(tiny):
    tiny.run(
        "update marts.fct_budget_line set amount_gbp = amount_gbp + 90000 where council_code = ? and line_code = '356' "
        "and financial_year = ?",
        NORTH,
        NEW,
    )
    tiny.run(
        "insert into reference.known_discrepancies "
        "values ('lines_sum_to_section_total', ?, ?, '360', 90000, 'Misprint')",
        f"ra_{NEW}",
        NORTH,
    )
    assert tiny.build().check_again() == {}
    statuses = tiny.run(
        "select status, reason from audit.audit_reconciliation_apportionment where abs(difference) > 1 "
        "and check_name = 'lines_sum_to_section_total'"
    ).fetchall()
    assert statuses == [("known", "Misprint")]


def test_shares_of_a_map_above_one_fail_and_still_add_up(tiny):
    """The door refuses such a map; should one pass it, the check stops publication and no money is made."""
    tiny.add_map("north:1", NORTH, [("350", "carers", "share", "0.7"), ("350", "breaks", "share", "0.6")], [])
    failures = tiny.build().check_again()
    assert set(failures) == {"invariant_shares_within_one"}
