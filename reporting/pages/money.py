"""Charts and tables of spending that national, council and place pages share."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from reporting import words
from reporting.charts import Chart
from reporting.claims import Claim, claim
from reporting.facts import HEADLINE_KEY, SPEND_KEY, VIEW, Facts, one_perimeter, origin, tier_order
from reporting.markup import Column, Figure, Table, figure
from reporting.warehouse import Row

HEADLINE = "mart_prevention_headline"
SPEND = "mart_prevention_spend"
BALANCE_TIERS = ("primary", "secondary", "tertiary", "reactive", "unclassified")


# Adult social care alone is the first figure everywhere: both statements hold it. What budgets hold besides, public
# health and the wider council, is in columns of its own.
ASC = ("adult_social_care_gbp", "adult_social_care_low_gbp", "adult_social_care_high_gbp")
# What the same lines cost before income, and the income; held of outturn alone, whose returns print both.
GROSS = ("adult_social_care_gross_gbp", "adult_social_care_income_gbp")


def has_gross(rows: list[Row]) -> bool:
    """Whether a return behind any of the rows prints expenditure before income."""
    return any(row[GROSS[0]] is not None for row in rows)


SECTION_WORDS = {"wider_council": "the wider council"}


def sections_words(row: Row) -> str:
    """Which parts of the return `amount_gbp` of a headline row counts: `adult social care and public health`."""
    codes = (row.get("sections_held") or "adult_social_care").split(", ")
    return words.listed([SECTION_WORDS.get(code, code.replace("_", " ")) for code in codes])


def status_words(row: Row) -> str:
    """What is uncertain about a figure, in words."""
    states = []
    if row["is_modelled"]:
        states.append("modelled")
    if row.get("is_imputed"):
        states.append("imputed")
    return ", ".join(states)


def amount_with_range(row: Row) -> str:
    """`£41m (between £33m and £52m)`: adult social care, to three significant figures, with the outer bounds."""
    return words.with_range(*(words.modelled_millions(row[column]) for column in ASC))


def spending_figure(row: Row, key: tuple[str, ...] = HEADLINE_KEY, mart: str = HEADLINE) -> Figure:
    """The adult social care amount with its range, as a figure of the mart."""
    return Figure(amount_with_range(row), mart, ASC[0], {k: row[k] for k in key}, row[ASC[0]])


def points(rows: list[Row], series: str) -> list[dict]:
    """Points of one line in £ million: year, value, low, high and state. A return not broken down leaves a gap."""
    result = []
    for row in rows:
        value, low, high = (row[column] for column in ASC)
        if value is None or row.get("is_broken_down") is False:
            continue
        result.append(
            {
                "s": series,
                "x": words.year_start(row["financial_year"]),
                "y": value / 1_000_000,
                "lo": None if low is None else low / 1_000_000,
                "hi": None if high is None else high / 1_000_000,
                "m": bool(row["is_modelled"]),
                "i": bool(row.get("is_imputed")),
            }
        )
    return result


def over_time(
    facts: Facts,
    rows: list[Row],
    identifier: str,
    title: str | Claim,
    place: str,
    key: tuple[str, ...] = HEADLINE_KEY,
    statement: str | None = None,
    mart: str = HEADLINE,
    choices: list[tuple[str, str, str | Claim]] | None = None,
) -> Chart:
    """Prevention spending of adult social care by perimeter over time, budget and outturn apart, with the range.

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
        subtitle=f"Adult social care, net current expenditure, £ million, cash, {place}, {span}. The band runs from the"
        " lowest to the highest plausible figure; hollow marks are modelled.",
        alt=_trend_alt(narrow, place, spoken),
        source=facts.source_line(mart, origin(rows)),
        data={"points": data, "series": ends, "unit": "£m"},
        table=trend_table(rows, place, f"{identifier}.csv", key, mart),
        choices=choices or [],
        notes=[
            "Narrow is preventing and reducing need (primary and secondary prevention). Wide adds delaying need"
            " (tertiary prevention) without long-term home care. A year that is not drawn is not held, was published"
            " as a total, or is a return that is not broken down; budgets and outturn are never joined. Public health"
            " and the wider council are left out, because the outturn does not hold them all: the table has them.",
        ],
    )


def _trend_alt(rows: list[Row], place: str, statement: str) -> str:
    rows = [r for r in rows if r[ASC[0]] is not None]
    if not rows:
        return f"No spending figures for {place} in this publication."
    first, last = rows[0], rows[-1]
    verb = words.STATEMENT_WORDS[statement]
    return (
        f"Narrow prevention {verb} in {place} goes from {amount_with_range(first)} in {first['financial_year']}"
        f" to {amount_with_range(last)} in {last['financial_year']}."
    )


