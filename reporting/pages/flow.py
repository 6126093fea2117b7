"""Where a council's budget goes: lines to services to purposes, of every year held, as the flow chart draws it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from reporting import words
from reporting.charts import Chart
from reporting.claims import Claim, claim
from reporting.facts import OUTCOME, SPEND_KEY, VIEW, Council, Facts, origin
from reporting.markup import Column, Figure, Table
from reporting.pages import money
from reporting.warehouse import Row

ALLOCATION = "fct_allocation"
# Lines and services below this part of the whole are drawn together.
SMALL = Decimal("0.02")
Period = tuple[str, str]
FOR = {
    "primary": "for preventing need",
    "secondary": "for reducing need",
    "tertiary": "for delaying need",
    "reactive": "for care once need is high",
    "unclassified": "not yet classified",
}


class Part(NamedTuple):
    """What a council's budget line of a year gives to a service and a purpose."""

    council_code: str
    financial_year: str
    statement: str
    line_code: str
    line_name: str | None
    service_code: str
    tier: str
    amount_gbp: Decimal


@dataclass
class FlowBook:
    """The parts of every council and year in the report's view, read in one query."""

    facts: Facts
    names: dict[str, str]

    def __post_init__(self) -> None:
        rows = self.facts.warehouse.query(
            "with names as (select council_code, financial_year, statement, line_code, max(line_name) as line_name from"
            " marts.fct_budget_line where body_kind = 'council' and measure = 'net_current_expenditure' group by all)"
            " select a.council_code, a.financial_year, a.statement, a.line_code, n.line_name, a.service_code, a.tier,"
            " sum(a.amount_gbp) as amount_gbp from marts.fct_allocation as a left join names as n on"
            " (a.council_code, a.financial_year, a.statement, a.line_code) ="
            " (n.council_code, n.financial_year, n.statement, n.line_code)"
            " where a.cost_view = ? and a.outcome_code = ? and a.amount_gbp <> 0 and a.tier <> 'out_of_scope'"
            " group by all order by all",
            [VIEW, OUTCOME],
        )
        self._parts: dict[str, dict[Period, list[Part]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            part = Part(**row)
            self._parts[part.council_code][part.statement, part.financial_year].append(part)

    def periods(self, council: Council) -> list[Period]:
        """(statement, year) pairs the council has a flow of: those with more than one line to draw."""
        held = self._parts.get(council.code, {})
        return sorted(p for p, parts in held.items() if len({x.line_code for x in parts if x.amount_gbp > 0}) > 1)

    def parts(self, council: Council, period: Period) -> list[Part]:
        return self._parts.get(council.code, {}).get(period, [])

    def service(self, code: str) -> str:
        return self.names.get(code) or words.humanise(code)

    def title(self, council: Council, period: Period) -> Claim | str:
        """The largest purpose of the year; running costs have none until they are shared out."""
        statement, year = period
        tiers = [
            r
            for r in self.facts.spend_of.get(council.code, [])
            if (r["statement"], r["financial_year"]) == period
            and r["amount_gbp"] is not None
            and r["tier"] not in ("out_of_scope", "enabling")
        ]
        largest = max(tiers, key=lambda r: r["amount_gbp"], default=None)
        if largest is None:
            return f"Where {council.said}’s budget lines go"
        text = (
            f"Running costs apart, the largest part of {council.said}’s money that bears on need in later life, in"
            f" {year} ({statement}), is {FOR[largest['tier']]}: {words.modelled_millions(largest['amount_gbp'])}"
        )
        return claim("largest-tier", text, **{k: largest[k] for k in SPEND_KEY})

    def drawing(self, council: Council, period: Period) -> dict:
        """Nodes and links in £ million: what is negative cannot be drawn, what is small is drawn together."""
        drawn = [p for p in self.parts(council, period) if p.amount_gbp > 0]
        whole = sum((p.amount_gbp for p in drawn), Decimal(0))
        by_line: dict[str, Decimal] = defaultdict(Decimal)
        by_service: dict[str, Decimal] = defaultdict(Decimal)
        for part in drawn:
            by_line[part.line_code] += part.amount_gbp
            by_service[part.service_code] += part.amount_gbp
        links: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        labels: dict[str, str] = {}
        for part in drawn:
            tier_words = words.TIER_WORDS.get(part.tier, words.humanise(part.tier))
            line, service, tier = f"line:{part.line_code}", f"service:{part.service_code}", f"tier:{part.tier}"
            labels[tier] = tier_words
            if by_line[part.line_code] < whole * SMALL:
                line = "line:other"
            labels[line] = "Other lines" if line == "line:other" else part.line_name or part.line_code
            if by_service[part.service_code] < whole * SMALL:
                service = f"service:other:{part.tier}"
                labels[service] = f"Other: {tier_words.lower()}"
            else:
                labels[service] = self.service(part.service_code)
            links[line, service] += part.amount_gbp
            links[service, tier] += part.amount_gbp
        return {
            "nodes": [{"id": k, "l": labels[k]} for k in sorted(labels)],
            "links": [{"a": a, "b": b, "v": v / 1_000_000} for (a, b), v in sorted(links.items())],
        }

    def subtitle(self, council: Council, period: Period) -> str:
        statement, year = period
        rows = self.facts.headline_of.get(council.code, [])
        headline = next((r for r in rows if (r["statement"], r["financial_year"]) == period), {})
        return (
            f"Net current expenditure on {money.sections_words(headline)}, £ million,"
            f" {words.STATEMENT_NOUNS[statement].lower()}, {council.name}, {year}."
            " Left: budget lines; middle: services; right: what the service is for."
        )

    def note(self, council: Council, period: Period) -> str:
        """What is not drawn, in pounds where the mart holds it."""
        outside = next(
            (
                r["amount_gbp"]
                for r in self.facts.spend_of.get(council.code, [])
                if (r["statement"], r["financial_year"]) == period and r["tier"] == "out_of_scope"
            ),
            None,
        )
        left = "Not drawn: " + ("money" if outside is None else words.modelled_millions(outside))
        negative = [p for p in self.parts(council, period) if p.amount_gbp < 0]
        below = " A part with more income than cost cannot be drawn; it is in the table." if negative else ""
        return (
            f"{left} that serves other people or purposes, above all adults aged 18 to 64. Lines and services under 2%"
            f" of the rest are drawn together.{below}"
        )

    def alt(self, council: Council, period: Period) -> str:
        drawn = sum((p.amount_gbp for p in self.parts(council, period) if p.amount_gbp > 0), Decimal(0))
        title = self.title(council, period)
        return f"Flow of {words.modelled_millions(drawn)} from budget lines through services to purposes. {title}."

    def table(self, council: Council, period: Period) -> Table:
        """Every part as the warehouse has it, the largest first: what the chart draws and what it cannot."""
        statement, year = period
        table = Table(
            f"Budget lines, services and purposes, {council.name}, {statement} {year}",
            [Column("Line"), Column("Budget line"), Column("Service"), Column("What it is for"), Column("£", True)],
            csv_name="flow.csv",
        )
        view: Row = {"outcome_code": OUTCOME, "cost_view": VIEW}
        for part in sorted(self.parts(council, period), key=lambda p: (-p.amount_gbp, p.line_code, p.service_code)):
            key = {
                "council_code": part.council_code,
                "financial_year": part.financial_year,
                "statement": part.statement,
                "line_code": part.line_code,
                "service_code": part.service_code,
                "tier": part.tier,
                **view,
            }
            amount = Figure(words.pounds(part.amount_gbp), ALLOCATION, "amount_gbp", key, part.amount_gbp)
            tier = words.TIER_WORDS.get(part.tier, words.humanise(part.tier))
            cells = [part.line_code, part.line_name or "", self.service(part.service_code), tier, amount]
            table.rows.append(cells)
        return table

    def chart(self, council: Council, period: Period, choices: list[tuple[str, str, str | Claim]]) -> Chart | None:
        """The chart of the year that opens the page; `choices` are the titles of every year."""
        if period not in self.periods(council):
            return None
        return Chart(
            identifier="flow",
            kind="flow",
            title=self.title(council, period),
            subtitle=self.subtitle(council, period),
            alt=self.alt(council, period),
            source=self.facts.source_line(
                ALLOCATION, origin([{"statement": statement} for statement, _ in self.periods(council)])
            ),
            data=self.drawing(council, period),
            table=self.table(council, period),
            choices=choices,
            notes=[self.note(council, period)],
            is_wide=True,
        )
