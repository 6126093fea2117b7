"""What maps, ledgers, versions and perimeters do to the figures, on a tiny warehouse."""

from decimal import Decimal

import pytest

from tests.apportionment_warehouse import EAST, NEW, NORTH, OLD, SOUTH

HEADLINE = "select {} from marts.mart_prevention_headline where council_code = ? and financial_year = ? "
HEADLINE += "and cost_view = 'direct' and perimeter = ? and outcome_code = 'delay_and_reduce_need_65_plus'"
MAP_LINES = [
    ("333", "home_care_north", "share", "0.3"),
    ("333", "falls_clinic", "share", "0.2"),
    ("333", "care_homes_north", "share", "0.4"),
]
MAP_TIERS = [
    ("home_care_north", "tertiary", "1"),
    ("falls_clinic", "secondary", "1"),
    ("care_homes_north", "reactive", "1"),
]


def headline(tiny, columns, council, year, perimeter):
    return tiny.run(HEADLINE.format(columns), council, year, perimeter).fetchone()


def test_a_map_changes_its_council_only_and_the_change_is_definition(tiny):
    everything = "select * from marts.fct_allocation where council_code <> ? order by all"
    others = tiny.run(everything, NORTH).fetchall()
    before = headline(tiny, "amount_gbp", NORTH, NEW, "narrow")[0]
    tiny.add_map("north:1", NORTH, MAP_LINES, MAP_TIERS)
    assert tiny.build().check_again() == {}
    assert tiny.run(everything, NORTH).fetchall() == others
    columns = (
        "amount_gbp, movement_gbp, movement_definition_gbp, movement_growth_gbp, movement_real_shift_gbp, rule_set"
    )
    after, movement, definition, growth, shift, rule_set = headline(tiny, columns, NORTH, NEW, "narrow")
    # A fifth of line 333 becomes secondary; the desk baseline gave none of it to the narrow perimeter.
    line = tiny.run("select sum(amount_gbp) from marts.fct_budget_line where council_code = ? and line_code = '333' "
                    "and financial_year = ?", NORTH, OLD).fetchone()[0]  # fmt: skip
    assert tiny.run(
        "select count(*) from marts.fct_allocation where council_code = ? and financial_year = ? "
        "and line_code = '333' and tier in ('primary', 'secondary')", NORTH, OLD).fetchone() == (0,)  # fmt: skip
    assert definition == round(line * Decimal("0.2"), 2)
    assert after > before and movement == definition + growth + shift
    assert definition > 10 * abs(shift), "the change is one of definition, not of spending"
    assert rule_set == "mixed"
    assert headline(tiny, "movement_definition_gbp", SOUTH, NEW, "narrow") == (0,)


def test_what_a_map_leaves_is_unclassified_and_never_filled_by_another_rule_set(tiny):
    tiny.add_map("north:1", NORTH, MAP_LINES, MAP_TIERS)
    tiny.build()
    rows = tiny.run(
        "select service_code, tier, rule_set, basis, is_modelled from marts.fct_allocation where council_code = ? "
        "and financial_year = ? and line_code = '333' and cost_view = 'direct' order by service_code", NORTH, NEW,
    ).fetchall()  # fmt: skip
    assert {r[2] for r in rows} == {"north:1"}
    assert ("unclassified", "unclassified", "north:1", "remainder", False) in rows
    assert not any(r[4] for r in rows), "a council's own map is not modelled"


def test_precedence_is_own_map_then_shared_map_then_desk_baseline(tiny):
    tiny.add_map(
        "region:1", NORTH, [("333", "shared_a", "share", "1"), ("350", "shared_b", "share", "1")], [], kind="shared"
    )
    tiny.add_map("north:1", NORTH, MAP_LINES, MAP_TIERS)
    tiny.build()
    sets = tiny.run(
        "select distinct line_code, rule_set from marts.fct_allocation where council_code = ? and financial_year = ? "
        "and line_code in ('333', '350', '353')", NORTH, NEW).fetchall()  # fmt: skip
    assert sorted(sets) == [("333", "north:1"), ("350", "region:1"), ("353", "desk_baseline")]


