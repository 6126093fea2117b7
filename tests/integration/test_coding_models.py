"""Coding models on a few rows each: which code counts, which series, which councils, which label is implied."""

import json

import duckdb
import pytest

from tests.added_wave import ADDED
from tests.dbt_models import load_seeds

pytestmark = pytest.mark.slow

SEEDS = (
    "coding_items", "coding_waves", "coding_bases", "foi_codebook", "strategy_codebook", "codebook_crosswalk",
    "coding_item_bases", "board_bridge", "partnership_bridge", "label_rules", "finding_recipes", "published_findings",
    "reliability_rules", "say_do_thresholds", "claim_points",
)  # fmt: skip
MODELS = (
    "stg_codings__codings",
    "core_codebook",
    "core_coding_units",
    "core_codings_compared",
    "core_codings_placed",
    "stg_codings__reliability",
    "int_codings_agreed",
    "int_coding_reach",
    "int_coding_states",
    "int_coding_base_members",
    "int_coding_coverage",
    "int_coding_summary",
    "int_finding_counts",
    "mart_strategy_label_check",
    "mart_published_findings",
    "mart_coding_disagreements",
    "mart_codings_set_aside",
    "mart_strategy_dates",
    "mart_strategy_age",
)
SAY_DO = ("int_say_do_scenarios", "int_say_do_classified", "int_say_do_held")  # fmt: skip
TABLES = """
create schema staging; create schema core; create schema intermediate;
create schema marts; create schema audit; create schema raw;
create table raw.releases (release_id varchar, is_serving boolean);
create table raw.codings (coding_kind varchar, unit_kind varchar, unit_code varchar, unit_name varchar, wave varchar,
    series varchar, document_type varchar, item_code varchar, code varchar, is_present boolean, coder varchar,
    is_adjudicated boolean, quotation varchar, page varchar, is_sample boolean, release_id varchar, sheet varchar,
    source_row integer, source_column integer);
create table raw.codebook_rows (release_id varchar, list_name varchar, fields varchar);
create table raw.quotation_checks (release_id varchar, source_row integer, document_type varchar, wave varchar,
    unit_code varchar, item_code varchar, status varchar, found_page integer, nearest varchar, nearest_page integer);
create table raw.coding_reliability (document_type varchar, wave varchar, series varchar, item_code varchar,
    code varchar, scale varchar, coders integer, units integer, positives integer, percent_agreement decimal(9, 6),
    kappa decimal(9, 6), alpha decimal(9, 6), alpha_lower decimal(9, 6), alpha_upper decimal(9, 6), note varchar);
create table marts.dim_council (
    council_code varchar, council_name varchar, valid_from_year varchar, valid_to_year varchar
);
insert into marts.dim_council values ('E06000028', 'Bournemouth', '2013-14', '2018-19'),
    ('E06000029', 'Poole', '2013-14', '2018-19'), ('E06000058', 'All Bournemouth', '2019-20', null),
    ('E06000001', 'Hartlepool', '2013-14', null), ('E06900001', 'Pretendbridge', '2013-14', null),
    ('A', 'A', '2013-14', null), ('B', 'B', '2013-14', null), ('C', 'C', '2013-14', null), ('D', 'D', '2013-14', null);
"""
KINDS = {"foi_response": ("foi", "council"), "jhws": ("strategy", "board"), "stp": ("strategy", "partnership")}


class Codings:
    """Coding rows put down one by one, and the models built from them."""

    def __init__(self, compiled, connection):
        self.compiled = compiled.on_raw_tables()
        self.connection = connection

    def code(
        self,
        unit,
        item,
        code,
        coder,
        *,
        document="foi_response",
        wave="2017",
        series="1",
        present=True,
        sheet="",
        name=None,
    ):
        release = sheet or f"{document}_{wave}_{coder}_{series}"
        kind, unit_kind = KINDS[document]
        self.connection.execute(
            "insert into raw.releases select ?, true where not exists (from raw.releases where release_id = ?)",
            [release, release],
        )
        row = [
            kind,
            unit_kind,
            unit,
            unit if name is None else name,
            wave,
            series,
            document,
            item,
            code,
            present,
            coder,
        ]
        row += [coder == "adjudicated", None, None, True, release, "", 10, 3]
        self.connection.execute(f"insert into raw.codings values ({', '.join('?' * len(row))})", row)

    def built(self, model: str, columns: str, where: str = "true") -> list[tuple]:
        # The models stand in the order they are built in: none needs a later one.
        self.compiled.build(self.connection, *MODELS[: MODELS.index(model) + 1])
        schema = self.compiled.schemas[model]
        return self.connection.sql(f"select {columns} from {schema}.{model} where {where} order by all").fetchall()


