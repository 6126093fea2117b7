"""What has been read of one council: the same rows that the national page counts, decided or not."""

from reporting import words
from reporting.facts import Council, Facts
from reporting.markup import Column, Table, figure
from reporting.pages import documents, say_do
from reporting.warehouse import Row

MART = "mart_council_evidence"
TABLES = (
    ("foi_response", "answers", "Answers to Freedom of Information requests, as coded", "foi.csv"),
    ("jhws", "labels", "The board’s strategy, as read and labelled", "strategy.csv"),
    ("stp", "plans", "The partnership’s plan, as read and labelled", "plan.csv"),
)


def rows_by_council(facts: Facts) -> dict[str, list[Row]]:
    """Rows of the mart by council, read once."""
    if MART not in facts.rows:
        index: dict[str, list[Row]] = {}
        for row in facts.warehouse.read(MART):
            index.setdefault(row["council_code"], []).append(row)
        facts.rows[MART] = index
    return facts.rows[MART]


def of_council(facts: Facts, council: Council) -> dict:
    """Coded answers, strategy and plan of a council, and where it stands between claim and money."""
    rows = rows_by_council(facts).get(council.code, [])
    gap = say_do.of_council(facts, council.code)
    return {
        "coded": _coded(council, rows),
        "documents": documents.links(facts, rows, "../"),
        "classification": say_do.CLASS_WORDS.get(gap["classification"]) if gap else None,
        "year": gap["financial_year"] if gap else None,
        "reason": (gap["reason"] or "") if gap else "",
        "measured": _measured(gap) if gap and gap["coded_items"] else None,
        **{name: _table(facts, [r for r in rows if r["document_type"] == kind], *rest) for kind, name, *rest in TABLES},
    }


def _coded(council: Council, rows: list[Row]) -> str:
    """What has been coded of the council, and how much of it is still open."""
    if not rows:
        return f"No answer or strategy of {council.said} has been coded in this publication."
    parts = []
    for kind, *_ in TABLES:
        own = [r for r in rows if r["document_type"] == kind]
        if own:
            waves = words.listed(sorted({r["wave"] for r in own}))
            open_cells = sum(r["basis"] == "undecided" for r in own)
            left = f", {words.plural(open_cells, 'cell')} on which coders differ" if open_cells else ""
            parts.append(f"{words.DOCUMENT_WORDS[kind].lower()} (wave {waves}{left})")
    return f"Coded of {council.said}: {words.listed(parts)}."


def _table(facts: Facts, rows: list[Row], caption: str, csv_name: str) -> Table | None:
    if not rows:
        return None
    table = Table(
        caption,
        [Column("Question"), Column("Wave"), Column("Answer"), Column("Settled by"), Column("Quotation, page")],
        csv_name=csv_name,
        has_groups=True,
    )
    rows = sorted(rows, key=lambda r: (r["item_order"] or 0, r["wave"], r["code_order"] or 0, r["code"]))
    for row in rows:
        evidence = documents.quoted(facts, row, "../")
        answer = row["code_label"]
        if row["is_theme"] and row["basis"] == "undecided":
            answer = f"{answer} (coders differ)"
        table.rows.append([row["item_label"], row["wave"], answer, words.humanise(row["basis_words"]), evidence])
    return table


def _measured(gap: Row) -> Table:
    """The two measured things behind the class, each with its range and what it rests on."""
    table = Table(
        f"What it claims and what its money shows, {gap['financial_year']}",
        [Column("Measured"), Column("Value", True), Column("Range"), Column("Rests on")],
        csv_name="say-do.csv",
    )
    left_out = f"; left out: {gap['items_left_out']}" if gap["items_left_out"] else ""
    money = "modelled" if gap["is_modelled"] else "reported"
    table.rows = [
        [
            "Claim, 0 to 1",
            figure(gap, say_do.GAP, say_do.KEY, "claim_score_share", lambda v: words.number(v, 2)),
            "",
            f"{gap['claim_items']} of {gap['coded_items']} coded items: {gap['items_scored'] or 'none'}{left_out}",
        ],
        [
            "Preventative share above the councils alike",
            figure(gap, say_do.GAP, say_do.KEY, "above_alike_share", words.share),
            say_do.span(gap, "above_alike"),
            f"{gap['alike_councils']} councils alike: {gap['alike_group']}; the money is {money}",
        ],
        [
            "Real change on the year before",
            figure(gap, say_do.GAP, say_do.KEY, "real_change_share", words.share),
            say_do.span(gap, "real_change"),
            f"the money is {money}",
        ],
        [
            "Other settings that give another class",
            figure(gap, say_do.GAP, say_do.KEY, "scenarios_against", words.number),
            "",
            f"of {gap['scenarios']}: every threshold either way, every perimeter, both ends of the range",
        ],
    ]
    return table
