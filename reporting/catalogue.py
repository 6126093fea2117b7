"""What is said of every mart in the workbook and the data package: its key, its place, the unit of its columns."""

from reporting.warehouse import Warehouse

# Columns that identify a row. A key whose columns a publication does not have is left out of its description.
KEYS: dict[str, tuple[str, ...]] = {
    "dim_council": ("council_code", "valid_from_year"),
    "dim_financial_year": ("financial_year",),
    "dim_release": ("release_id",),
    "dim_service": ("service_code",),
    "dim_tier": ("tier",),
    "fct_allocation": (
        "council_code",
        "financial_year",
        "statement",
        "line_code",
        "service_code",
        "tier",
        "cost_view",
        "outcome_code",
    ),
    "mart_prevention_spend": ("council_code", "financial_year", "statement", "outcome_code", "cost_view", "tier"),
    "mart_prevention_headline": (
        "council_code",
        "financial_year",
        "statement",
        "outcome_code",
        "cost_view",
        "perimeter",
    ),
    "mart_spend_against_admissions": ("council_code", "financial_year"),
    "mart_published_findings": ("finding_id",),
    "mart_data_quality": ("check_name",),
}
REFERENCES: dict[str, tuple[str, str]] = {
    "financial_year": ("dim_financial_year", "financial_year"),
    "release_id": ("dim_release", "release_id"),
    "service_code": ("dim_service", "service_code"),
    "tier": ("dim_tier", "tier"),
}
# Order of the sheets people ask for; a mart that is not named here comes after, by name.
SHEET_ORDER = (
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


def key_of(warehouse: Warehouse, table: str) -> tuple[str, ...]:
    """The table's key, empty where none is declared or the table lacks a column of it."""
    key = KEYS.get(table, ())
    return key if key and warehouse.has_columns(table, *key) else ()


def unit_of(column: str) -> str:
    """The unit in a column's suffix, empty where it has none."""
    if column.endswith("_per_100k"):
        return "per 100,000 people"
    if "_per_head" in column and column.endswith("_gbp"):
        return "pounds per person"
    if column.endswith("_gbp"):
        return "pounds"
    if column.endswith("_share"):
        return "share, 0 to 1"
    return ""