def test_the_highest_version_serves_whole_and_ten_is_higher_than_nine(tiny):
    tiny.add_map("north:9", NORTH, [*MAP_LINES, ("350", "carers", "share", "1")], MAP_TIERS, version="9")
    tiny.add_map("north:10", NORTH, [("333", "falls_clinic", "share", "1")], MAP_TIERS, version="10")
    tiny.build()
    sets = tiny.run(
        "select distinct line_code, rule_set, definition_version from marts.fct_allocation where council_code = ? "
        "and financial_year = ? and line_code in ('333', '350')", NORTH, NEW).fetchall()  # fmt: skip
    assert sorted(sets) == [("333", "north:10", "10"), ("350", "desk_baseline", "2026.1")]


def test_a_map_does_not_reach_back_before_its_first_year(tiny):
    tiny.add_map("north:1", NORTH, MAP_LINES, MAP_TIERS)
    tiny.build()
    sets = "select distinct rule_set from marts.fct_allocation where council_code = ? and financial_year = ?"
    assert tiny.run(sets, NORTH, OLD).fetchall() == [("desk_baseline",)]


def test_changing_tiers_moves_no_money_between_services(tiny):
    tiny.add_map("north:1", NORTH, MAP_LINES, MAP_TIERS)
    by_service = "select line_code, service_code, sum(amount_gbp) from marts.fct_allocation where cost_view = 'direct' "
    by_service += "group by all order by all"
    tiny.build()
    first = tiny.run(by_service).fetchall()
    tiny.run(
        "update staging.stg_service_map__tiers set tier = 'primary', tier_share = 0.6 "
        "where service_code = 'falls_clinic'"
    )
    assert tiny.build().check_again() == {}
    assert tiny.run(by_service).fetchall() == first


def test_home_care_is_in_the_camden_perimeter_only_and_visible_on_its_own(tiny):
    wide, wide_home = headline(tiny, "amount_gbp, home_care_gbp", NORTH, NEW, "wide")
    camden, camden_home = headline(tiny, "amount_gbp, home_care_gbp", NORTH, NEW, "camden")
    assert wide_home == 0 and camden_home > 0 and camden - wide == camden_home


def test_the_total_of_a_council_without_lines_is_unclassified_not_lost(tiny):
    tiny.add_line(EAST, NEW, "adult_social_care", "360", Decimal("123.45"), is_total=True, statement="outturn")
    assert tiny.build().check_again() == {}
    rows = tiny.run("select line_code, tier, amount_gbp from marts.fct_allocation where council_code = ? "
                    "and statement = 'outturn' and cost_view = 'direct'", EAST).fetchall()  # fmt: skip
    assert rows == [("360", "unclassified", Decimal("123.45"))]


def test_a_blank_line_is_not_a_zero_and_an_unknown_line_is_not_dropped(tiny):
    tiny.add_line(EAST, NEW, "adult_social_care", "348", None)
    tiny.add_line(EAST, NEW, "adult_social_care", "359", Decimal("10.00"))
    tiny.run("update marts.fct_budget_line set amount_gbp = amount_gbp + 10 where council_code = ? "
             "and line_code = '360' and financial_year = ?", EAST, NEW)  # fmt: skip
    assert tiny.build().check_again() == {}
    rows = tiny.run("select line_code, service_code, tier, amount_gbp from marts.fct_allocation where council_code = ? "
                    "and line_code in ('348', '359') and cost_view = 'direct'", EAST).fetchall()  # fmt: skip
    assert rows == [("359", "adult_social_care_other", "unclassified", Decimal("10.00"))]


