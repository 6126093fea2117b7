"""A tiny apportionment: three councils, two budget years, built with the project's own SQL in DuckDB.

Tests change what goes in, build, and look at what comes out; or change what came out and run the checks.
"""

from decimal import Decimal
from pathlib import Path

import duckdb

from tests.dbt_models import Compiled, load_seeds

NORTH, SOUTH, EAST = "E08000901", "E09000902", "E10000903"
OLD, NEW = "2017-18", "2018-19"
OUTCOME = "delay_and_reduce_need_65_plus"
ADULTS = "delay_and_reduce_need_adults"
SEEDS = ("tiers", "outcomes", "services", "line_scope", "perimeters", "desk_baseline_lines", "desk_baseline_tiers")
SEEDS += (
    "desk_baseline_tiers_adults",
    "asc_fr_services",
    "rule_confidence_ranges",
    "driver_age_ranges",
    "breakdown_rules",
)
SEEDS += ("line_renumberings", "rule_distributions")
MODELS = (
    "int_asc_fr_quantities", "int_asc_fr_sources", "int_asc_fr_splits", "int_candidate_lines",
    "int_return_breakdowns", "int_year_pairs", "int_apportioned_lines",
    "int_ledger_services", "int_serving_maps", "int_line_rule_candidates", "int_line_rules", "int_baseline_tiers",
    "int_service_rules",
    "int_restated_years", "int_line_shares", "int_care_home_drivers", "int_tier_shares",
    "int_allocation_services", "int_allocation_tiers",
    "int_allocation_full_cost", "int_allocation_cells", "int_allocation_bounds", "dim_tier", "dim_service",
    "fct_allocation", "int_council_year_totals", "int_measure_totals", "int_perimeter_totals", "int_line_movements",
    "int_prevention_movements", "int_prevention_headlines", "int_uncertain_tiers", "int_uncertain_shares",
    "int_interval_terms", "int_central_intervals", "int_interval_contributors", "mart_interval_contributors",
    "mart_prevention_spend", "mart_prevention_headline",
    "mart_service_grid", "audit_lines_compared", "audit_reconciliation_apportionment",
)  # fmt: skip
INVARIANTS = (
    "invariant_allocations_sum_to_line", "invariant_every_line_there_once", "invariant_shares_within_one",
    "invariant_lines_sum_to_section_total", "invariant_cost_views_agree", "invariant_low_central_high",
)  # fmt: skip
CHECKS = (*INVARIANTS, "assert_tiers_move_no_money_between_services", "assert_movement_parts_sum")
CHECKS += ("assert_every_outcome_holds_the_same_money",)
# Thousands of pounds by line: awkward on purpose (a zero, a credit, odd pennies).
BUDGET = {
    "332": ("adult_social_care", "1500.000"),
    "333": ("adult_social_care", "9000.010"),
    "337": ("adult_social_care", "3333.330"),
    "345": ("adult_social_care", "-12.345"),
    "350": ("adult_social_care", "100.010"),
    "353": ("adult_social_care", "0.000"),
    "354": ("adult_social_care", "2000.000"),
    "355": ("adult_social_care", "400.000"),
    "356": ("adult_social_care", "1100.000"),
    "365": ("public_health", "80.000"),
    "370": ("public_health", "10.000"),
    "389": ("public_health", "55.555"),
    "475": ("housing", "300.000"),
    "505": ("cultural", "250.000"),
    "271": ("highways_and_transport", "700.000"),
}
LINE_COLUMNS = """source varchar, body_kind varchar, council_code varchar, financial_year varchar, statement varchar,
    line_code varchar, line_name varchar, section varchar, is_total boolean, measure varchar, amount_gbp decimal(18,2),
    release_id varchar, sheet varchar, source_row integer, source_column integer,
    superseded_gbp decimal(18,2)"""
MAP_LINE_COLUMNS = """map_id varchar, map_kind varchar, council_code varchar, valid_from_year varchar,
    valid_to_year varchar, definition_version varchar, statement varchar, line_code varchar, service_code varchar,
    service_name varchar, department varchar, basis varchar, driver_kind varchar, driver_value decimal(18,12),
    low_share decimal(18,12), high_share decimal(18,12), confidence varchar, performance_measure varchar"""
MAP_TIER_COLUMNS = """map_id varchar, council_code varchar, service_code varchar, outcome_code varchar, tier varchar,
    tier_share decimal(18,12), low_share decimal(18,12), high_share decimal(18,12), is_home_care boolean,
    confidence varchar"""


