"""The way back from a council's figure: its budget lines, the rules that split them, the published cells."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from xlsxwriter.utility import xl_col_to_name

from reporting import words
from reporting.facts import OUTCOME, VIEW, Facts, tier_order
from reporting.markup import Column, Figure, Table, figure
from reporting.warehouse import Row

LINE_KEY = ("body_code", "financial_year", "statement", "line_code", "measure")
ALLOCATION_KEY = (
    "council_code",
    "financial_year",
    "statement",
    "line_code",
    "service_code",
    "outcome_code",
    "tier",
    "cost_view",
)


@dataclass
class BudgetLine:
    """One budget line of a council with the cell it was read from and where its money went."""

    line: Row
    allocations: list[Row] = field(default_factory=list)

    @property
    def cell(self) -> str:
        """Sheet, row and column of the published cell, as a spreadsheet names it."""
        place = []
        if self.line["sheet"]:
            place.append(f"sheet “{self.line['sheet']}”")
        if self.line["source_row"] is not None:
            place.append(f"row {self.line['source_row']}")
        if self.line["source_column"] is not None:
            place.append(f"column {column_letter(self.line['source_column'])}")
        return ", ".join(place)

    @property
    def amount(self) -> Figure:
        return figure(self.line, "fct_budget_line", LINE_KEY, "amount_gbp", words.pounds)


def column_letter(position: int) -> str:
    """Spreadsheet letters of a 1-based column position."""
    return xl_col_to_name(position - 1)


@dataclass
class LineBook:
    """Budget lines and allocations of the years the council pages open up, read in bulk."""

    facts: Facts

    def __post_init__(self) -> None:
        years = opened_years(self.facts)
        self._allocations: dict[tuple, list[Row]] = defaultdict(list)
        self._lines: dict[tuple, Row] = {}
        if not years:
            return
        where = in_years(years)
        wanted = [*ALLOCATION_KEY, "rule_set", "rule_id", "tier_rule_id", "basis", "confidence", "is_modelled"]
        wanted += ["amount_gbp", "amount_low_gbp", "amount_high_gbp"]
        # A share that is nothing, at its highest too, is not read: most rules of a line give nothing in a year.
        something = "(amount_gbp <> 0 or amount_low_gbp <> 0 or amount_high_gbp <> 0)"
        something += f" and cost_view = '{VIEW}' and outcome_code = '{OUTCOME}'"
        for row in self.facts.warehouse.read("fct_allocation", wanted, where=f"{something} and {where}"):
            self._allocations[row["council_code"], row["financial_year"], row["statement"], row["line_code"]].append(
                row
            )
        wanted = [*LINE_KEY, "council_code", "line_name", "section", "amount_gbp", "marker", "flag", "release_id"]
        wanted += ["sheet", "source_row", "source_column", "is_total"]
        condition = f"body_kind = 'council' and measure = 'net_current_expenditure' and {where}"
        for row in self.facts.warehouse.read("fct_budget_line", wanted, where=condition):
            self._lines[row["council_code"], row["financial_year"], row["statement"], row["line_code"]] = row
        self._by_council: dict[tuple, list[tuple]] = defaultdict(list)
        for key in self._allocations:
            self._by_council[key[:3]].append(key)

    def of(self, council_code: str, financial_year: str, statement: str) -> list[BudgetLine]:
        """Lines of a council-year that carry money in scope, largest first."""
        if not self._lines:
            return []
        result = []
        for key in self._by_council.get((council_code, financial_year, statement), []):
            line = self._lines.get(key)
            if line is None:
                first = self._allocations[key][0]
                line = {**dict.fromkeys(LINE_KEY), **first, "amount_gbp": None}
            shares = sorted(
                self._allocations[key],
                key=lambda r: (tier_order(r["tier"]), -(r["amount_gbp"] or 0), r["service_code"]),
            )
            result.append(BudgetLine(line, shares))
        return sorted(result, key=lambda b: (-(b.line["amount_gbp"] or 0), b.line["line_code"]))


def opened_years(facts: Facts) -> set[tuple[str, str]]:
    """(statement, year) pairs any council page opens: each council's own last year of the main statement."""
    rows = (latest_headline(facts, rows) for rows in facts.headline_of.values())
    return {(row["statement"], row["financial_year"]) for row in rows if row}