def test_a_line_outside_the_usual_scope_comes_in_where_a_map_takes_it_in(tiny):
    tiny.add_map("north:1", NORTH, [("271", "freedom_pass", "share", "0.8")], [("freedom_pass", "primary", "1")])
    assert tiny.build().check_again() == {}
    taken = tiny.run("select distinct council_code, financial_year from marts.fct_allocation where line_code = '271'")
    assert taken.fetchall() == [(NORTH, NEW)]
    definition, growth = headline(tiny, "movement_definition_gbp, movement_growth_gbp", NORTH, NEW, "narrow")
    assert definition == Decimal("560000.00") and growth > 0, "last year's passes too, read under this year's map"


def ledger(tiny, service_nets, tolerance, council=NORTH):
    for number, (service, net) in enumerate(service_nets):
        tiny.run("insert into staging.stg_ledger__lines values ('north-ledger', ?, ?, 'budget', ?, '355', ?, ?, ?)",
                 council, NEW, f"CC{number}", service, net, tolerance)  # fmt: skip


def test_a_ledger_within_tolerance_stands_in_scaled_to_the_line(tiny):
    ledger(
        tiny, [("falls_prevention", 30_000_000), ("information_and_advice_65_plus", 10_000_000), (None, 1_200_000)], 100
    )
    assert tiny.build().check_again() == {}
    rows = tiny.run(
        "select service_code, tier, rule_set, sum(amount_gbp) from marts.fct_allocation where council_code = ? "
        "and financial_year = ? and line_code = '355' and cost_view = 'direct' and amount_gbp <> 0 "
        "group by all order by 1",
        NORTH, NEW).fetchall()  # fmt: skip
    assert rows == [
        ("falls_prevention", "secondary", "north-ledger", Decimal("300000.00")),
        ("information_and_advice_65_plus", "primary", "north-ledger", Decimal("100000.00")),
        ("unclassified", "unclassified", "north-ledger", Decimal("12000.00")),
    ]


@pytest.mark.parametrize(
    ("nets", "why"),
    [
        ([("falls_prevention", 30_000_000)], "Outside the declared tolerance"),
        ([("falls_prevention", 50_000_000), ("telecare", -8_800_000)], "net credit"),
    ],
)
def test_a_ledger_that_does_not_meet_its_line_is_set_aside_and_says_so(tiny, nets, why):
    ledger(tiny, nets, 100)
    assert tiny.build().check_again() == {}
    used = tiny.run(
        "select distinct rule_set from marts.fct_allocation where council_code = ? and line_code = '355'", NORTH
    )
    assert used.fetchall() == [("desk_baseline",)]
    gap = tiny.run("select status, reason, expected, observed from audit.audit_reconciliation_apportionment "
                   "where check_name = 'ledger_against_published_line'").fetchall()  # fmt: skip
    assert len(gap) == 1 and gap[0][0] == "unreviewed" and why in gap[0][1]


def test_a_council_without_a_finance_return_takes_its_region_with_a_wider_range(tiny):
    width = (
        "select (amount_high_gbp - amount_low_gbp) / amount_gbp from marts.fct_allocation where council_code = ? "
        "and financial_year = ? and line_code = '333' and service_code = 'home_care_65_plus' and cost_view = 'direct'"
    )
    own, regional = (tiny.run(width, council, NEW).fetchone()[0] for council in (NORTH, SOUTH))
    assert regional > own


def test_client_contributions_come_off_care_in_the_community_only(tiny):
    quantities = dict(
        tiny.run(
            "select service_code, quantity from intermediate.int_asc_fr_splits where council_code = ? "
            "and support_reason = 'physical'",
            NORTH,
        ).fetchall()
    )
    assert quantities["residential_care_65_plus"] == 400_000
    # 300 of 3,500 pounds come off: 2,500 leaves 2,285.71
    assert quantities["home_care_65_plus"] == 228_571
    assert quantities["reablement_65_plus"] == 70_000