class TinyWarehouse:
    """Source tables of the apportionment in a DuckDB of their own, and the models built from them."""

    def __init__(self, compiled: Compiled, path: Path | str = ":memory:"):
        self.compiled = compiled
        self.connection = duckdb.connect(str(path))

    def fill(self) -> "TinyWarehouse":
        """Three councils with the same odd budget at different sizes, in two years; one made a finance return."""
        self.run(
            f"""
            create schema staging; create schema core; create schema intermediate;
            create schema marts; create schema audit;
            create table marts.fct_budget_line ({LINE_COLUMNS});
            create table marts.dim_council (council_code varchar, region varchar);
            create table marts.dim_financial_year (financial_year varchar, deflator_index decimal(24,9),
                real_terms_factor decimal(18,8), is_deflator_forecast boolean, deflator_release_id varchar);
            create table core.core_council_population (council_code varchar, financial_year varchar,
                population_65_plus bigint, population_18_plus bigint, population_basis varchar);
            create table core.core_council_succession (from_code varchar, to_code varchar,
                carries_series boolean);
            create table staging.stg_asc_fr__support_65_plus (financial_year varchar, geography_level varchar,
                council_code varchar, region_code varchar, support_reason varchar, care_type varchar,
                support_setting varchar, purpose varchar, net_gbp bigint);
            create table intermediate.int_interval_members (area_kind varchar, area_code varchar, panel varchar,
                council_code varchar, financial_year varchar, statement varchar);
            create table staging.stg_service_map__lines ({MAP_LINE_COLUMNS});
            create table staging.stg_service_map__tiers ({MAP_TIER_COLUMNS});
            create table staging.stg_service_map__targets (map_id varchar, council_code varchar, item varchar,
                value_text varchar);
            create table staging.stg_ledger__lines (ledger_id varchar, council_code varchar, financial_year varchar,
                statement varchar, cost_centre_code varchar, line_code varchar, service_code varchar, net_pence bigint,
                tolerance_pence bigint);
            create schema reference;
            create table reference.known_discrepancies (check_name varchar, publication varchar, group_name varchar,
                line_code varchar, difference decimal(18,2), reason varchar);
            """
        )
        load_seeds(self.connection, *SEEDS)
        for position, council in enumerate((NORTH, SOUTH, EAST), start=1):
            self.run("insert into marts.dim_council values (?, 'North West')", council)
            for year, factor in ((OLD, 1000), (NEW, 1030)):
                self.add_budget(council, year, position * factor)
                for kind, code in (("council", council), ("england", "E92000001")):
                    self.run(
                        "insert into intermediate.int_interval_members values (?, ?, 'all', ?, ?, 'budget')",
                        *(kind, code, council, year),
                    )
                self.run(
                    "insert into core.core_council_population values (?, ?, 40000, 150000, 'mid_year')",
                    council,
                    year,
                )
        for year, index in ((OLD, "97.5"), (NEW, "100")):
            factor = (Decimal(100) / Decimal(index)).quantize(Decimal("1e-8"))
            self.run(
                "insert into marts.dim_financial_year values (?, ?, ?, false, 'deflators')",
                year,
                Decimal(index),
                factor,
            )
        self.add_finance_return(NORTH)
        return self

    def run(self, sql: str, *values):
        """Run a statement; rows of a query come back by `.fetchall()`."""
        return self.connection.execute(sql, list(values))

    def add_budget(self, council: str, year: str, thousandths: int) -> None:
        """All budget lines of a council-year at a size of so many thousandths, with the totals of their sections."""
        totals = {"360": Decimal(0), "390": Decimal(0)}
        for code, (section, amount) in BUDGET.items():
            pounds = (Decimal(amount) * thousandths).quantize(Decimal("0.01"))
            total = {"adult_social_care": "360", "public_health": "390"}.get(section)
            if total:
                totals[total] += pounds
            self.add_line(council, year, section, code, pounds)
        self.add_line(council, year, "adult_social_care", "360", totals["360"], is_total=True)
        self.add_line(council, year, "public_health", "390", totals["390"], is_total=True)

    def add_line(self, council, year, section, code, pounds, is_total=False, statement="budget") -> None:
        self.run(
            "insert into marts.fct_budget_line values ('ra', 'council', ?, ?, ?, ?, ?, ?, ?, "
            "'net_current_expenditure', ?, 'ra_' || ?, 'RA', 1, 1, null)",
            *(council, year, statement, code, f"Line {code}", section, is_total, pounds, year),
        )

    def add_finance_return(self, council: str) -> None:
        """A finance return of 2016-17: for the council, its region and England, with client contributions."""
        cells = [
            ("residential", 4000),
            ("nursing", 2000),
            ("home_care", 2500),
            ("direct_payments", 1000),
            ("setting_5", -300),
        ]
        for level in ("council", "region", "england"):
            for reason in ("physical", "memory_and_cognition", "mental_health"):
                rows = [("long_term", setting, "", net) for setting, net in cells]
                rows.append(("short_term", "", "maximise_independence", 700))
                for care, setting, purpose, net in rows:
                    self.run(
                        "insert into staging.stg_asc_fr__support_65_plus values ('2016-17', ?, ?, ?, ?, ?, ?, ?, ?)",
                        *(
                            level,
                            council if level == "council" else None,
                            "E92000001" if level == "england" else "E12000002",
                        ),
                        *(reason, care, setting, purpose, net),
                    )

    def add_map(self, map_id, council, lines, tiers, year=NEW, version="1", kind="council", statement="both") -> None:
        """A service map: `lines` are (line, service, `share` or `quantity`, value), `tiers` (service, tier, share)."""
        for line, service, driver, value in lines:
            self.run(
                "insert into staging.stg_service_map__lines values "
                "(?, ?, ?, ?, null, ?, ?, ?, ?, ?, 'adult_social_care', 'activity', ?, ?, null, null, 'high', 'Hours')",
                *(
                    map_id,
                    kind,
                    council,
                    year,
                    version,
                    statement,
                    line,
                    service,
                    service.title(),
                    driver,
                    Decimal(value),
                ),
            )
        for service, tier, share in tiers:
            self.run(
                "insert into staging.stg_service_map__tiers values (?, ?, ?, ?, ?, ?, null, null, ?, 'high')",
                *(map_id, council, service, OUTCOME, tier, Decimal(share), "home_care" in service),
            )

    def build(self) -> "TinyWarehouse":
        self.compiled.build(self.connection, *MODELS)
        return self

    def check_again(self) -> dict[str, list[tuple]]:
        """Rebuild the reconciliation from what now stands in the marts; failing rows by check."""
        self.compiled.build(self.connection, "audit_lines_compared", "audit_reconciliation_apportionment")
        failures = {check: self.compiled.failures(self.connection, check) for check in CHECKS}
        return {check: rows for check, rows in failures.items() if rows}
