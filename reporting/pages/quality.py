"""Quality and method: every check, every known difference, coverage, confidence, words, licences, how to cite."""

from reporting import catalogue, words
from reporting.facts import OUTCOME, VIEW, Facts
from reporting.markup import Column, Table, figure
from reporting.warehouse import Row

RECONCILIATION = "mart_reconciliation"
CHECKS = "mart_data_quality"
# So many warnings stand open; more are folded below them.
FEW_WARNINGS = 12
RECONCILIATION_KEY = catalogue.KEYS["mart_reconciliation"]


def context(facts: Facts) -> dict:
    """Everything templates/quality.html prints."""
    checks = _checks(facts)
    return {
        "checks": checks,
        "check_sentence": _check_sentence(facts),
        "reconciliation": _reconciliation(facts),
        "discrepancies": _discrepancies(facts),
        "coverage": _coverage(facts),
        "confidence": _confidence(facts),
        "restatements": _restatements(facts),
        "tiers": _tiers(facts),
        "releases": _releases(facts),
        "few_warnings": FEW_WARNINGS,
        "warnings": [_text(w) for w in facts.publication.get("warnings", [])],
        "rejects": facts.publication.get("rejects", []),
    }


def _text(item) -> str:
    if isinstance(item, dict):
        return ", ".join(f"{words.humanise(k)}: {v}" for k, v in item.items())
    return str(item)


def _check_sentence(facts: Facts) -> str:
    rows = facts.warehouse.read(CHECKS)
    if not rows:
        return "This publication lists no checks."
    counts = {status: sum(1 for r in rows if r["status"] == status) for status in ("pass", "warn", "fail")}
    text = f"{counts['pass']} of {len(rows)} checks of this publication held"
    if counts["warn"]:
        text += f"; {words.plural(counts['warn'], 'warning')} below"
    empty = sum(1 for r in rows if r["status"] == "empty")
    if empty:
        text += f"; {empty} had nothing to look at, because no such rows were sent"
    if counts["fail"]:
        text += f"; {counts['fail']} failed"
    return text + "."


def _checks(facts: Facts) -> Table | None:
    rows = facts.warehouse.read(CHECKS)
    if not rows:
        return None
    table = Table(
        "Every check of this publication",
        [
            Column("Check"),
            Column("Blocks publication"),
            Column("Result"),
            Column("Compared", True),
            Column("Failed", True),
            Column("In words"),
        ],
        csv_name="checks.csv",
        is_sortable=True,
    )
    order = {"fail": 0, "warn": 1, "empty": 2, "pass": 3}
    for row in sorted(rows, key=lambda r: (order.get(r["status"], 4), r["check_name"])):
        blocks = {"error": "yes", "warn": "no"}.get(row["severity"], row["severity"])
        table.rows.append(
            [words.humanise(row["check_name"]), blocks, row["status"]]
            + [figure(row, CHECKS, ["check_name"], c, words.number) for c in ("compared", "failed")]
            + [row["detail"] or ""]
        )
    return table


def _reconciliation_table(facts: Facts, rows: list[Row], caption: str, csv_name: str) -> Table | None:
    if not rows:
        return None
    key = RECONCILIATION_KEY
    table = Table(
        caption,
        [
            Column("Check"),
            Column("Year"),
            Column("Figures"),
            Column("Group"),
            Column("Expected", True),
            Column("Observed", True),
            Column("Difference", True),
            Column("Status"),
            Column("Reason"),
        ],
        csv_name=csv_name,
        is_sortable=True,
    )
    for row in rows:
        table.rows.append(
            [words.humanise(row["check_name"]), row["financial_year"], row["statement"], row["group_name"]]
            + [
                figure(row, RECONCILIATION, key, c, lambda v: words.number(v, 0))
                for c in ("expected", "observed", "difference")
            ]
            + [words.humanise(row["status"]), row["reason"] or ""]
        )
    return table


def _discrepancies(facts: Facts) -> Table | None:
    """Differences that stand, each with its reason."""
    rows = [r for r in facts.warehouse.read(RECONCILIATION) if r["difference"] and r["status"] != "pass"]
    rows.sort(key=lambda r: (r["check_name"], r["financial_year"] or "", str(r["group_name"])))
    return _reconciliation_table(facts, rows, "Known differences and their reasons", "known-differences.csv")


def _reconciliation(facts: Facts) -> Table | None:
    """Each check by year: groups compared, and how many agree."""
    grouped: dict[tuple, list[Row]] = {}
    for row in facts.warehouse.read(RECONCILIATION):
        grouped.setdefault((row["check_name"], row["financial_year"] or "", row["statement"] or ""), []).append(row)
    if not grouped:
        return None
    table = Table(
        "Our sums beside the publishers’ own totals",
        [
            Column("Check"),
            Column("Year"),
            Column("Figures"),
            Column("Groups compared", True),
            Column("Agree", True),
            Column("Known difference", True),
            Column("Other", True),
        ],
        csv_name="reconciliation.csv",
        is_sortable=True,
    )
    for (check, year, statement), rows in sorted(grouped.items()):
        agree = sum(1 for r in rows if r["status"] == "pass")
        known = sum(1 for r in rows if str(r["status"]).startswith("known"))
        counts = [len(rows), agree, known, len(rows) - agree - known]
        table.rows.append([words.humanise(check), year, statement, *[words.number(c) for c in counts]])
    return table