def trend_table(
    rows: list[Row], place: str, csv_name: str, key: tuple[str, ...] = HEADLINE_KEY, mart: str = HEADLINE
) -> Table:
    """Year × statement × perimeter with cash, range, real terms, per head and share."""
    has_real = any(r["amount_real_gbp"] is not None for r in rows)
    has_share = any(r["share_of_adult_social_care_share"] is not None for r in rows)
    has_head = any(r["per_head_65_plus_gbp"] is not None for r in rows)
    price = next((r["price_year"] for r in rows if r["price_year"]), None)
    gross = GROSS if has_gross(rows) else ()
    columns = [
        Column("Year"),
        Column("Figures"),
        Column("Perimeter"),
        Column("£, adult social care, net", True),
        Column("Lowest £", True),
        Column("Highest £", True),
        *([Column("£, adult social care, before income", True), Column("£, its income", True)] if gross else []),
        Column("£, public health", True),
        Column("£, wider council", True),
        Column("£, all held", True),
    ]
    extra = []
    if has_real:
        columns.append(Column(f"£, all held, {price} prices" if price else "£, all held, real terms", True))
        extra.append(("amount_real_gbp", words.pounds))
    if has_head:
        columns.append(Column("£ per person 65+, all held", True))
        extra.append(("per_head_65_plus_gbp", words.modelled_pounds))
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
        for column in (*ASC, *gross, "public_health_gbp", "wider_council_gbp", "amount_gbp"):
            cells.append(figure(row, mart, key, column, words.pounds))
        for column, shape in extra:
            cells.append(figure(row, mart, key, column, shape))
        cells.append(status_words(row))
        table.rows.append(cells)
    return table


def balance(
    facts: Facts,
    rows: list[Row],
    identifier: str,
    title: str | Claim,
    place: str,
    key: tuple[str, ...] = SPEND_KEY,
    statement: str | None = None,
    choices: list[tuple[str, str, str | Claim]] | None = None,
    mart: str = SPEND,
) -> Chart:
    """Tiers by year as a bar that leans: delay, reduce and prevent to the left of zero, care to the right.

    With `choices` the bars of both statements are held and the table has both.
    """
    statement = statement or facts.main_statement
    wanted = {statement} | {s for s, _, _ in choices or []}
    rows = [r for r in rows if r["statement"] in wanted and r["tier"] in BALANCE_TIERS and r[ASC[0]]]
    years = sorted({r["financial_year"] for r in rows if r["statement"] == statement})
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row["statement"], row["financial_year"]] += max(row[ASC[0]], Decimal(0))
    data = [
        {
            "st": r["statement"],
            "x": r["financial_year"],
            "t": r["tier"],
            "l": words.TIER_WORDS[r["tier"]],
            "y": r[ASC[0]] / totals[r["statement"], r["financial_year"]],
            "m": bool(r["is_modelled"]),
        }
        for r in sorted(rows, key=lambda r: (r["financial_year"], r["statement"], tier_order(r["tier"])))
        if totals[r["statement"], r["financial_year"]] > 0
    ]
    table = Table(
        f"Spending by tier and year, {place}",
        [
            Column("Year"),
            Column("Figures"),
            Column("What the money is for"),
            Column("£, adult social care", True),
            Column("£, all held", True),
            Column("Lowest £, all held", True),
            Column("Highest £, all held", True),
            Column("State"),
        ],
        csv_name=f"{identifier}.csv",
    )
    newest_first = sorted(rows, key=lambda r: (-words.year_start(r["financial_year"]), tier_order(r["tier"])))
    for row in sorted(newest_first, key=lambda r: r["statement"] != statement):
        cells = [row["financial_year"], words.STATEMENT_NOUNS[row["statement"]]]
        cells += [f"{words.TIER_WORDS[row['tier']]} ({words.TIER_TERMS[row['tier']]})"]
        for column in (ASC[0], "amount_gbp", "amount_low_gbp", "amount_high_gbp"):
            cells.append(figure(row, mart, key, column, words.pounds))
        table.rows.append([*cells, status_words(row)])
    return Chart(
        identifier=identifier,
        kind="balance",
        title=title,
        subtitle="Share of the adult social care money in scope by what it is for,"
        f" {words.STATEMENT_NOUNS[statement].lower()}, {place}."
        " Left of the line: spending meant to prevent, reduce or delay need. Right: care once need is high.",
        alt=f"{title}. Bars by year, split by tier.",
        source=facts.source_line(mart, origin(rows)),
        data={
            "bars": [b for b in data if b["st"] == statement],
            "more": [b for b in data if b["st"] != statement],
            "years": years,
        },
        table=table,
        choices=choices or [],
        notes=[
            driver_words(facts.driver_years, years[-1] if years else None),
        ],
    )


NO_DRIVER = (
    "No finance return is held that tells care homes from care at home. The lines of long-term support are not"
    " classified for want of it, so figures that would count money to delay need or home care leave them out."
)


