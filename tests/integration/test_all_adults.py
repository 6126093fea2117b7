"""The outcome of all adults beside that of people aged 65 and over, on a tiny warehouse: same money, other tiers."""

from decimal import Decimal

from tests.apportionment_warehouse import ADULTS, NEW, NORTH, OUTCOME, SOUTH

TIERS = (
    "select t.tier, t.is_home_care, sum(t.tier_pence) from intermediate.int_allocation_tiers as t"
    " inner join intermediate.int_apportioned_lines as l using (line_key)"
    " where l.council_code = ? and l.financial_year = ? and l.line_code = ? and t.outcome_code = ? and"
    " not l.is_restated group by all order by all"
)


def tiers(tiny, council: str, line: str, outcome: str) -> dict[tuple[str, bool], int]:
    rows = tiny.run(TIERS, council, NEW, line, outcome).fetchall()
    return {(tier, home_care): pence for tier, home_care, pence in rows if pence}


def headlines(tiny, council: str, columns: str) -> dict[tuple[str, str], tuple]:
    rows = tiny.run(
        f"select outcome_code, perimeter, {columns} from marts.mart_prevention_headline where council_code = ? and"
        " financial_year = ? and cost_view = 'direct'",
        *(council, NEW),
    ).fetchall()
    return {row[:2]: row[2:] for row in rows}


def test_support_before_65_is_split_for_adults_and_stays_out_of_scope_for_older_people(tiny):
    (pence,) = tiny.run(
        "select cast(sum(amount_gbp) * 100 as bigint) from marts.fct_budget_line where council_code = ? and"
        " financial_year = ? and line_code = '332'",
        *(NORTH, NEW),
    ).fetchone()
    assert tiers(tiny, NORTH, "332", OUTCOME) == {("out_of_scope", False): pence}
    adults = tiers(tiny, NORTH, "332", ADULTS)
    assert set(adults) == {("reactive", False), ("secondary", False), ("tertiary", False), ("tertiary", True)}
    assert sum(adults.values()) == pence
    # England's settings of 2016-17, 18 to 64, in thousands, after contributions are taken off care in the community.
    net = {"care_homes": 2001355 + 212558, "direct": 1106972, "home": 679091, "other": 772038}
    net |= {"accommodation": 365448, "living": 1206668}
    community = sum(net.values()) - net["care_homes"]
    kept = Decimal(community - 163913) / community
    total = net["care_homes"] + community * kept + 54450 + 96536
    at_home = (net["home"] + net["living"] + Decimal("0.8") * (net["direct"] + net["accommodation"])) * kept
    reactive = net["care_homes"] + Decimal("0.2") * net["accommodation"] * kept + Decimal("0.3") * 96536
    assert abs(adults["tertiary", True] / pence - float(at_home / total)) < 0.0001
    assert abs(adults["reactive", False] / pence - float(reactive / total)) < 0.0001


def test_lines_of_older_people_give_both_outcomes_the_same(tiny):
    for line in ("333", "337", "345"):
        assert tiers(tiny, NORTH, line, OUTCOME) == tiers(tiny, NORTH, line, ADULTS) != {}
    # Half of carers' support is for people under 65: out of scope of one outcome, prevention in the other.
    before, after = (tiers(tiny, NORTH, "350", outcome) for outcome in (OUTCOME, ADULTS))
    assert before["out_of_scope", False] > 0 and ("out_of_scope", False) not in after
    assert after["secondary", False] > before["secondary", False]


def test_home_care_before_65_counts_in_the_widest_perimeter_only(tiny):
    found = headlines(tiny, NORTH, "adult_social_care_gbp, home_care_gbp")
    for perimeter in ("narrow", "wide", "camden"):
        assert found[ADULTS, perimeter][0] > found[OUTCOME, perimeter][0]
    assert found[ADULTS, "wide"][1] == found[ADULTS, "narrow"][1] == 0
    at_home = tiers(tiny, NORTH, "332", ADULTS)["tertiary", True]
    more = found[ADULTS, "camden"][1] - found[OUTCOME, "camden"][1]
    assert more * 100 == at_home


def test_rates_divide_by_whom_the_outcome_is_for(tiny):
    columns = "amount_gbp, per_head_population, per_head_gbp, per_head_65_plus_gbp, per_head_18_plus_gbp"
    found = headlines(tiny, NORTH, columns)
    amount, people, each, each_65, each_18 = found[OUTCOME, "wide"]
    assert (people, each) == ("65_plus", each_65) and abs(each - amount / 40000) <= Decimal("0.005")
    amount, people, each, each_65, each_18 = found[ADULTS, "wide"]
    assert (people, each, each_65) == ("18_plus", each_18, None) and abs(each - amount / 150000) <= Decimal("0.005")


def test_lines_are_kept_for_the_first_outcome_alone(tiny):
    for table in ("fct_allocation", "mart_service_grid", "mart_interval_contributors"):
        assert tiny.run(f"select distinct outcome_code from marts.{table}").fetchall() == [(OUTCOME,)]


def test_a_maps_tiers_hold_for_adults_but_what_it_puts_out_of_scope_is_unclassified(tiny):
    tiny.add_map(
        "north:1",
        NORTH,
        [("333", "clinic", "share", "0.6"), ("333", "hostel", "share", "0.4")],
        [("clinic", "secondary", "0.7"), ("clinic", "out_of_scope", "0.3"), ("hostel", "out_of_scope", "1")],
    )
    assert tiny.build().check_again() == {}
    first, adults = (tiers(tiny, NORTH, "333", outcome) for outcome in (OUTCOME, ADULTS))
    assert adults["secondary", False] == first["secondary", False] > 0
    assert adults["unclassified", False] == first["out_of_scope", False] > 0
    assert set(adults) == {("secondary", False), ("unclassified", False)}
    # A map that names the outcome itself is taken at its word, service by service.
    tiny.run(
        "insert into staging.stg_service_map__tiers select * replace (? as outcome_code, 'tertiary' as tier) from"
        " staging.stg_service_map__tiers where service_code = 'hostel'",
        ADULTS,
    )
    assert tiny.build().check_again() == {}
    assert tiers(tiny, NORTH, "333", OUTCOME) == first
    assert tiers(tiny, NORTH, "333", ADULTS)["tertiary", False] == round(sum(first.values()) * 0.4)


def test_every_interval_of_adults_encloses_its_figure(tiny):
    rows = tiny.run(
        "select adult_social_care_low_gbp, adult_social_care_central_low_gbp, adult_social_care_gbp,"
        " adult_social_care_central_high_gbp, adult_social_care_high_gbp from marts.mart_prevention_headline where"
        " outcome_code = ? and cost_view = 'direct' and council_code = ?",
        *(ADULTS, SOUTH),
    ).fetchall()
    assert len(rows) == 6
    for low, central_low, amount, central_high, high in rows:
        assert low - 1 <= central_low <= amount <= central_high <= high + 1 and central_low < central_high
