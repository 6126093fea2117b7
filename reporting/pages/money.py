"""Charts and tables of spending that national, council and place pages share."""

from decimal import Decimal

from reporting import words
from reporting.charts import Chart
from reporting.facts import HEADLINE_KEY, SPEND_KEY, VIEW, Facts, one_perimeter, tier_order
from reporting.markup import Column, Figure, Table, figure
from reporting.warehouse import Row

HEADLINE = "mart_prevention_headline"
SPEND = "mart_prevention_spend"
BALANCE_TIERS = ("primary", "secondary", "tertiary", "reactive", "unclassified")


def status_words(row: Row) -> str:
    """What is uncertain about a figure, in words."""
    states = []
    if row.get("is_modelled"):
        states.append("modelled")
    if row.get("is_imputed"):
        states.append("imputed")
    return ", ".join(states)


def amount_with_range(row: Row, shape=words.millions) -> str:
    return words.with_range(
        shape(row["amount_gbp"]), shape(row.get("amount_low_gbp")), shape(row.get("amount_high_gbp"))
    )


def spending_figure(row: Row, key: tuple[str, ...] = HEADLINE_KEY, sums: bool = False) -> Figure:
    """The amount with its range, as `£41.0m (between £33.0m and £52.0m)`."""
    return Figure(
        amount_with_range(row), HEADLINE, "amount_gbp", {k: row[k] for k in key if k in row}, row["amount_gbp"], sums
    )


def points(rows: list[Row], series: str, column: str = "amount_gbp", scale: int = 1_000_000) -> list[dict]:
    """Points of one line: year, value, low, high and state; in £ million unless told otherwise."""
    suffix = column.removesuffix("_gbp")
    result = []
    for row in rows:
        if row.get(column) is None:
            continue
        low, high = row.get(f"{suffix}_low_gbp"), row.get(f"{suffix}_high_gbp")
        result.append(
            {
                "s": series,
                "x": words.year_start(row["financial_year"]),
                "y": row[column] / scale,
                "lo": None if low is None else low / scale,
                "hi": None if high is None else high / scale,
                "m": bool(row.get("is_modelled")),
                "i": bool(row.get("is_imputed")),
            }
        )
    return result


def over_time(
    facts: Facts,
    rows: list[Row],
    identifier: str,
    title: str,
    place: str,
    key: tuple[str, ...] | None = HEADLINE_KEY,
    sums: bool = False,
    statement: str | None = None,
) -> Chart:
    """Prevention spending by perimeter over time, budget and outturn apart, with the range as a band.

    `statement` is the one the words speak of, the report's main one unless told otherwise.
    """
    spoken = statement or facts.main_statement
    data = []
    for statement in ("budget", "outturn"):
        for perimeter in ("narrow", "wide"):
            name = f"{words.humanise(perimeter)}, {statement}"
            data += points(one_perimeter(rows, perimeter, statement), name)
    ends = sorted({(p["s"]) for p in data})
    years = sorted({r["financial_year"] for r in rows})
    first, last = (years[0], years[-1]) if years else ("", "")
    span = first if first == last else f"{first} to {last}"
    narrow = one_perimeter(rows, "narrow", spoken)
    return Chart(
        identifier=identifier,
        kind="band-lines",
        title=title,
        subtitle=f"Net current expenditure, £ million, cash, {place}, {span}. The band runs from the lowest"
        " to the highest plausible figure; hollow marks are modelled.",
        alt=_trend_alt(narrow, place, spoken),
        source=facts.source_line(HEADLINE, "MHCLG Revenue Account and Revenue Outturn"),
        data={"points": data, "series": ends, "unit": "£m"},
        table=trend_table(rows, place, f"{identifier}.csv", key, sums),
        notes=[
            "Narrow is preventing and reducing need (primary and secondary prevention). Wide adds delaying need"
            " (tertiary prevention) without long-term home care. A year that is not drawn is not held, or was"
            " published as a total that cannot be split; budgets and outturn are never joined.",
        ],
    )


def _trend_alt(rows: list[Row], place: str, statement: str) -> str:
    rows = [r for r in rows if r["amount_gbp"] is not None]
    if not rows:
        return f"No spending figures for {place} in this publication."
    first, last = rows[0], rows[-1]
    verb = words.STATEMENT_WORDS[statement]
    return (
        f"Narrow prevention {verb} in {place} goes from {amount_with_range(first)} in {first['financial_year']}"
        f" to {amount_with_range(last)} in {last['financial_year']}."
    )