def driver_words(driver_years: list[str], financial_year: str | None) -> str:
    """How old the return is that tells care homes from care at home, beside figures of a year.

    The nearest year serves, of two equally near the earlier, as in the models.
    """
    if not driver_years or financial_year is None:
        return NO_DRIVER
    year = words.year_start(financial_year)
    driver = min(driver_years, key=lambda held: (abs(words.year_start(held) - year), held))
    age = year - words.year_start(driver)
    apart = (
        "of the same year" if not age else f"{words.plural(abs(age), 'year')} {'older' if age > 0 else 'younger'} than"
    )
    than = f" {financial_year}’s figures; the range is wider for it" if age else ""
    return (
        "Which part of the lines of long-term support is care once need is high rests on how the finance return of"
        f" {driver} divides it between care homes and care at home, {apart}{than}."
    )


def view_note() -> str:
    """Which cost view the report shows."""
    return {
        "direct": "Figures count direct costs; running costs such as commissioning are kept apart and not shared out.",
        "full_cost": "Figures include a share of running costs such as commissioning.",
    }[VIEW]


def trend_title(rows: list[Row], place: str, possessive: str, about: dict) -> Claim:
    """What the last year held says beside the first of the same statement, when it is more than the doubt about it."""
    held = [r for r in rows if r[ASC[0]] is not None and r.get("is_broken_down") is not False]
    if len(held) < 2:
        if not held:
            return claim("trend-alone", f"Preventing and reducing need, {place}", **about)
        statement = held[0]["statement"]
        does = {"budget": "sets aside for", "outturn": "spent on"}[statement]
        return claim(
            "trend-alone", f"What {place} {does} preventing and reducing need", **{**about, "statement": statement}
        )
    first, last = held[0], held[-1]
    about = {**about, "statement": last["statement"], "first": first["financial_year"], "last": last["financial_year"]}
    value, low, high = (last[column] for column in ASC)
    verb = words.STATEMENT_NOUNS[last["statement"]].split()[0].lower()
    span = f"between {first['financial_year']} and {last['financial_year']} ({verb})"
    if low is not None and high is not None and low <= first[ASC[0]] <= high:
        text = f"Any change in {possessive} money for preventing and reducing need {span} is smaller than"
        return claim("trend-within-doubt", f"{text} the doubt about it", **about)
    way = "rose" if value > first[ASC[0]] else "fell"
    text = (
        f"{possessive[0].upper()}{possessive[1:]} money for preventing and reducing need {way} from"
        f" {words.modelled_millions(first[ASC[0]])} to {words.modelled_millions(value)} {span}, in cash"
    )
    return claim(f"trend-{way}", text, **about)


def balance_title(rows: list[Row], place: str, about: dict) -> Claim | str:
    """What the bars of the last year show: every preventative tier against care once need is high, as drawn."""
    parts = {r["tier"]: r[ASC[0]] for r in rows if r["tier"] in BALANCE_TIERS and r[ASC[0]] is not None}
    whole = sum((a for a in parts.values() if a > 0), Decimal(0))
    if not whole or "reactive" not in parts:
        return f"Which way {place}’s money leans"
    if min(parts.values()) < 0 or parts.get("unclassified", Decimal(0)) > whole / 2:
        # Income above cost on a purpose, or most of the money not classified: no pound of it leans any way.
        return f"Which way {place}’s money leans"
    left = sum((parts.get(t, Decimal(0)) for t in ("primary", "secondary", "tertiary")), Decimal(0)) / whole
    right = parts["reactive"] / whole
    text = (
        f"{words.number(left * 100)}p of every £1 of adult social care in scope is meant to prevent, reduce or delay"
        f" need and {words.number(right * 100)}p is for care once need is high"
    )
    rest = 1 - left - right
    text += f"; {words.number(rest * 100)}p is not classified" if rest >= Decimal("0.005") else ""
    # Three rounded parts may come to 99 or 101.
    text += "" if sum(int(words.number(part * 100)) for part in (left, right, rest)) == 100 else ", each rounded"
    row = rows[0]
    said = {"financial_year": row["financial_year"], "statement": row["statement"]}
    return claim("balance", f"{place}, {row['financial_year']}: {text}", **about, **said)


def balance_of(rows: list[Row], year: str, place: str, about: dict) -> Claim | str:
    """`balance_title` of the rows of a year."""
    return balance_title([r for r in rows if r["financial_year"] == year], place, about)


def by_period(rows: list[Row], titled: Callable[[list[Row], str], str | Claim]) -> list[tuple[str, str, str | Claim]]:
    """A title for every statement and last year that rows are held of, each made of the rows up to that year alone.

    `titled` makes it of those rows, by year, and the year.
    """
    found = []
    for statement in ("budget", "outturn"):
        held = sorted((r for r in rows if r["statement"] == statement), key=lambda r: r["financial_year"])
        for year in sorted({r["financial_year"] for r in held}):
            found.append((statement, year, titled([r for r in held if r["financial_year"] <= year], year)))
    return found
