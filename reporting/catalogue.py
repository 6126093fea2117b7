"""What is said of every mart in the workbook and the data package: its key, its place, the unit of its columns."""

# Columns that identify a row, as the key tests beside the models have them: a contract test compares the two.
KEYS: dict[str, tuple[str, ...]] = {
    "dim_combined_area": ("combined_area_code", "council_code"),
    "dim_council": ("council_code",),
    "dim_financial_year": ("financial_year",),
    "dim_line_scope": ("section", "line_code", "valid_from_year"),
    "dim_outcome": ("outcome_code",),
    "dim_partnership": ("partnership_code", "council_code", "valid_from_year"),
    "dim_release": ("release_id",),
    "dim_rule": ("rule_id", "definition_version", "step", "outcome_code"),
    "dim_service": ("service_code",),
    "dim_tier": ("tier",),
    "fct_allocation": (
        "council_code",
        "financial_year",
        "statement",
        "line_code",
        "service_code",
        "outcome_code",
        "tier",
        "cost_view",
    ),
    "fct_budget_line": ("body_code", "financial_year", "statement", "line_code", "measure"),
    "fct_budget_line_edition": ("release_id", "body_code", "line_code", "measure"),
    "fct_outcome_measure": ("geography_kind", "geography_code", "financial_year", "measure_code", "breakdown"),
    "fct_partner_money": ("release_id", "source_row"),
    "mart_area_headline": (
        "area_kind",
        "area_code",
        "financial_year",
        "statement",
        "outcome_code",
        "cost_view",
        "perimeter",
        "panel",
    ),
    "mart_area_spend": (
        "area_kind",
        "area_code",
        "financial_year",
        "statement",
        "outcome_code",
        "cost_view",
        "tier",
        "panel",
    ),
    "mart_council_comparison": ("council_code", "financial_year", "statement", "measure", "comparator"),
    "mart_council_profile": ("council_code", "financial_year", "statement", "measure"),
    "mart_data_quality": ("check_name",),
    "mart_document_pages": ("release_id", "page"),
    "mart_driver_share": (
        "council_code",
        "driver_year",
        "support_reason",
        "service_code",
        "release_id",
        "source_row",
        "source_column",
    ),
    "mart_interval_contributors": (
        "area_kind",
        "area_code",
        "financial_year",
        "statement",
        "outcome_code",
        "perimeter",
        "line_code",
    ),
    "mart_line_perimeter": (
        "council_code",
        "financial_year",
        "statement",
        "outcome_code",
        "perimeter",
        "line_code",
    ),
    "mart_payments": (
        "council_code",
        "financial_year",
        "cost_centre_code",
        "line_code",
        "service_code",
        "rule_name",
    ),
    "mart_national_headline": ("financial_year", "statement", "outcome_code", "cost_view", "perimeter", "panel"),
    "mart_outcome_second_opinion": ("geography_code", "financial_year", "measure_code"),
    "mart_partner_money": ("council_code", "financial_year", "statement", "tier", "partner"),
    "mart_place_summary": ("place_kind", "place_code", "financial_year"),
    "mart_prevention_headline": (
        "council_code",
        "financial_year",
        "statement",
        "outcome_code",
        "cost_view",
        "perimeter",
    ),
    "mart_prevention_spend": ("council_code", "financial_year", "statement", "outcome_code", "cost_view", "tier"),
    "mart_published_findings": ("finding_id",),
    "mart_quoted_figures": ("finding_id",),
    "mart_quotation_checks": ("release_id", "source_row", "item_code"),
    "mart_reconciliation": (
        "check_name",
        "publication",
        "financial_year",
        "statement",
        "group_name",
        "line_code",
        "measure",
    ),
    "mart_restatements": ("old_release_id", "new_release_id", "body_code", "line_code", "measure"),
    "mart_service_grid": (
        "council_code",
        "financial_year",
        "statement",
        "outcome_code",
        "cost_view",
        "department",
        "tier",
        "service_code",
    ),
    "mart_spend_against_admissions": ("council_code", "financial_year"),
    "mart_strategy_age": ("document_type", "wave"),
    "mart_strategy_dates": ("document_type", "wave", "unit_code"),
}
# A key with a column that may be null is a key of the rows, not one that Frictionless accepts as primary.
NULLABLE_KEYS = {
    "dim_rule",
    "mart_council_comparison",
    "mart_council_profile",
    "mart_reconciliation",
    "mart_restatements",
}
REFERENCES: dict[str, tuple[str, str]] = {
    "financial_year": ("dim_financial_year", "financial_year"),
    "outcome_code": ("dim_outcome", "outcome_code"),
    "release_id": ("dim_release", "release_id"),
    "service_code": ("dim_service", "service_code"),
    "tier": ("dim_tier", "tier"),
}
# Order of the sheets people ask for; a mart that is not named here comes after, by name.
SHEET_ORDER = (
    "mart_council_profile",
    "mart_prevention_headline",
    "mart_prevention_spend",
    "mart_council_comparison",
    "mart_spend_against_admissions",
    "mart_say_do_gap",
    "mart_foi_summary",
    "mart_strategy_summary",
    "mart_published_findings",
    "mart_coding_reliability",
    "mart_reconciliation",
    "mart_data_quality",
    "mart_restatements",
)


def key_of(table: str) -> tuple[str, ...]:
    """The table's key, empty where none is declared."""
    return KEYS.get(table, ())


def unit_of(column: str) -> str:
    """The unit in a column's suffix, empty where it has none."""
    if column.endswith("_per_100k"):
        return "per 100,000 people"
    if "per_head" in column and column.endswith("_gbp"):
        return "pounds per person"
    if column.endswith("_gbp"):
        return "pounds"
    if column.endswith("_share"):
        return "share, 0 to 1"
    return ""
