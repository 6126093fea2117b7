"""Coding models on a few rows each: which code counts, which series, which councils, which label is implied."""

import re

import duckdb
import pytest

from tests.dbt_models import compile_project, load_seeds

pytestmark = pytest.mark.slow

SEEDS = (
    "coding_items", "coding_waves", "coding_bases", "foi_codebook", "strategy_codebook", "codebook_crosswalk",
    "coding_item_bases", "board_bridge", "partnership_bridge", "label_rules", "say_do_thresholds", "claim_points",
)  # fmt: skip
MODELS = (
    "stg_codings__codings", "core_codebook", "int_codings_agreed", "int_coding_base_members", "int_coding_summary",
    "core_coding_units", "mart_strategy_label_check",
)  # fmt: skip
TABLES = """
create schema staging; create schema core; create schema intermediate;
create schema marts; create schema audit; create schema raw;
create table raw.releases (release_id varchar, is_serving boolean);
create table raw.codings (coding_kind varchar, unit_kind varchar, unit_code varchar, unit_name varchar, wave varchar,
    series varchar, document_type varchar, item_code varchar, code varchar, is_present boolean, coder varchar,
    is_adjudicated boolean, quotation varchar, page varchar, is_sample boolean, release_id varchar, sheet varchar,
    source_row integer, source_column integer);
create table marts.dim_council (council_code varchar, valid_from_year varchar, valid_to_year varchar);
insert into marts.dim_council values ('E06000028', '2013-14', '2018-19'), ('E06000029', '2013-14', '2018-19'),
    ('E06000058', '2019-20', null), ('E06000001', '2013-14', null), ('E06900001', '2013-14', null);
"""
KINDS = {"foi_response": ("foi", "council"), "jhws": ("strategy", "board"), "stp": ("strategy", "partnership")}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    found = compile_project(tmp_path_factory.mktemp("compiled"), *MODELS)
    for model, sql in found.sql.items():
        # Sources are Parquet files; here they are tables of the same name.
        found.sql[model] = re.sub(r"read_parquet\('[^']*/(\w+)/\*\.parquet'\)", r"raw.\1", sql)
    return found


class Codings:
    """Coding rows put down one by one, and the models built from them."""

    def __init__(self, compiled):
        self.compiled = compiled
        self.connection = duckdb.connect()
        self.connection.execute(TABLES)
        load_seeds(self.connection, *SEEDS)

    def code(
        self, unit, item, code, coder, *, document="foi_response", wave="2017", series="1", present=True, sheet=""
    ):
        release = sheet or f"{document}_{wave}_{coder}_{series}"
        kind, unit_kind = KINDS[document]
        self.connection.execute(
            "insert into raw.releases select ?, true where not exists (from raw.releases where release_id = ?)",
            [release, release],
        )
        row = [kind, unit_kind, unit, unit, wave, series, document, item, code, present, coder]
        row += [coder == "adjudicated", None, None, True, release, "", 10, 3]
        self.connection.execute(f"insert into raw.codings values ({', '.join('?' * len(row))})", row)

    def built(self, model: str, columns: str, where: str = "true") -> list[tuple]:
        self.compiled.build(self.connection, *MODELS)
        schema = self.compiled.schemas[model]
        return self.connection.sql(f"select {columns} from {schema}.{model} where {where} order by all").fetchall()


@pytest.fixture
def codings(compiled):
    return Codings(compiled)


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


def test_a_new_series_stands_beside_the_old_one_and_is_the_latest(codings):
    for series, code in (("1", "yes"), ("2", "no"), ("10", "in_process")):
        codings.code("A", "response", "received", "a", series=series)
        codings.code("A", "q2a", code, "a", series=series)
    latest = codings.built("int_codings_agreed", "series, code, is_latest_series", "item_code = 'q2a'")
    assert latest == [("1", "yes", False), ("10", "in_process", True), ("2", "no", False)]
    counted = codings.built("int_coding_summary", "series, code, numerator", "item_code = 'q2a' and numerator > 0")
    assert counted == [("1", "yes", 1), ("10", "in_process", 1), ("2", "no", 1)]


def test_a_coder_with_two_sheets_is_read_from_the_later_one_and_old_editions_not_at_all(codings):
    codings.code("A", "q2a", "yes", "a", sheet="sheet_1")
    codings.code("A", "q2a", "no", "a", sheet="sheet_2")
    codings.code("A", "q2a", "unclear", "a", sheet="sheet_9")
    codings.connection.execute("update raw.releases set is_serving = false where release_id = 'sheet_9'")
    assert codings.built("stg_codings__codings", "code, release_id") == [("no", "sheet_2")]


def test_units_speak_for_the_councils_of_their_year(codings):
    codings.code("E06000001", "q2a", "yes", "a")
    codings.code("E06000058", "q2a", "yes", "a")
    for board in ("hwb_bournemouth_and_poole", "hwb_E06000001", "hwb_E06000028", "hwb_nobody"):
        codings.code(board, "label", "strong", "a", document="jhws")
    codings.code("stp_sample_01", "label", "strong", "a", document="stp")
    assert codings.built("core_coding_units", "unit_code, council_code", "unit_kind != 'partnership'") == [
        ("E06000001", "E06000001"),
        ("hwb_E06000001", "E06000001"),
        ("hwb_bournemouth_and_poole", "E06000028"),
        ("hwb_bournemouth_and_poole", "E06000029"),
    ]


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
        codings.code("B", item, code, "a", document="jhws", present=present)

    code("label", "neither_strong_nor_weak")
    code("placement", placement)
    code("q2_in_summary", summary)
    names = ("emphasised", "early_intervention_in_part", "covers_all_three_tiers", "before_during_after_crisis")
    for name in (*names, "awareness_only"):
        code("criterion", name, present=name in criteria)
    found = codings.built("mart_strategy_label_check", "given_label, implied_label, is_agreeing")
    assert found == [("neither_strong_nor_weak", label, label == "neither_strong_nor_weak")]