def in_years(years: set[tuple[str, str]]) -> str:
    """The SQL condition for those years."""
    pairs = ", ".join(f"('{year}', '{statement}')" for statement, year in sorted(years))
    return f"(financial_year, statement) in ({pairs})"


def latest_headline(facts: Facts, rows: list[Row], perimeter: str = "narrow") -> Row | None:
    """The council's last headline of the main statement that has an amount, else of the other statement."""
    held = [r for r in rows if r["perimeter"] == perimeter and r["adult_social_care_gbp"] is not None]
    for wanted in (facts.main_statement, None):
        chosen = [r for r in held if wanted in (None, r["statement"])]
        if chosen:
            return max(chosen, key=lambda r: r["financial_year"])
    return None


def service_name(allocation: Row, names: dict[str, str]) -> str:
    return names.get(allocation["service_code"]) or words.humanise(allocation["service_code"])


def line_table(facts: Facts, lines: list[BudgetLine], place: str) -> Table:
    """One row a budget line: its amount and the published cell it was read from."""
    table = Table(
        f"Budget lines and the cells they were read from, {place}",
        [
            Column("Line"),
            Column("Budget line"),
            Column("£", True),
            Column("File"),
            Column("Sheet"),
            Column("Row", True),
            Column("Column"),
        ],
        csv_name="lines.csv",
    )
    for budget_line in lines:
        line = budget_line.line
        release = facts.releases.get(line["release_id"], {})
        position = line["source_column"]
        table.rows.append(
            [
                line["line_code"],
                line["line_name"] or "",
                budget_line.amount,
                release.get("file") or line["release_id"],
                line["sheet"] or "",
                figure(line, "fct_budget_line", LINE_KEY, "source_row", words.exact),
                column_letter(position) if position else "",
            ]
        )
    return table


def share_table(lines: list[BudgetLine], names: dict[str, str], place: str, rules: str) -> Table:
    """One row a share of a line: service, purpose, amount with range, and the two rules that give it.

    `rules` is the address of the page of rules.
    """
    table = Table(
        f"Where each budget line goes, {place}",
        [
            Column("Line"),
            Column("Service"),
            Column("What it is for"),
            Column("£", True),
            Column("Lowest £", True),
            Column("Highest £", True),
            Column("Basis, confidence"),
            Column("Rules"),
        ],
        csv_name="shares.csv",
    )
    columns = ("amount_gbp", "amount_low_gbp", "amount_high_gbp")
    for budget_line in lines:
        for allocation in budget_line.allocations:
            table.rows.append(
                [
                    budget_line.line["line_code"],
                    service_name(allocation, names),
                    words.TIER_WORDS.get(allocation["tier"], words.humanise(allocation["tier"])),
                    *(figure(allocation, "fct_allocation", ALLOCATION_KEY, c, words.pounds) for c in columns),
                    basis_words(allocation),
                    rule_links(allocation, rules),
                ]
            )
    return table


def rule_links(allocation: Row, rules: str) -> Markup | str:
    """The rule for what the money does and the rule for why the service is there, each linked to its reason."""
    named = [allocation[c] for c in ("rule_id", "tier_rule_id") if allocation.get(c)]
    links = [
        "no rule claims it" if rule == "remainder" else Markup('<a href="{}#{}">{}</a>').format(rules, rule, rule)
        for rule in dict.fromkeys(named)
    ]
    return Markup(", ").join(links) if links else "no rule claims it"


def basis_words(allocation: dict[str, Any]) -> str:
    parts = [words.humanise(allocation["basis"]) if allocation.get("basis") else ""]
    if allocation.get("confidence"):
        parts.append(f"{allocation['confidence']} confidence")
    if allocation.get("is_modelled"):
        parts.append("modelled")
    return ", ".join(p for p in parts if p)