@pytest.fixture(scope="module")
def seeded():
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.execute(TABLES)
    load_seeds(connection, *SEEDS)
    return connection


@pytest.fixture
def codings(compiled, seeded):
    seeded.execute("begin")
    yield Codings(compiled, seeded)
    seeded.execute("rollback")


def test_the_adjudicated_code_counts_then_what_all_coders_read_then_none(codings):
    for unit, first, second, agreed in (
        ("A", "yes", "no", "in_process"), ("B", "yes", "yes", None), ("C", "yes", None, None), ("D", "yes", "no", None),
    ):  # fmt: skip
        for coder, code in (("a", first), ("b", second), ("adjudicated", agreed)):
            if code:
                codings.code(unit, "q2a", code, coder)
    assert codings.built("int_codings_agreed", "unit_code, code, is_present, basis") == [
        ("A", "in_process", True, "adjudicated"),
        ("B", "yes", True, "coders_agree"),
        ("C", "yes", True, "one_coder"),
        ("D", "", False, "undecided"),
    ]


def test_a_theme_is_decided_by_itself(codings):
    for theme, first, second, agreed in (("funds", True, False, None), ("service_review", True, False, False)):
        codings.code("A", "q1", theme, "a", present=first)
        codings.code("A", "q1", theme, "b", present=second)
        if agreed is not None:
            codings.code("A", "q1", theme, "adjudicated", present=agreed)
    found = codings.built("int_codings_agreed", "code, coalesce(is_present, false), basis")
    assert found == [("funds", False, "undecided"), ("service_review", False, "adjudicated")]


def test_undecided_units_count_for_no_code_and_are_shown(codings):
    for unit, second in (("A", "yes"), ("B", "no")):
        codings.code(unit, "response", "received", "a")
        codings.code(unit, "q2a", "yes", "a")
        codings.code(unit, "q2a", second, "b")
    found = codings.built("int_coding_summary", "code, numerator, denominator, undecided", "item_code = 'q2a'")
    assert ("yes", 1, 2, 1) in found and ("no", 0, 2, 1) in found


def test_a_second_reading_replaces_the_units_that_were_read_again_and_no_other(codings):
    for unit in ("A", "B", "C"):
        codings.code(unit, "response", "received", "a")
        codings.code(unit, "q2a", "yes", "a")
    for series, code in (("2", "no"), ("10", "in_process")):
        codings.code("A", "response", "received", "a", series=series)
        codings.code("A", "q2a", code, "a", series=series)
    found = codings.built("int_codings_agreed", "series, unit_code, code, is_latest_series", "item_code = 'q2a'")
    assert found == [
        ("1", "A", "yes", False), ("1", "B", "yes", False), ("1", "C", "yes", False),
        ("10", "A", "in_process", True), ("10", "B", "yes", True), ("10", "C", "yes", True),
        ("2", "A", "no", False), ("2", "B", "yes", False), ("2", "C", "yes", False),
    ]  # fmt: skip
    counted = codings.built(
        "int_coding_summary", "series, numerator, denominator", "item_code = 'q2a' and code = 'yes'"
    )
    assert counted == [("1", 3, 3), ("10", 2, 3), ("2", 2, 3)]


def test_bounds_are_what_unread_and_undecided_units_could_make(codings):
    """Eight councils in the register: A yes, B no, C differs, D silent, four not read."""
    for unit in ("A", "B", "C"):
        codings.code(unit, "response", "received", "a")
        codings.code(unit, "response", "received", "b")
    codings.code("D", "response", "none", "a")
    for unit, first, second in (("A", "yes", "yes"), ("B", "no", "no"), ("C", "yes", "in_process")):
        codings.code(unit, "q2a", first, "a")
        codings.code(unit, "q2a", second, "b")
    columns = "numerator, denominator, low_denominator, high_numerator, high_denominator"
    where = "item_code = 'q2a' and code = '{}'"
    # Read: 1 of 3. At least 1 of 7 (the four reply, none says yes); at most 6 of 7. The silent one is in no base.
    assert codings.built("int_coding_summary", columns, where.format("yes")) == [(1, 3, 7, 6, 7)]
    # C is certainly not no: at most B and the four.
    assert codings.built("int_coding_summary", columns, where.format("no")) == [(1, 3, 7, 5, 7)]
    reach = codings.built("int_coding_summary", "expected_units, coded_units, decided_units", where.format("yes"))
    assert reach == [(8, 4, 3)]


