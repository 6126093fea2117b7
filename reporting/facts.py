"""What the pages need from the marts, read once and indexed by council and year.

The report shows one view of costs (`VIEW`) and one outcome; the other view is in the tables. Which year
is the latest is decided here, so that every page means the same by it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from reporting import words
from reporting.warehouse import Row, Warehouse

VIEW = "direct"
FULL_VIEW = "full_cost"
# The report speaks of later life; another outcome is in the marts beside it.
OUTCOME = "delay_and_reduce_need_65_plus"
ADULTS = "delay_and_reduce_need_adults"
SPEND_KEY = ("council_code", "financial_year", "statement", "outcome_code", "cost_view", "tier")
HEADLINE_KEY = ("council_code", "financial_year", "statement", "outcome_code", "cost_view", "perimeter")
ADMISSIONS_MEASURE = "admissions_65_plus"


@dataclass(frozen=True)
class Council:
    """One council through its validity: its latest record in `dim_council`, and every earlier one."""

    code: str
    name: str
    kind: str
    region: str
    valid_from: str
    valid_to: str | None
    successors: tuple[str, ...]
    comparability_note: str
    records: tuple[Row, ...]

    @property
    def said(self) -> str:
        """The name inside a sentence."""
        return words.in_sentence(self.name)

    @property
    def is_current(self) -> bool:
        return not self.valid_to

    @property
    def page(self) -> str:
        return f"{self.code}.html"


@dataclass
class Facts:
    """The marts as the pages use them."""

    warehouse: Warehouse
    publication: dict[str, Any]
    rows: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def councils(self) -> dict[str, Council]:
        """Every council ever in `dim_council`, by code, in order of name."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in self.warehouse.read("dim_council"):
            grouped[row["council_code"]].append(row)
        councils = [self._council(code, records) for code, records in grouped.items()]
        return {c.code: c for c in sorted(councils, key=lambda c: (c.name.casefold(), c.code))}

    @staticmethod
    def _council(code: str, records: list[Row]) -> Council:
        records = sorted(records, key=lambda r: str(r["valid_from_year"] or ""))
        last = records[-1]
        return Council(
            code=code,
            name=last["council_name"] or code,
            kind=last["council_class_name"] or last["class"] or "",
            region=last["region"] or "",
            valid_from=str(records[0]["valid_from_year"] or ""),
            valid_to=str(last["valid_to_year"]) if last["valid_to_year"] else None,
            successors=codes_of(last["successor_codes"]),
            comparability_note=last["comparability_note"] or "",
            records=tuple(records),
        )

    @cached_property
    def predecessors(self) -> dict[str, list[str]]:
        """Council code to the codes it took over from."""
        before: dict[str, list[str]] = defaultdict(list)
        for council in self.councils.values():
            for successor in council.successors:
                if successor != council.code:
                    before[successor].append(council.code)
        return before

    @cached_property
    def headline(self) -> list[Row]:
        """`mart_prevention_headline`, both cost views, without years published as a total alone."""
        wanted = [
            *HEADLINE_KEY,
            "amount_gbp",
            "amount_low_gbp",
            "amount_high_gbp",
            "reactive_gbp",
            "reactive_low_gbp",
            "reactive_high_gbp",
            "preventative_share",
            "share_of_adult_social_care_share",
            "per_head_65_plus_gbp",
            "per_head_18_plus_gbp",
            "amount_real_gbp",
            "adult_social_care_gbp",
            "adult_social_care_low_gbp",
            "adult_social_care_high_gbp",
            "adult_social_care_central_low_gbp",
            "adult_social_care_central_high_gbp",
            "adult_social_care_middle_gbp",
            "adult_social_care_gross_gbp",
            "adult_social_care_income_gbp",
            "public_health_gbp",
            "wider_council_gbp",
            "sections_held",
            "is_broken_down",
            "population_65_plus",
            "low_confidence_share",
            "modelled_share",
            "is_modelled",
            "rule_set",
            "previous_financial_year",
            "is_form_changed",
            "movement_gbp",
            "movement_real_shift_gbp",
            "movement_growth_gbp",
            "movement_definition_gbp",
            "not_broken_down_reason",
            "adult_social_care_movement_gbp",
            "adult_social_care_movement_definition_gbp",
            "adult_social_care_preventative_share",
            "adult_social_care_per_head_65_plus_gbp",
            "shift_target_share",
            "shift_target_year",
            "achieved_shift_share",
            "shift_target_progress_share",
        ]
        rows = self.warehouse.read("mart_prevention_headline", wanted, where=f"outcome_code = '{OUTCOME}'")
        for row in rows:
            flags = self.flags.get((row["council_code"], row["financial_year"], row["statement"]), set())
            row["is_imputed"] = "imputed" in flags
            row["price_year"] = self.price_year
        return rows

    @cached_property
    def national(self) -> list[Row]:
        """`mart_national_headline` in the report's cost view: every panel."""
        return self._national_for(OUTCOME)

    @cached_property
    def national_adults(self) -> list[Row]:
        """The same for the outcome of adults of all ages."""
        return self._national_for(ADULTS)

    def _national_for(self, outcome: str) -> list[Row]:
        return self.warehouse.read(
            "mart_national_headline", where=f"cost_view = '{VIEW}' and outcome_code = '{outcome}'"
        )

    @cached_property
    def adults_of(self) -> dict[str, list[Row]]:
        """`mart_prevention_headline` for adults of all ages, in the report's cost view, by council."""
        wanted = [*HEADLINE_KEY, "adult_social_care_gbp", "adult_social_care_low_gbp", "adult_social_care_high_gbp"]
        wanted += ["share_of_adult_social_care_share", "is_modelled"]
        where = f"cost_view = '{VIEW}' and outcome_code = '{ADULTS}'"
        return by_council(self.warehouse.read("mart_prevention_headline", wanted, where=where))

    @cached_property
    def area_headline(self) -> dict[tuple[str, str], list[Row]]:
        """`mart_area_headline` in the report's cost view by kind and name of the area: every panel."""
        return self._by_area("mart_area_headline")

    @cached_property
    def area_adults(self) -> dict[tuple[str, str], list[Row]]:
        """The same for adults of all ages."""
        return self._by_area("mart_area_headline", ADULTS)

    @cached_property
    def area_spend(self) -> dict[tuple[str, str], list[Row]]:
        """`mart_area_spend` in the report's cost view by kind and name of the area, England among them: every panel."""
        return self._by_area("mart_area_spend")

    def _by_area(self, mart: str, outcome: str = OUTCOME) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.warehouse.read(mart, where=f"cost_view = '{VIEW}' and outcome_code = '{outcome}'"):
            if row["adult_social_care_gbp"] is not None:
                found[row["area_kind"], row["area_name"]].append(row)
        return found

    @cached_property
    def contributors(self) -> dict[tuple[str, str, str], Row]:
        """The line that would narrow the narrow interval most, by council or England, year and statement."""
        rows = self.warehouse.query(
            "with names as (select financial_year, statement, line_code, max(line_name) as line_name from"
            " marts.fct_budget_line where section = 'adult_social_care' group by all)"
            " select c.area_kind, c.area_code, c.financial_year, c.statement, c.outcome_code, c.perimeter, c.line_code,"
            " c.narrows_by_gbp, n.line_name from marts.mart_interval_contributors as c"
            " left join names as n using (financial_year, statement, line_code)"
            " where c.contributor_rank = 1 and c.perimeter = 'narrow' and c.outcome_code = ?",
            [OUTCOME],
        )
        return {(r["area_code"], r["financial_year"], r["statement"]): r for r in rows}

    @cached_property
    def driver_years(self) -> list[str]:
        """Years of the finance returns that split long-term care between care homes and care at home."""
        return [
            r["driver_year"]
            for r in self.warehouse.query("select distinct driver_year from marts.mart_driver_share order by 1")
        ]

    @cached_property
    def price_year(self) -> str | None:
        """The year whose prices real-terms figures are in."""
        return next((r["price_year"] for r in self.warehouse.read("dim_financial_year", ["price_year"])), None)

    @cached_property
    def flags(self) -> dict[tuple[str, str, str], set[str]]:
        """What publishers flag about a council's return of a year: imputed, uncertified, revised, no return."""
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in self.warehouse.query(
            "select distinct council_code, financial_year, statement, flag from marts.fct_budget_line"
            " where flag is not null and body_kind = 'council' order by all"
        ):
            found[row["council_code"], row["financial_year"], row["statement"]].add(row["flag"])
        return found

    @cached_property
    def headline_of(self) -> dict[str, list[Row]]:
        """Headline rows of the report's cost view by council."""
        return by_council(r for r in self.headline if r["cost_view"] == VIEW)

    @cached_property
    def full_cost_of(self) -> dict[tuple, Row]:
        """Headline rows that share out running costs, by (council, year, statement, perimeter)."""
        return {
            (r["council_code"], r["financial_year"], r["statement"], r["perimeter"]): r
            for r in self.headline
            if r["cost_view"] == FULL_VIEW
        }

    @cached_property
    def spend(self) -> list[Row]:
        """`mart_prevention_spend` in the report's cost view."""
        wanted = [
            *SPEND_KEY,
            "amount_gbp",
            "amount_low_gbp",
            "amount_high_gbp",
            "amount_real_gbp",
            "adult_social_care_gbp",
            "share_of_adult_social_care_share",
            "per_head_65_plus_gbp",
            "low_confidence_share",
            "is_modelled",
            "rule_set",
        ]
        known = {(r["council_code"], r["financial_year"], r["statement"]) for r in self.headline}
        rows = self.warehouse.read(
            "mart_prevention_spend", wanted, where=f"cost_view = '{VIEW}' and outcome_code = '{OUTCOME}'"
        )
        return [r for r in rows if (r["council_code"], r["financial_year"], r["statement"]) in known]

    @cached_property
    def spend_of(self) -> dict[str, list[Row]]:
        return by_council(self.spend)

    @cached_property
    def comparison_of(self) -> dict[str, list[Row]]:
        """`mart_council_comparison` by council: each measure's last year with a value, by statement."""
        mart = "mart_council_comparison"
        wanted = ["council_code", "financial_year", "statement", "measure", "comparator", "comparator_name", "value"]
        wanted += ["comparator_value", "rank", "rank_of", "is_ranked", "withhold_reason"]
        place = "council_code, measure, coalesce(statement, '')"
        latest = f"select ({place}, max(financial_year)) from marts.{mart} where value is not null group by {place}"
        where = f"value is not null and ({place}, financial_year) in ({latest})"
        return by_council(self.warehouse.read(mart, wanted, where=where))

    def measured(self, measure: str, financial_year: str, statement: str | None) -> list[tuple[str, Any]]:
        """Every council's value of a measure in a year, from `mart_council_comparison`, by council code."""
        rows = self.warehouse.query(
            "select distinct council_code, value from marts.mart_council_comparison where measure = ?"
            " and financial_year = ? and statement is not distinct from ? and value is not null order by 1",
            [measure, financial_year, statement],
        )
        return [(r["council_code"], r["value"]) for r in rows]

    @cached_property
    def admissions(self) -> list[Row]:
        """`mart_spend_against_admissions`."""
        return self.warehouse.read("mart_spend_against_admissions")

    @cached_property
    def admissions_of(self) -> dict[str, list[Row]]:
        return by_council(self.admissions)

    @cached_property
    def profile_of(self) -> dict[str, list[Row]]:
        """`mart_council_profile` by council."""
        return by_council(self.warehouse.read("mart_council_profile"))

    @cached_property
    def latest(self) -> dict[str, str]:
        """Statement to its last financial year with a headline figure."""
        latest: dict[str, str] = {}
        for row in self.headline:
            if row["adult_social_care_gbp"] is not None:
                latest[row["statement"]] = max(latest.get(row["statement"], ""), row["financial_year"])
        return latest

    @cached_property
    def main_statement(self) -> str:
        """The statement of the last year held; budgets where both end in the same year, from more councils."""
        return max(self.latest, key=lambda s: (self.latest[s], s == "budget"), default="budget")

    @cached_property
    def main_year(self) -> str | None:
        return self.latest.get(self.main_statement)

    @cached_property
    def admissions_year(self) -> str | None:
        years = [r["financial_year"] for r in self.admissions if r["admissions_per_100k"] is not None]
        return max(years, default=None)

    @cached_property
    def is_sample(self) -> bool:
        return bool(self.publication.get("is_sample"))

    @cached_property
    def releases(self) -> dict[str, Row]:
        """`dim_release` by release id."""
        return {r["release_id"]: r for r in self.warehouse.read("dim_release")}

    def source_line(self, mart: str, *publishers: str) -> str:
        """The line under a chart: mart, publishers, publication and its date."""
        origin = "; ".join(publishers)
        date = str(self.publication.get("published_at") or "")[:10]
        parts = [origin, f"our calculation in {mart}", f"publication {self.publication.get('publication_id', '')}"]
        fictional = "Fictional sample data. " if self.is_sample else ""
        return f"{fictional}Source: {', '.join(p for p in parts if p)}{', ' + date if date else ''}."