def test_overheads_follow_their_department_and_both_views_hold_the_same_money(tiny):
    enabling = dict(
        tiny.run(
            "select cost_view, sum(amount_gbp) from marts.mart_prevention_spend where council_code = ? "
            "and financial_year = ? and tier = 'enabling' "
            "and outcome_code = 'delay_and_reduce_need_65_plus' group by all",
            NORTH,
            NEW,
        ).fetchall()
    )
    assert enabling["direct"] > 0 and enabling["full_cost"] == 0
    per_view = tiny.run("select cost_view, sum(amount_gbp) from marts.fct_allocation group by all").fetchall()
    assert len({total for _, total in per_view}) == 1


def test_progress_to_a_declared_target(tiny):
    tiny.add_map("north:1", NORTH, MAP_LINES, MAP_TIERS)
    for item, value in (("shift_target_share", "0.01"), ("shift_target_year", "2020-21")):
        tiny.run("insert into staging.stg_service_map__targets values ('north:1', ?, ?, ?)", NORTH, item, value)
    tiny.build()
    columns = "shift_target_share, shift_target_year, achieved_shift_share, shift_target_progress_share"
    target, year, achieved, progress = headline(tiny, columns, NORTH, NEW, "wide")
    assert (target, year) == (Decimal("0.010000"), "2020-21")
    assert abs(progress - achieved / target) < Decimal("0.001")
    assert headline(tiny, "shift_target_share", SOUTH, NEW, "wide") == (None,)


def test_a_councils_own_split_by_age_comes_before_the_england_one(tiny):
    for code, section, amount in (
        ("353", "adult_social_care", "1000.00"),
        ("353_65_plus", "adult_social_care_of_which", "800.00"),
        ("353_18_64", "adult_social_care_of_which", "200.00"),
        ("350", "adult_social_care", "1000.00"),
        ("350_65_plus", "adult_social_care_of_which", "-5.00"),
        ("350_18_64", "adult_social_care_of_which", "1005.00"),
        ("333", "adult_social_care", "1000.00"),
        ("360", "adult_social_care", "3000.00"),
    ):
        is_total = code == "360"
        tiny.add_line(EAST, "2022-23", section, code, Decimal(amount), is_total=is_total, statement="outturn")
    assert tiny.build().check_again() == {}
    services = dict(
        tiny.run(
            "select service_code, sum(amount_gbp) from marts.fct_allocation where council_code = ? "
            "and statement = 'outturn' and cost_view = 'direct' group by all",
            EAST,
        ).fetchall()
    )
    assert services["telecare"] == Decimal("240.00") and services["equipment_and_technology_18_64"] == Decimal("200.00")
    assert services["carers_support_65_plus"] == Decimal("457.00"), (
        "a credit cannot be a share: England's split instead"
    )


def test_a_budget_is_split_by_the_ages_of_the_outturn_of_its_year_and_that_is_definition(tiny):
    ages = (("353_65_plus", "800.00"), ("353_18_64", "200.00"))
    for code, amount in (("353", "1000.00"), *ages, ("333", "1000.00"), ("360", "2000.00")):
        section = "adult_social_care_of_which" if "_" in code else "adult_social_care"
        tiny.add_line(EAST, "2022-23", section, code, Decimal(amount), is_total=code == "360", statement="outturn")
    for year in ("2021-22", "2022-23"):
        for code, amount in (("353", "1000.00"), ("333", "1000.00"), ("360", "2000.00")):
            tiny.add_line(EAST, year, "adult_social_care", code, Decimal(amount), is_total=code == "360")
    assert tiny.build().check_again() == {}
    telecare = (
        "select sum(amount_gbp) from marts.fct_allocation where council_code = ? and financial_year = ? "
        "and statement = 'budget' and service_code = 'telecare' and cost_view = 'direct'"
    )
    assert tiny.run(telecare, EAST, "2022-23").fetchone() == (Decimal("240.00"),)
    assert tiny.run(telecare, EAST, "2021-22").fetchone() == (Decimal("155.00"),), "no outturn of that year: England"
    moved = "movement_gbp, movement_definition_gbp, movement_mix_gbp"
    movement, definition, mix = headline(tiny, moved, EAST, "2022-23", "narrow")
    assert (movement, definition, mix) == (Decimal("85.00"), Decimal("85.00"), Decimal("0.00")), (
        "the same money under another split is no change in the mix of lines"
    )