def _coverage(facts: Facts) -> Table | None:
    """Councils with a usable figure, by source and year, of how many stood that year."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in facts.headline:
        name = f"Spending, apportioned, {row['statement']}"
        found.setdefault((name, row["financial_year"]), set()).add(row["council_code"])
    for row in facts.admissions:
        if row["admissions_per_100k"] is not None:
            found.setdefault(("Admissions 65+", row["financial_year"]), set()).add(row["council_code"])
    cells = {place: len(codes) for place, codes in found.items()}
    rows = facts.warehouse.query(
        "select source, financial_year, count(distinct council_code) as councils from marts.fct_budget_line"
        " where body_kind = 'council' and amount_gbp is not null group by all order by all"
    )
    for row in rows:
        cells[f"Published lines, {str(row['source']).upper()}", row["financial_year"]] = row["councils"]
    if not cells:
        return None
    years = sorted({year for _, year in cells})
    sources = sorted({source for source, _ in cells})
    table = Table(
        "Councils with a figure, by source and year",
        [Column("Year"), Column("Councils in existence", True), *[Column(source, True) for source in sources]],
        csv_name="coverage.csv",
    )
    for year in reversed(years):
        stood = sum(
            1 for c in facts.councils.values() if c.valid_from <= year and (not c.valid_to or c.valid_to >= year)
        )
        row = [year, words.number(stood)]
        row += [words.number(cells[s, year]) if (s, year) in cells else "not held" for s in sources]
        table.rows.append(row)
    return table


def _confidence(facts: Facts) -> Table | None:
    """Money in scope by confidence of the rule that gives it, main statement's last year."""
    if not facts.main_year:
        return None
    rows = facts.warehouse.query(
        "select coalesce(confidence, 'no rule') as confidence, coalesce(rule_set, 'none') as rule_set,"
        " sum(amount_gbp)::decimal(38,2) as amount, count(*) as parts from marts.fct_allocation"
        " where cost_view = ? and outcome_code = ? and financial_year = ? and statement = ? group by all order by all",
        [VIEW, OUTCOME, facts.main_year, facts.main_statement],
    )
    whole = sum((r["amount"] for r in rows if r["amount"]), 0)
    if not whole:
        return None
    table = Table(
        f"How sure the splits are, {facts.main_statement} {facts.main_year}",
        [
            Column("Confidence"),
            Column("Rules used"),
            Column("Parts of lines", True),
            Column("£", True),
            Column("Share of the money", True),
        ],
        csv_name="confidence.csv",
    )
    order = ("high", "medium", "low")
    rows.sort(key=lambda r: order.index(r["confidence"]) if r["confidence"] in order else len(order))
    for row in rows:
        table.rows.append(
            [
                words.humanise(row["confidence"]),
                words.humanise(row["rule_set"]),
                words.number(row["parts"]),
                words.millions(row["amount"]),
                words.share(row["amount"] / whole),
            ]
        )
    return table


def _restatements(facts: Facts) -> Table | None:
    rows = facts.warehouse.query(
        "select old_release_id, new_release_id, count(*) as figures, sum(difference_gbp)::decimal(38,2) as difference"
        " from marts.mart_restatements group by all order by all"
    )
    if not rows:
        return None
    table = Table(
        "Figures publishers changed after printing them",
        [Column("From"), Column("To"), Column("Figures changed", True), Column("Sum of differences £", True)],
        csv_name="restatements.csv",
    )
    for row in rows:
        table.rows.append(
            [
                row["old_release_id"],
                row["new_release_id"],
                words.number(row["figures"]),
                words.pounds(row["difference"]),
            ]
        )
    return table


def _tiers(facts: Facts) -> Table | None:
    rows = facts.warehouse.read("dim_tier", order="tier_order")
    if not rows:
        return None
    table = Table(
        "One idea, four vocabularies",
        [
            Column("In this report"),
            Column("Stored as"),
            Column("Care Act"),
            Column("National Audit Office"),
            Column("Camden grid"),
            Column("Meaning"),
        ],
        csv_name="tiers.csv",
    )
    for row in rows:
        plain = row["plain_name"] or words.TIER_WORDS.get(row["tier"], words.humanise(row["tier"]))
        table.rows.append(
            [
                plain,
                row["tier"],
                row["care_act_term"] or words.NOT_HELD,
                row["nao_term"] or words.NOT_HELD,
                row["camden_term"] or words.NOT_HELD,
                row["definition"] or "",
            ]
        )
    return table


def _releases(facts: Facts) -> Table | None:
    rows = list(facts.releases.values())
    if not rows:
        return None
    table = Table(
        "Files this publication rests on",
        [
            Column("File"),
            Column("Year"),
            Column("Publisher"),
            Column("Licence"),
            Column("Edition"),
            Column("Checksum known"),
            Column("sha256"),
        ],
        csv_name="releases.csv",
        is_sortable=True,
    )
    for row in sorted(rows, key=lambda r: (str(r["source"]), str(r["financial_year"]), r["release_id"])):
        table.rows.append(
            [
                row["file"],
                row["financial_year"] or "several",
                row["publisher"],
                row["licence"],
                row["edition"],
                "yes" if row["is_verified"] else "no: unverified copy",
                (row["sha256"] or "")[:16],
            ]
        )
    return table
