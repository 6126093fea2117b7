"""What if: lines, shares and tiers of a council, or of England, as data, for the page on which a reader changes them.

The page computes in the browser what the warehouse would compute from a map with those shares; see
static/whatif/apportion.js. For England a changed rule is applied to every council whose line rests on the desk
baseline, each to its own penny, and the sums are added up; lines that a map or ledger covers stay as they are.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reporting import words
from reporting.facts import OUTCOME, VIEW, Council, Facts
from reporting.pages.lines import BudgetLine, LineBook, in_years, latest_headline, opened_years
from reporting.pages.money import ASC
from reporting.warehouse import Row

LINES = "mart_line_perimeter"
LINE_STEP, TIER_STEP = "line_to_service", "service_to_tier"


CENTRAL_LOW_HIGH = ("amount_gbp", "amount_low_gbp", "amount_high_gbp")
RULE_SHARES = ("rule_share", "low_share", "high_share")
DESK = "desk_baseline"
# A line below this part of all widths does not make a figure wide: a width of pounds is what rounding left.
HARDLY = Decimal("0.005")


class WhatIf:
    """What the pages share: rules of lines and services by year, and what each line gives to each perimeter."""

    def __init__(self, facts: Facts, book: LineBook, names: dict[str, str]):
        self.facts, self.book, self.names = facts, book, names
        self.rules = [r for r in facts.warehouse.read("dim_rule") if r["rule_set"] == DESK]
        self.services = {r["service_code"]: r for r in facts.warehouse.read("dim_service")}
        self.bounds: dict[tuple, list[Row]] = defaultdict(list)
        years = opened_years(facts)
        if years:
            for row in facts.warehouse.read(LINES, where=f"outcome_code = '{OUTCOME}' and {in_years(years)}"):
                self.bounds[row["council_code"], row["financial_year"], row["statement"]].append(row)

    def widest(self, latest: Row | None, perimeter: str, most: int = 5) -> list[Row]:
        """The adult social care lines whose map would narrow the figure most, without those that hardly would."""
        if latest is None:
            return []
        rows = self.bounds[latest["council_code"], latest["financial_year"], latest["statement"]]
        here = [
            r for r in rows if r["perimeter"] == perimeter and r["section"] == "adult_social_care" and r["width_gbp"]
        ]
        least = sum((r["width_gbp"] for r in here), Decimal(0)) * HARDLY
        wide = [r for r in here if r["width_gbp"] >= least]
        return sorted(wide, key=lambda r: (-r["width_gbp"], r["line_code"]))[:most]

    def data(self, council: Council) -> dict[str, Any] | None:
        """Everything the page of a council computes with, amounts in whole pence; None where nothing can be changed."""
        latest = latest_headline(self.facts, self.facts.headline_of.get(council.code, []))
        if latest is None:
            return None
        return self._data(council.name, [latest], {"council": council.code})

    def national(self) -> dict[str, Any] | None:
        """The same for all councils that the national headline sums in its last year."""
        period = (self.facts.main_year, self.facts.main_statement)
        rows = [r for r in self.facts.headline if (r["financial_year"], r["statement"]) == period]
        held = [
            r
            for r in rows
            if r["cost_view"] == VIEW and r["perimeter"] == "narrow" and r["adult_social_care_gbp"] is not None
        ]
        if not held:
            return None
        return self._data("England", held, {"council": "", "councils": sorted(r["council_code"] for r in held)})

    def _data(self, name: str, headlines: list[Row], whose: dict[str, Any]) -> dict[str, Any] | None:
        year, statement = headlines[0]["financial_year"], headlines[0]["statement"]
        tiers, rules = self._tiers(year), self._line_rules(year)
        lines: dict[str, _Line] = {}
        bounds: dict[tuple, Row] = {}
        for code in (r["council_code"] for r in headlines):
            of = {(r["line_code"], r["perimeter"]): r for r in self.bounds[code, year, statement]}
            for one in self.book.of(code, year, statement):
                line = one.line
                is_desk = all(a["rule_set"] == DESK for a in one.allocations)
                # Of one council every line can be changed; of England those that the desk baseline splits.
                if line["amount_gbp"] is None or line["section"] != "adult_social_care":
                    continue
                if is_desk or len(headlines) == 1:
                    held = lines.setdefault(line["line_code"], _Line(line["line_name"] or line["line_code"]))
                    held.add(one, is_desk, {p: r for (c, p), r in of.items() if c == line["line_code"]})
            bounds |= of
        if not lines or not bounds:
            return None
        codes = {r["council_code"] for r in headlines}
        return {
            **whose,
            "name": name,
            "year": year,
            "statement": statement,
            "people": sum(r["population_65_plus"] or 0 for r in headlines) or None,
            "headline": self._headline(codes, year, statement),
            "lines": [line.data(code, rules.get(code)) for code, line in sorted(lines.items())],
            "services": {
                code: [row["service_name"] or words.humanise(code), row["department"], tiers[code]]
                for code, row in sorted(self.services.items())
                if code in tiers and row.get("origin", "national") == "national"
            },
            "layout": self.facts.publication.get("map_layout"),
            "tierWords": words.TIER_WORDS,
            "perimeterWords": words.PERIMETER_WORDS,
        }

    def _headline(self, codes: set[str], year: str, statement: str) -> dict[str, list[str]]:
        """Perimeter to central, least and most, in pence, over the councils."""
        sums: dict[str, list[Decimal]] = {}
        for row in self.facts.headline:
            period = (row["financial_year"], row["statement"], row["cost_view"])
            if period == (year, statement, VIEW) and row["council_code"] in codes and row[ASC[0]] is not None:
                held = sums.setdefault(row["perimeter"], [Decimal(0)] * 3)
                sums[row["perimeter"]] = [a + row[c] for a, c in zip(held, ASC, strict=True)]
        return {perimeter: [pence(v) for v in values] for perimeter, values in sums.items()}

    def _newest(self, year: str, step: str) -> list[Row]:
        """Rules of a step in force in a year, of each line or service only the newest version."""
        held = [
            r
            for r in self.rules
            if (r["valid_from_year"] or "") <= year <= (r["valid_to_year"] or "9999-00")
            and r["step"] == step
            and r["outcome_code"] in (None, OUTCOME)
        ]
        key = "line_code" if step == LINE_STEP else "service_code"
        newest: dict[str, Decimal] = {}
        for row in held:
            version = Decimal(row["definition_version"])
            newest[row[key]] = max(newest.get(row[key], version), version)
        return [r for r in held if Decimal(r["definition_version"]) == newest[r[key]]]

    def _line_rules(self, year: str) -> dict[str, list[list]]:
        """Line to its services with share, low and high in per cent, by the desk baseline of the year.

        Without lines of which a driver, such as care by setting, gives every council shares of its own.
        """
        rules: dict[str, list[list]] = defaultdict(list)
        held = self._newest(year, LINE_STEP)
        driven = {row["line_code"] for row in held if any(row[c] is None for c in RULE_SHARES)}
        for row in held:
            if row["line_code"] not in driven:
                rules[row["line_code"]].append([row["service_code"], *(percent(row[c]) for c in RULE_SHARES)])
        return rules

    def _tiers(self, year: str) -> dict[str, list[list]]:
        """Service to its tiers with share, low and high in per cent, by the desk baseline of the year."""
        tiers: dict[str, list[list]] = defaultdict(list)
        for row in self._newest(year, TIER_STEP):
            is_home = bool(self.services.get(row["service_code"], {}).get("is_home_care"))
            shares = [percent(row[c]) for c in RULE_SHARES]
            tiers[row["service_code"]].append([row["tier"], *shares, is_home])
        return tiers


@dataclass
class _Line:
    """One budget line of one council or of many: each amount, and what they give to services and perimeters."""

    name: str
    amounts: list[Decimal] = field(default_factory=list)
    services: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    bounds: dict[str, list[Decimal]] = field(default_factory=dict)
    is_desk: bool = True

    def add(self, one: BudgetLine, is_desk: bool, perimeters: dict[str, Row]) -> None:
        self.amounts.append(one.line["amount_gbp"])
        self.is_desk = self.is_desk and is_desk
        for row in one.allocations:
            self.services[row["service_code"]] += row["amount_gbp"]
        for perimeter, row in perimeters.items():
            held = self.bounds.get(perimeter, [Decimal(0)] * 3)
            self.bounds[perimeter] = [a + row[c] for a, c in zip(held, CENTRAL_LOW_HIGH, strict=True)]

    def data(self, code: str, rules: list[list] | None) -> list:
        """Code, name, amount in all, services and perimeters; each amount where there are many; the desk's rules."""
        return [
            code,
            self.name,
            pence(sum(self.amounts, Decimal(0))),
            {s: pence(v) for s, v in self.services.items()},
            {p: [pence(v) for v in values] for p, values in self.bounds.items()},
            [pence(v) for v in self.amounts] if len(self.amounts) > 1 else None,
            rules if self.is_desk else None,
        ]


def percent(share: Decimal) -> str:
    """A share as per cent in plain digits, with as many places as it has."""
    return f"{(share * 100).normalize():f}"


def pence(amount: Decimal) -> str:
    """Whole pence as text: the browser makes exact integers of it."""
    return str(int(amount * 100))