def trend_table(rows: list[Row], place: str, csv_name: str, key=HEADLINE_KEY, sums: bool = False) -> Table:
    """Year × statement × perimeter with cash, range, real terms, per head and share."""
    has_real = any(r.get("amount_real_gbp") is not None for r in rows)
    has_share = any(r.get("share_of_adult_social_care_share") is not None for r in rows)
    has_head = any(r.get("per_head_65_plus_gbp") is not None for r in rows)
    price = next((r["price_year"] for r in rows if r.get("price_year")), None)
    columns = [
        Column("Year"),
        Column("Figures"),
        Column("Perimeter"),
        Column("£", True),
        Column("Lowest £", True),
        Column("Highest £", True),
    ]
    extra = []
    if has_real:
        columns.append(Column(f"£, {price} prices" if price else "£, real terms", True))
        extra.append(("amount_real_gbp", words.pounds))
    if has_head:
        columns.append(Column("£ per person 65+", True))
        extra.append(("per_head_65_plus_gbp", words.per_head))
    if has_share:
        columns.append(Column("Share of adult social care", True))
        extra.append(("share_of_adult_social_care_share", words.share))
    columns.append(Column("State"))
    table = Table(f"Spending by year and perimeter, {place}", columns, csv_name=csv_name)
    ordered = sorted(
        rows, key=lambda r: (r["financial_year"], r["statement"], words.PERIMETERS.index(r["perimeter"])), reverse=True
    )
    for row in sorted(ordered, key=lambda r: words.PERIMETERS.index(r["perimeter"])):
        cells = [row["financial_year"], words.STATEMENT_NOUNS[row["statement"]], words.humanise(row["perimeter"])]
        for column in ("amount_gbp", "amount_low_gbp", "amount_high_gbp"):
            cells.append(figure(row, HEADLINE, _present(key, row), column, words.pounds, sums))
        for column, shape in extra:
            derived = sums and column in ("per_head_65_plus_gbp", "share_of_adult_social_care_share")
            cells.append(
                shape(row.get(column)) if derived else figure(row, HEADLINE, _present(key, row), column, shape, sums)
            )
        cells.append(status_words(row))
        table.rows.append(cells)
    return table


def _present(key: tuple[str, ...] | None, row: Row) -> list[str] | None:
    return None if key is None else [k for k in key if k in row]


def balance(
    facts: Facts,
    rows: list[Row],
    identifier: str,
    title: str,
    place: str,
    key: tuple[str, ...] | None = SPEND_KEY,
    sums: bool = False,
    statement: str | None = None,
) -> Chart:
    """Tiers by year as a bar that leans: delay, reduce and prevent to the left of zero, care to the right."""
    statement = statement or facts.main_statement
    rows = [r for r in rows if r["statement"] == statement and r["tier"] in BALANCE_TIERS and r["amount_gbp"]]
    years = sorted({r["financial_year"] for r in rows})
    totals = {y: sum((r["amount_gbp"] for r in rows if r["financial_year"] == y), Decimal(0)) for y in years}
    data = [
        {
            "x": r["financial_year"],
            "t": r["tier"],
            "l": words.TIER_WORDS[r["tier"]],
            "y": r["amount_gbp"] / totals[r["financial_year"]],
            "m": bool(r.get("is_modelled")),
        }
        for r in sorted(rows, key=lambda r: (r["financial_year"], tier_order(r["tier"])))
        if totals[r["financial_year"]] > 0
    ]
    table = Table(
        f"Spending by tier and year, {place}",
        [
            Column("Year"),
            Column("What the money is for"),
            Column("£", True),
            Column("Lowest £", True),
            Column("Highest £", True),
            Column("State"),
        ],
        csv_name=f"{identifier}.csv",
    )
    for row in sorted(rows, key=lambda r: (-words.year_start(r["financial_year"]), tier_order(r["tier"]))):
        cells = [row["financial_year"], f"{words.TIER_WORDS[row['tier']]} ({words.TIER_TERMS[row['tier']]})"]
        for column in ("amount_gbp", "amount_low_gbp", "amount_high_gbp"):
            cells.append(figure(row, SPEND, _present(key, row), column, words.pounds, sums))
        table.rows.append([*cells, status_words(row)])
    return Chart(
        identifier=identifier,
        kind="balance",
        title=title,
        subtitle=f"Share of the money in scope by what it is for, {words.STATEMENT_NOUNS[statement].lower()}, {place}."
        " Left of the line: spending meant to prevent, reduce or delay need. Right: care once need is high.",
        alt=title + ". Bars by year, split by tier.",
        source=facts.source_line(SPEND, "MHCLG Revenue Account and Revenue Outturn"),
        data={"bars": data, "years": years},
        table=table,
        notes=[
            "Which lines count as care once need is high rests on an older split of care homes from community care;"
            " the range says how wide that doubt is."
        ],
    )


def headline_sentence(row: Row, place: str) -> list:
    """The answer in one sentence, as text and figures in turn."""
    verb = words.STATEMENT_WORDS[row["statement"]]
    key = _present(HEADLINE_KEY, row)
    parts = [
        f"In {row['financial_year']} {place} {verb} ",
        spending_figure(row),
        " on preventing and reducing need (primary and secondary prevention)",
    ]
    if row.get("share_of_adult_social_care_share") is not None:
        parts += [
            ": the adult social care part is ",
            figure(row, HEADLINE, key, "share_of_adult_social_care_share", words.share),
            " of all adult social care",
        ]
    if row.get("per_head_65_plus_gbp") is not None:
        parts += [
            ", ",
            figure(row, HEADLINE, key, "per_head_65_plus_gbp", words.per_head),
            " per person aged 65 and over",
        ]
    return [*parts, "."]


def view_note() -> str:
    """Which cost view the report shows."""
    return {
        "direct": "Figures count direct costs; running costs such as commissioning are kept apart and not shared out.",
        "full_cost": "Figures include a share of running costs such as commissioning.",
    }[VIEW]