def origin(rows: list[Row]) -> str:
    """The publications that money comes from, of those that rows speak of: budgets and outturn are two."""
    statements = {row["statement"] for row in rows}
    names = {"budget": "Revenue Account", "outturn": "Revenue Outturn"}
    held = [name for statement, name in names.items() if statement in statements]
    return f"MHCLG {' and '.join(held)}" if held else ""


def codes_of(value: Any) -> tuple[str, ...]:
    """Council codes from a list column or from text with commas, semicolons or spaces between."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(value)
    return tuple(part for part in str(value).replace(";", " ").replace(",", " ").split() if part)


def by_council(rows: Any) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["council_code"]].append(row)
    return grouped


def total(rows: list[Row], column: str) -> Decimal | None:
    """Exact sum of a column, None where no row has a value."""
    values = [r[column] for r in rows if r.get(column) is not None]
    return sum(values, Decimal(0)) if values else None


def one_perimeter(rows: list[Row], perimeter: str, statement: str | None = None) -> list[Row]:
    """Headline rows of a perimeter (and statement), by year."""
    chosen = [r for r in rows if r["perimeter"] == perimeter and statement in (None, r["statement"])]
    return sorted(chosen, key=lambda r: (r["statement"], r["financial_year"]))


def tier_order(tier: str) -> int:
    return words.TIERS.index(tier) if tier in words.TIERS else len(words.TIERS)
