"""Tables, columns and commands that queries, the report and outside checks rely on by name.

Add freely; a rename or removal needs a CHANGELOG entry and a new version of the data package.
"""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COUNCIL_YEAR = ("council_code", "financial_year")
ALLOCATED = (*COUNCIL_YEAR, "statement", "outcome_code", "cost_view")

PROMISED = {
    "dim_council": (
        "council_code", "ecode", "council_name", "class", "region", "valid_from_year", "valid_to_year",
        "successor_codes", "comparability_note",
    ),
    "dim_release": (
        "release_id", "source", "financial_year", "file", "sha256", "edition", "publisher", "licence", "is_verified",
    ),
    "dim_financial_year": ("financial_year",),
    "dim_tier": ("tier", "care_act_term", "nao_term", "camden_term", "definition"),
    "dim_service": ("service_code",),
    "dim_outcome": ("outcome_code", "outcome_name", "population_group", "follows_outcome_code", "has_line_detail"),
    "fct_budget_line": (
        "source", "body_code", "body_name", "ecode", "body_kind", *COUNCIL_YEAR, "statement", "line_code", "line_name",
        "section", "measure", "amount_gbp", "marker", "flag", "release_id", "sheet", "source_row", "source_column",
    ),
    "fct_budget_line_edition": ("release_id", "line_code", "amount_gbp"),
    "fct_outcome_measure": (
        "council_code", "geography_kind", "financial_year", "measure_code", "framework_year", "numerator",
        "denominator", "outcome_value", "marker", "is_suppressed", "is_recomputed", "release_id",
    ),
    "fct_allocation": (
        *ALLOCATED, "line_code", "service_code", "tier", "rule_set", "rule_id", "basis", "confidence", "is_modelled",
        "amount_gbp", "amount_low_gbp", "amount_high_gbp",
    ),
    "fct_foi_coding": ("unit_kind", "unit_code", "wave", "question_code", "code", "coder", "is_adjudicated"),
    "fct_strategy_label": ("unit_kind", "unit_code", "wave", "field_code", "code", "coder", "is_adjudicated"),
    "mart_prevention_spend": (
        *ALLOCATED, "tier", "amount_gbp", "amount_low_gbp", "amount_high_gbp", "share_of_adult_social_care_share",
        "per_head_65_plus_gbp", "amount_real_gbp", "low_confidence_share", "is_modelled", "rule_set",
    ),
    "mart_prevention_headline": (
        *ALLOCATED, "perimeter", "amount_gbp", "amount_low_gbp", "amount_high_gbp", "reactive_gbp",
        "preventative_share", "movement_gbp", "movement_real_shift_gbp", "movement_growth_gbp",
        "movement_definition_gbp",
    ),
    "mart_service_grid": (*COUNCIL_YEAR, "department", "tier", "service_code", "amount_gbp", "performance_measure"),
    "mart_spend_against_admissions": (*COUNCIL_YEAR, "admissions_per_100k", "comparability_note"),
    "mart_council_comparison": (
        *COUNCIL_YEAR, "measure", "comparator", "value", "comparator_value", "rank", "rank_of", "quartile", "is_ranked",
    ),
    "mart_foi_summary": ("wave", "question_code", "code", "numerator", "denominator", "base_name", "percent"),
    "mart_strategy_summary": ("wave", "field_code", "code", "numerator", "denominator", "base_name", "percent"),
    "mart_published_findings": ("finding_id", "status"),
    "mart_coding_reliability": (
        "wave", "coders", "units", "percent_agreement", "kappa", "alpha", "alpha_lower", "alpha_upper",
        "is_reliable",
    ),
    "mart_say_do_gap": (*COUNCIL_YEAR, "classification", "reason"),
    "mart_reconciliation": (
        "check_name", "financial_year", "expected", "observed", "difference", "tolerance", "status", "reason",
    ),
    "mart_restatements": ("old_amount_gbp", "new_amount_gbp", "difference_gbp", "old_release_id", "new_release_id"),
    "mart_data_quality": ("check_name", "severity", "status", "compared", "failed", "detail"),
}  # fmt: skip
# A reconciliation compares figures of any unit.
COMPARED = ("expected", "observed", "difference", "tolerance")
COMMANDS = ("refresh", "fetch", "status", "template", "check-map", "diff", "sql", "serve", "restore")


@pytest.fixture(scope="module")
def columns() -> dict[str, dict[str, str]]:
    """Columns and types of every mart as its YAML declares them; dbt builds exactly these or fails."""
    found = {}
    for path in (ROOT / "dbt_project" / "models").rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            if model["name"].startswith(("dim_", "fct_", "mart_")):
                found[model["name"]] = {column["name"]: column["data_type"] for column in model["columns"]}
    return found


@pytest.mark.parametrize("table", sorted(PROMISED))
def test_promised_columns_are_declared(table, columns):
    assert table in columns, "the table is gone"
    assert [name for name in PROMISED[table] if name not in columns[table]] == []


def test_every_promised_command_exists_and_helps_with_an_example():
    from orchestration.cli import main

    assert [name for name in COMMANDS if name not in main.commands] == []
    without = [name for name, command in main.commands.items() if "prevention " not in (command.help or "")]
    assert without == [], "the help of a command shows how it is called"


def test_every_command_is_documented():
    from orchestration.cli import main

    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert [name for name in main.commands if f"prevention {name}" not in text] == []


def test_money_says_so_in_its_name(columns):
    wrong = [
        f"{table}.{name}"
        for table, types in columns.items()
        for name, kind in types.items()
        if kind.replace(" ", "").lower() == "decimal(18,2)" and not name.endswith("_gbp") and name not in COMPARED
    ]
    assert wrong == []


def test_shares_and_flags_say_so_in_their_names(columns):
    wrong = [
        f"{table}.{name}"
        for table, types in columns.items()
        for name, kind in types.items()
        if (kind.lower() == "boolean") != name.startswith(("is_", "has_", "carries_"))
    ]
    assert wrong == []