def test_a_finding_is_not_judged_before_every_unit_is_read_and_decided(codings):
    wanted = "finding_id = 'brc17_foi_q2a_yes'"

    def told():
        return codings.built("mart_published_findings", "status, status_label", wanted)[0]

    assert told() == ("not_yet_coded", "not yet coded (0 of 152)")
    codings.code("A", "response", "received", "a")
    codings.code("A", "q2a", "yes", "a")
    assert told() == ("not_yet_coded", "not yet coded (1 of 8)")
    for unit in ("B", "C", "D", "E06000001", "E06000028", "E06000029", "E06900001"):
        codings.code(unit, "response", "received", "a", name="")
        codings.code(unit, "q2a", "no", "a", name="")
    assert told() == ("disagrees", "disagrees")
    # An undecided answer that cannot bring the printed count about does not excuse it; one that can does.
    codings.code("B", "q2a", "yes", "b", name="")
    assert told()[0] == "disagrees"
    codings.connection.execute("update reference.published_findings set numerator = 2, denominator = 8 where " + wanted)
    assert told() == ("not_yet_decided", "not yet decided (7 of 8)")
    # What the source gets wrong needs no rows.
    source = codings.built(
        "mart_published_findings", "status, is_source_error, source_reason", "finding_id = 'brc17_jhws_care_act_strong'"
    )
    assert source == [("not_yet_coded", True, "The source contradicts itself: 35 of 41 is 85 per cent, printed 88")]


def test_a_unit_whose_label_is_not_settled_is_read_all_the_same(codings):
    for coder, label in (("a", "strong"), ("b", "weak")):
        codings.code("hwb_A", "label", label, coder, document="jhws")
    counts = "units, base_units, decided_units"
    found = codings.built("int_finding_counts", counts, "finding_id = 'brc17_jhws_n' and wave = '2017'")
    assert found == [(1, 1, 1)]
    found = codings.built("int_finding_counts", counts, "finding_id = 'brc17_jhws_strong' and wave = '2017'")
    assert found == [(0, 1, 0)]


def test_rows_whose_unit_is_in_doubt_count_for_nothing_and_are_listed(codings):
    codings.code("E06000001", "q2a", "yes", "a", name="Hartlepool Borough Council")
    codings.code("E06000999", "q2a", "yes", "a", name="Hartlepool")
    codings.code("E06000028", "q2a", "yes", "a", name="Poole")
    codings.code("E06000029", "q2a", "yes", "a", name="Atlantis")
    codings.code("", "q2a", "yes", "b", name="Hartlepool")
    codings.code("", "q2a", "yes", "b", name="Atlantis")
    codings.code("hwb_E06000028", "label", "strong", "a", document="jhws", name="Bournemouth")
    assert codings.built("core_codings_placed", "unit_code, unit_name, coder") == [
        ("E06000001", "Hartlepool", "a"), ("E06000001", "Hartlepool", "b"),
    ]  # fmt: skip
    found = codings.built("mart_codings_set_aside", "given_code, given_name, reason")
    assert found == [
        ("", "Atlantis", "no council of the wave has the name Atlantis"),
        ("E06000028", "Poole", "the code is that of Bournemouth, the name beside it that of E06000029"),
        ("E06000029", "Atlantis", "the code is that of Poole and the name beside it is not"),
        ("E06000999", "Hartlepool", "the register of the wave has no such council"),
        ("hwb_E06000028", "Bournemouth", "the register of the wave has no such board"),
    ]


