"""What if: the lines, shares and tiers of a council as data, for the page on which a reader changes them.

The page computes in the browser what the warehouse would compute from a map with those shares; see
static/whatif/apportion.js.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from reporting import words
from reporting.facts import OUTCOME, Council, Facts
from reporting.pages.lines import LineBook, in_years, latest_headline, opened_years
from reporting.warehouse import Row

LINES = "mart_line_perimeter"


class WhatIf:
    """What the pages of all councils share: tiers of services by year, and what each line gives to each perimeter."""

    def __init__(self, facts: Facts, book: LineBook, names: dict[str, str]):
        self.facts, self.book, self.names = facts, book, names
        self.rules = [
            r for r in facts.warehouse.read("dim_rule") if r.get("tier") and r.get("rule_set") == "desk_baseline"
        ]
        self.services = {r["service_code"]: r for r in facts.warehouse.read("dim_service")}
        self.bounds: dict[tuple, list[Row]] = defaultdict(list)
        years = opened_years(facts)
        if years and facts.warehouse.has(LINES):
            for row in facts.warehouse.read(LINES, where=f"outcome_code = '{OUTCOME}' and {in_years(years)}"):
                self.bounds[row["council_code"], row["financial_year"], row["statement"]].append(row)

    def widest(self, latest: Row | None, perimeter: str, most: int = 5) -> list[Row]:
        """The adult social care lines whose map would narrow the figure most."""
        if latest is None:
            return []
        rows = self.bounds[latest["council_code"], latest["financial_year"], latest["statement"]]
        here = [
            r for r in rows if r["perimeter"] == perimeter and r["section"] == "adult_social_care" and r["width_gbp"]
        ]
        return sorted(here, key=lambda r: (-r["width_gbp"], r["line_code"]))[:most]

    def data(self, council: Council) -> dict[str, Any] | None:
        """Everything the page of a council computes with, amounts in whole pence; None where nothing can be changed."""
        latest = latest_headline(self.facts, self.facts.headline_of.get(council.code, []))
        if latest is None:
            return None
        year, statement = latest["financial_year"], latest["statement"]
        lines = [b for b in self.book.of(council.code, year, statement) if b.line.get("amount_gbp") is not None]
        bounds: dict[str, dict] = defaultdict(dict)
        for row in self.bounds[council.code, year, statement]:
            values = (row["amount_gbp"], row["amount_low_gbp"], row["amount_high_gbp"])
            bounds[row["line_code"]][row["perimeter"]] = [pence(v) for v in values]
        if not lines or not bounds:
            return None
        headline = {
            r["perimeter"]: [
                pence(r[c])
                for c in ("adult_social_care_gbp", "adult_social_care_low_gbp", "adult_social_care_high_gbp")
            ]
            for r in self.facts.headline_of[council.code]
            if (r["financial_year"], r["statement"]) == (year, statement) and r["adult_social_care_gbp"] is not None
        }
        tiers = self._tiers(year)
        return {
            "council": council.code,
            "name": council.name,
            "year": year,
            "statement": statement,
            "people": latest["population_65_plus"],
            "headline": headline,
            "lines": [
                self._line(b, bounds[b.line["line_code"]]) for b in lines if b.line["section"] == "adult_social_care"
            ],
            "services": {
                code: [row["service_name"] or words.humanise(code), row["department"], tiers[code]]
                for code, row in sorted(self.services.items())
                if code in tiers and row.get("origin", "national") == "national"
            },
            "layout": self.facts.publication.get("map_layout"),
            "tierWords": words.TIER_WORDS,
            "perimeterWords": words.PERIMETER_WORDS,
        }

    def _line(self, budget_line: Any, bounds: dict) -> list:
        services: dict[str, Decimal] = defaultdict(Decimal)
        for row in budget_line.allocations:
            services[row["service_code"]] += row["amount_gbp"]
        line = budget_line.line
        return [
            line["line_code"],
            line.get("line_name") or line["line_code"],
            pence(line["amount_gbp"]),
            {s: pence(v) for s, v in services.items()},
            bounds,
        ]

    def _tiers(self, year: str) -> dict[str, list[list]]:
        """Service to its tiers with share, low and high in per cent, by the desk baseline of the year."""
        newest: dict[str, Decimal] = {}
        held = [
            r
            for r in self.rules
            if r["valid_from_year"] <= year <= (r["valid_to_year"] or "9999-00") and r["outcome_code"] == OUTCOME
        ]
        for row in held:
            version = Decimal(row["definition_version"])
            newest[row["service_code"]] = max(newest.get(row["service_code"], version), version)
        tiers: dict[str, list[list]] = defaultdict(list)
        for row in held:
            if Decimal(row["definition_version"]) == newest[row["service_code"]]:
                shares = [words.exact((row[c] * 100).normalize()) for c in ("rule_share", "low_share", "high_share")]
                is_home = bool(self.services.get(row["service_code"], {}).get("is_home_care"))
                tiers[row["service_code"]].append([row["tier"], *shares, is_home])
        return tiers


def pence(amount: Decimal) -> str:
    """Whole pence as text: the browser makes exact integers of it."""
    return str(int(amount * 100))