def test_supported_living_is_told_apart_by_support_reason(tiny):
    for reason, net in (("physical", 500), ("mental_health", 300)):
        tiny.run(
            "insert into staging.stg_asc_fr__support_65_plus values "
            "('2016-17', 'council', ?, 'E12000002', ?, 'long_term', 'supported_living', '', ?)",
            *(NORTH, reason, net),
        )
    tiny.build()
    found = tiny.run(
        "select support_reason, service_code, quantity from intermediate.int_asc_fr_quantities where "
        "geography_code = ? and service_code like 'supported_living%' order by 1, 2",
        NORTH,
    ).fetchall()
    late, long_standing = "supported_living_65_plus", "supported_living_life_long_65_plus"
    # Client contributions of 300 are taken off 4,000 (physical) and 3,800 (mental health) of care in the community.
    assert [(reason, service) for reason, service, _ in found] == [
        ("all", late), ("all", long_standing), ("mental_health", long_standing), ("physical", late),
    ]  # fmt: skip
    assert found[2][2] == 300 * 100 * (3800 - 300) // 3800
    assert found[3][2] == 500 * 100 * (4000 - 300) // 4000
    reasons = tiny.run(
        "select sum(quantity) from intermediate.int_asc_fr_quantities where geography_code = ? and "
        "support_reason <> 'all' and service_code in ('residential_care_65_plus', 'nursing_care_65_plus')",
        NORTH,
    ).fetchone()
    together = tiny.run(
        "select sum(quantity) from intermediate.int_asc_fr_quantities where geography_code = ? and "
        "support_reason = 'all' and service_code in ('residential_care_65_plus', 'nursing_care_65_plus')",
        NORTH,
    ).fetchone()
    assert reasons == together


def test_each_year_is_split_by_the_return_nearest_to_it_and_says_how_old_that_is(tiny):
    """A later return serves the year it is of; the earlier year keeps the older one, its age beside the figures."""
    ages = "select distinct financial_year, care_home_driver_year, care_home_driver_age_years from marts.{} order by 1"
    before = tiny.run(ages.format("mart_prevention_headline")).fetchall()
    assert before == [(OLD, "2016-17", 1), (NEW, "2016-17", 2)]
    split = (
        "select distinct s.service_code, s.weight from intermediate.int_line_shares as s "
        "inner join intermediate.int_apportioned_lines as l on s.line_key = l.line_key "
        "where l.council_code = ? and l.financial_year = ? and l.line_code = '333' and not l.is_restated order by 1"
    )
    shares = {year: tiny.run(split, NORTH, year).fetchall() for year in (OLD, NEW)}
    # The council alone has the later return, with twice as much in care homes.
    tiny.run(
        "insert into staging.stg_asc_fr__support_65_plus select ?, geography_level, council_code, region_code, "
        "support_reason, care_type, support_setting, purpose, "
        "case when support_setting = 'residential' then 2 * net_gbp else net_gbp end "
        "from staging.stg_asc_fr__support_65_plus where geography_level = 'council'",
        NEW,
    )
    tiny.build()
    after = "select distinct council_code, financial_year, care_home_driver_age_years from marts.mart_prevention_spend"
    told = {(council, year): age for council, year, age in tiny.run(after).fetchall()}
    assert told[NORTH, NEW] == 0
    assert told[NORTH, OLD] == 1, "of two returns a year away the earlier serves"
    assert told[SOUTH, NEW] == 2
    assert tiny.run(split, NORTH, NEW).fetchall() != shares[NEW]