def test_disagreements_hold_only_the_cells_that_differ(codings):
    for coder, answer, theme in (("a", "yes", True), ("b", "no", False)):
        codings.code("A", "q2a", answer, coder)
        codings.code("A", "q3a", "yes", coder)
        codings.code("A", "q1", "funds", coder, present=theme)
    codings.code("A", "q1", "funds", "adjudicated", present=True)
    found = codings.built("mart_coding_disagreements", "sheet_column, coder, reading, is_decided, decision")
    assert found == [
        ("q1:funds", "a", "yes", True, "yes"), ("q1:funds", "b", "no", True, "yes"),
        ("q2a", "a", "yes", False, None), ("q2a", "b", "no", False, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("units", "positives", "alpha", "lower", "verdict"),
    [
        (150, None, 0.90, 0.85, "reliable"), (150, None, 0.85, 0.75, "tentative"), 
        (150, None, 0.75, 0.60, "not_reliable"),
        (29, None, 0.95, 0.90, "cannot_be_told"), (150, 9, 0.95, 0.90, "cannot_be_told"),
        (150, 10, 0.95, 0.90, "reliable"), (150, None, None, None, "cannot_be_told"),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_lower_bound_and_the_least_numbers(codings, units, positives, alpha, lower, verdict):
    row = ["jhws", "2017", "1", "label", "", "ordinal", 2, units, positives, 90, 0.9, alpha, lower, 1, ""]
    codings.connection.execute(f"insert into raw.coding_reliability values ({', '.join('?' * len(row))})", row)
    pooled = ["jhws", "2017", "1", "policy_mention", "all_themes", "nominal", 2, 150, 90, 90, 0.9, 0.95, 0.9, 1, ""]
    codings.connection.execute(f"insert into raw.coding_reliability values ({', '.join('?' * len(row))})", pooled)
    found = codings.built("stg_codings__reliability", "item_code, reliability, is_reliable")
    reliable = None if verdict == "cannot_be_told" else verdict == "reliable"
    assert found == [("label", verdict, reliable), ("policy_mention", None, None)]


def test_a_coder_with_two_sheets_is_read_from_the_later_one_and_old_editions_not_at_all(codings):
    codings.code("A", "q2a", "yes", "a", sheet="sheet_1")
    codings.code("A", "q2a", "no", "a", sheet="sheet_2")
    codings.code("A", "q2a", "unclear", "a", sheet="sheet_9")
    codings.connection.execute("update raw.releases set is_serving = false where release_id = 'sheet_9'")
    assert codings.built("core_codings_placed", "code, release_id") == [("no", "sheet_2")]


def test_units_speak_for_the_councils_of_their_year(codings):
    found = codings.built(
        "core_coding_units", "unit_code, council_code", "wave = '2017' and council_code like 'E0600%'"
    )
    assert found == [
        ("E06000001", "E06000001"), ("E06000028", "E06000028"), ("E06000029", "E06000029"),
        ("hwb_E06000001", "E06000001"),
        ("hwb_bournemouth_and_poole", "E06000028"), ("hwb_bournemouth_and_poole", "E06000029"),
    ]  # fmt: skip
    partnerships = codings.built("core_coding_units", "unit_code, council_code", "unit_kind = 'partnership'")
    assert partnerships == [("stp_sample_01", "E06900001")]


@pytest.mark.parametrize(
    ("placement", "summary", "criteria", "label"),
    [
        ("vision", "no", {"emphasised", "covers_all_three_tiers", "before_during_after_crisis"}, "very_strong"),
        ("not_placed", "yes", {"emphasised", "covers_all_three_tiers", "before_during_after_crisis"}, "very_strong"),
        ("not_placed", "no", {"emphasised", "covers_all_three_tiers", "before_during_after_crisis"},
         "neither_strong_nor_weak"),
        ("priority", "no", {"emphasised", "early_intervention_in_part", "covers_all_three_tiers"}, "strong"),
        ("priority", "no", {"emphasised", "awareness_only"}, "weak"),
        ("priority", "no", {"emphasised", "awareness_only", "early_intervention_in_part"}, "strong"),
        ("goal", "no", {"emphasised"}, "neither_strong_nor_weak"),
        ("not_placed", "no_summary", set(), "very_weak"),
    ],
)  # fmt: skip
def test_the_label_that_criteria_imply(codings, placement, summary, criteria, label):
    def code(item, code, present=True):
        codings.code("hwb_B", item, code, "a", document="jhws", name="B", present=present)

    code("label", "neither_strong_nor_weak")
    code("placement", placement)
    code("q2_in_summary", summary)
    names = ("emphasised", "early_intervention_in_part", "covers_all_three_tiers", "before_during_after_crisis")
    for name in (*names, "awareness_only"):
        code("criterion", name, present=name in criteria)
    found = codings.built("mart_strategy_label_check", "given_label, implied_label, is_agreeing")
    assert found == [("neither_strong_nor_weak", label, label == "neither_strong_nor_weak")]


REPLIES = {item: ("1.00", 1, False) for item in ("q2a", "q3a", "q4a")}
STRONG_CLAIM = {"label": ("1.00", 3, False), **REPLIES}
WEAK_LABEL = {"label": ("0.00", 3, True), **{f"q{n}a": ("1.00", 5, False) for n in (2, 3, 4, 5)}}
ABOVE, LEVEL = {"above": "0.40"}, {"above": "0.00"}


@pytest.mark.parametrize(
    ("claim", "money", "held"),
    [
        (STRONG_CLAIM, ABOVE, "says_and_does"),
        (STRONG_CLAIM, LEVEL | {"real": "0.08"}, "says_and_does"),
        (STRONG_CLAIM, LEVEL, "says_money_does_not_show_it"),
        # A cut of five per cent, in cash or in real terms, is never doing, however high the level.
        (STRONG_CLAIM, ABOVE | {"real": "-0.05"}, "says_money_does_not_show_it"),
        (STRONG_CLAIM, ABOVE | {"cash": "-0.05"}, "says_money_does_not_show_it"),
        (STRONG_CLAIM, ABOVE | {"real": "-0.049"}, "says_and_does"),
        # Strong replies beside a strategy without emphasis are no strong claim.
        (WEAK_LABEL, ABOVE, "does_without_saying"),
        (WEAK_LABEL, LEVEL, "neither"),
        # A level, a change, an end of the range or a perimeter that is not told, or tells otherwise.
        (STRONG_CLAIM, {"above": "0.12"}, "not_enough_evidence"),
        (STRONG_CLAIM, ABOVE | {"real": None}, "not_enough_evidence"),
        (STRONG_CLAIM, ABOVE | {"alike": 7}, "not_enough_evidence"),
        (STRONG_CLAIM, ABOVE | {"low": "0.00"}, "not_enough_evidence"),
        (STRONG_CLAIM, ABOVE | {"camden": "0.00"}, "not_enough_evidence"),
        ({"label": ("1.00", 3, False)}, ABOVE, "not_enough_evidence"),
        (REPLIES, ABOVE, "not_enough_evidence"),
    ],
)  # fmt: skip
def test_a_class_is_given_only_where_every_setting_gives_it(codings, claim, money, held):
    con = codings.connection
    con.execute(
        """create or replace table intermediate.int_council_claims (council_code varchar, financial_year varchar,
           claim_age_years integer, wave varchar, item_code varchar, points_share decimal(5, 2), weight integer,
           bars_strong_claim boolean, alpha_lower decimal(9, 6), left_out varchar)"""
    )
    for item, (points, weight, bars) in claim.items():
        row = ["A", "2017-18", 1, "2017", item, points, weight, bars, "0.9", None]
        con.execute("insert into intermediate.int_council_claims values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    con.execute(
        """create or replace table intermediate.int_council_money_shown (council_code varchar, financial_year varchar,
           statement varchar, perimeter varchar, position varchar, end_share decimal(18, 6), alike_group varchar,
           alike_median_share decimal(18, 6), alike_councils integer, above_alike_share decimal(12, 4),
           cash_change_share decimal(12, 4), real_change_share decimal(12, 4))"""
    )
    for perimeter in ("narrow", "wide", "camden"):
        for position in ("central", "low", "high"):
            above = money.get(perimeter, money.get(position, money["above"]))
            row = [
                "A",
                "2017-18",
                "budget",
                perimeter,
                position,
                "0.2",
                "unitary",
                "0.1",
                money.get("alike", 20),
                above,
            ]
            row += [money.get("cash", "0.00"), money.get("real", "0.00")]
            con.execute(f"insert into intermediate.int_council_money_shown values ({', '.join('?' * 12)})", row)
    codings.compiled.build(con, *SAY_DO)
    assert con.sql("select classification from intermediate.int_say_do_held").fetchall() == [(held,)]


def test_an_optional_item_counts_only_the_units_it_was_read_for(codings):
    for unit in ("A", "B", "C"):
        codings.code(unit, "response", "received", "ann")
        codings.code(unit, "q2a", "yes", "ann")
    for unit, names in (("A", True), ("B", False)):
        codings.code(unit, "services_named", "answered", "ann", present=names)
    codings.code("A", "services_named", "telecare", "ann", present=True)
    codings.code("A", "services_named", "reablement", "ann", present=False)
    columns = "code, numerator, denominator, rebased_denominator, high_numerator - numerator as open"
    codes = "('answered', 'telecare', 'reablement', 'other_service')"
    where = f"wave = '2017' and item_code = 'services_named' and code in {codes}"
    register = codings.built(
        "core_coding_units", "count(distinct unit_code)", "document_type = 'foi_response' and wave = '2017'"
    )
    unread = register[0][0] - 2
    assert codings.built("int_coding_summary", columns, where) == [
        ("answered", 1, 2, 2, unread),
        ("other_service", 0, 0, 0, unread + 1),
        ("reablement", 0, 1, 1, unread),
        ("telecare", 1, 1, 1, unread),
    ]
    assert codings.built(
        "int_coding_summary", "numerator, denominator", "wave = '2017' and code = 'yes' and item_code = 'q2a'"
    ) == [(3, 3)]


def test_the_age_of_a_strategy_is_told_with_those_that_have_none(codings):
    years = {"A": ("2013", "2016", "2015"), "B": ("not_stated", None, None), "C": ("2015", "open_ended", None)}
    for unit, (start, end, updated) in years.items():
        for item, code in (("start_year", start), ("end_year", end), ("updated_year", updated)):
            if code:
                codings.code(f"hwb_{unit}", item, code, "ann", document="jhws", name="")
    codings.code("hwb_C", "start_year", "2014", "bob", document="jhws", name="")
    columns = "unit_code, date_status, age_years, years_since_update, is_run_out"
    where = "document_type = 'jhws' and wave = '2017' and unit_code in ('hwb_A', 'hwb_B', 'hwb_C', 'hwb_D')"
    assert codings.built("mart_strategy_dates", columns, where) == [
        ("hwb_A", "dated", 4, 2, True),
        ("hwb_B", "not_stated", None, None, None),
        ("hwb_C", "undecided", None, None, None),
        ("hwb_D", "not_read", None, None, None),
    ]
    columns = (
        "dated_units, not_stated_units, undecided_units, read_units, median_age_years, run_out_units, end_known_units"
    )
    found = codings.built("mart_strategy_age", columns, "document_type = 'jhws' and wave = '2017'")
    assert [tuple(map(float, row)) for row in found] == [(1, 1, 1, 3, 4, 1, 1)]


def test_words_that_do_not_stand_on_their_page_are_not_shown_and_the_code_stays(codings):
    for unit, status in (("A", "on_page"), ("B", "on_other_page"), ("C", "not_found"), ("D", None)):
        codings.code(unit, "q2a", "yes", "a", sheet=unit)
        if status:
            codings.connection.execute(
                "insert into raw.quotation_checks (release_id, source_row, document_type, wave, unit_code, item_code,"
                " status) values (?, 10, 'foi_response', '2017', ?, 'q2a', ?)",
                [unit, unit, status],
            )
    codings.connection.execute("update raw.codings set quotation = 'prevention first', page = '3'")
    assert codings.built("core_codings_placed", "unit_code, code, quotation, page, is_quotation_checked") == [
        ("A", "yes", "prevention first", "3", True),
        ("B", "yes", None, None, False),
        ("C", "yes", None, None, False),
        ("D", "yes", "prevention first", "3", False),
    ]


def test_a_wave_added_by_a_workbook_is_counted_and_its_printed_figure_recomputed(codings):
    for code, unit in (("yes", "A"), ("yes", "B"), ("no", "C")):
        codings.code(unit, "response", "received", "ann", wave="2026", sheet="sheet_2026")
        codings.code(unit, "q7", code, "ann", wave="2026", sheet="sheet_2026")
    assert codings.built("int_coding_summary", "code", "wave = '2026'") == []
    codings.connection.execute("delete from marts.dim_council where council_code not in ('A', 'B', 'C')")
    for release, is_serving in (("codebook", True), ("codebook_earlier", False)):
        codings.connection.execute("insert into raw.releases values (?, ?)", [release, is_serving])
        rows = [(release, name, json.dumps(row)) for name, listed in ADDED.items() for row in listed]
        codings.connection.executemany("insert into raw.codebook_rows values (?, ?, ?)", rows)
    counted = codings.built("int_coding_summary", "code, numerator, denominator", "wave = '2026' and item_code = 'q7'")
    assert counted == [("no", 1, 3), ("unclear", 0, 3), ("yes", 2, 3)]
    columns = "status, source_check, recomputed_numerator, recomputed_denominator"
    found = codings.built("mart_published_findings", columns, "finding_id = 'made_up_q7_yes'")
    assert found == [("agrees", "adds_up", 2, 3)]
