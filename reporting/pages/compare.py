"""The compare page: every council in one table, side by side, spread, funnel, and spend beside admissions.

The page as written holds the year that opens it; static/compare.js draws any other from data/compare.js and from one
file a year and statement, with the same titles computed from what is chosen.
"""

from decimal import Decimal
from typing import Any

from reporting import words
from reporting.charts import Chart
from reporting.claims import claim
from reporting.facts import HEADLINE_KEY, OUTCOME, VIEW, Facts
from reporting.markup import Column, Table, figure, link
from reporting.pages import admissions
from reporting.pages.money import HEADLINE
from reporting.warehouse import Row

# Adult social care alone: the part that budgets and outturn both hold, so that any two years can stand side by side.
COLUMNS = (
    ("adult_social_care_gbp", "£ million", words.modelled_millions),
    ("adult_social_care_low_gbp", "Lowest £m", words.modelled_millions),
    ("adult_social_care_high_gbp", "Highest £m", words.modelled_millions),
    ("adult_social_care_per_head_65_plus_gbp", "£ per person 65+", words.modelled_pounds),
    ("share_of_adult_social_care_share", "Share of adult social care", words.share),
    ("adult_social_care_preventative_share", "Preventative share of both", words.share),
)
# What the spread can be drawn of: column of the table, name, unit.
MEASURES = (
    ("adult_social_care_per_head_65_plus_gbp", "£ per person 65+", "£"),
    ("share_of_adult_social_care_share", "share of adult social care", "%"),
    ("adult_social_care_preventative_share", "preventative share of preventative and reactive spending", "%"),
    ("admissions_per_100k", "admissions to care homes per 100,000 people 65+", ""),
)


def context(facts: Facts) -> dict:
    """Everything templates/compare.html prints."""
    return {
        "all_councils": _table(facts),
        "regions": sorted({c.region for c in facts.councils.values() if c.region}),
        "kinds": sorted({c.kind for c in facts.councils.values() if c.kind}),
        "periods": periods(facts),
        "measures": MEASURES,
        "spread": _spread(facts),
        "funnel": admissions.funnel(facts),
        "scatter": _scatter(facts),
        "main_year": facts.main_year,
        "statement": facts.main_statement,
    }


def periods(facts: Facts) -> list[tuple[str, str]]:
    """(year, statement) pairs with figures, the main statement first, the last year first."""
    pairs = {(r["financial_year"], r["statement"]) for r in facts.headline if r["adult_social_care_gbp"] is not None}
    return sorted(pairs, key=lambda p: (p[1] != facts.main_statement, [-ord(c) for c in p[0]]))


def states_of(row: Row) -> str:
    states = [w for w, on in (("modelled", row["is_modelled"]), ("imputed", row["is_imputed"])) if on]
    return ", ".join(states)


def _table(facts: Facts) -> Table:
    """All councils of the year that opens the page, narrow perimeter: what a reader without scripts sees."""
    year = facts.main_year
    table = Table(
        f"All councils, {words.STATEMENT_NOUNS.get(facts.main_statement, '').lower()} {year}, narrow perimeter",
        [
            Column("Council"),
            Column("Region"),
            Column("Council type"),
            *[Column(header, True) for _, header, _ in COLUMNS],
            Column(f"Admissions 65+ per 100,000, {facts.admissions_year}", True),
            Column("State"),
        ],
        csv_name="councils.csv",
        identifier="council-table",
        row_attributes=[],
    )
    wanted = ("narrow", year, facts.main_statement)
    for council in facts.councils.values():
        rows = facts.headline_of.get(council.code, [])
        row = next((r for r in rows if (r["perimeter"], r["financial_year"], r["statement"]) == wanted), None)
        if row is None:
            continue
        rate = next(
            (r for r in facts.admissions_of.get(council.code, []) if r["financial_year"] == facts.admissions_year), None
        )
        cells = [link(f"councils/{council.page}", council.name), council.region, council.kind]
        cells += [figure(row, HEADLINE, HEADLINE_KEY, c, shape) for c, _, shape in COLUMNS]
        table.rows.append([*cells, admissions.rate_cell(rate), states_of(row)])
        table.row_attributes.append({"code": council.code})
    return table


def data(facts: Facts) -> dict[str, Any]:
    """data/compare.js: councils, periods, and admissions by year with the limits drawn around England."""
    years: dict[str, dict] = {}
    for row in facts.admissions:
        year = years.setdefault(row["financial_year"], {"rates": {}, "limits": [], "england": row["england_per_100k"]})
        people, rate = admissions.population(row), row["admissions_per_100k"]
        year["rates"][row["council_code"]] = [rate, people, admissions.is_outside(row)]
        if rate is not None and people and admissions.limit(row, "upper998") is not None:
            year["limits"].append(admissions.limits_at(row))
    for year in years.values():
        year["limits"].sort(key=lambda point: point["n"])
    return {
        "councils": {c.code: [c.name, c.region, c.kind] for c in facts.councils.values()},
        "periods": [f"{year} {statement}" for year, statement in periods(facts)],
        "columns": [[column, header] for column, header, _ in COLUMNS],
        # Where each figure comes from, beside the council, year, statement and perimeter that the reader chose.
        "marts": {"spending": HEADLINE, "admissions": "mart_spend_against_admissions"},
        "key": {"cost_view": VIEW, "outcome_code": OUTCOME},
        "measures": [list(measure) for measure in MEASURES],
        "years": years,
        "default": f"{facts.main_year} {facts.main_statement}",
        "admissionsYear": facts.admissions_year,
        "perimeters": {p: words.PERIMETER_WORDS[p] for p in words.PERIMETERS},
    }


def period_data(facts: Facts, financial_year: str, statement: str) -> dict[str, dict[str, list]]:
    """data/compare-YEAR-STATEMENT.js: perimeter to council to the columns as exact numbers, then the state."""
    found: dict[str, dict[str, list]] = {}
    for row in sorted(facts.headline, key=lambda r: r["council_code"]):
        if (row["financial_year"], row["statement"], row["cost_view"]) != (financial_year, statement, VIEW):
            continue
        if row["adult_social_care_gbp"] is not None:
            values = [row[column] for column, _, _ in COLUMNS]
            found.setdefault(row["perimeter"], {})[row["council_code"]] = [*values, states_of(row)]
    return found


def _spread(facts: Facts) -> Chart | None:
    """How councils spread on admissions, the measure that is published and not modelled."""
    rows = [r for r in facts.admissions if r["financial_year"] == facts.admissions_year]
    values = [r["admissions_per_100k"] for r in rows if r["admissions_per_100k"] is not None]
    if not values:
        return None
    table = Table(
        f"How councils spread on admissions, {facts.admissions_year}",
        [Column("Councils", True), Column("Lowest", True), Column("Middle", True), Column("Highest", True)],
        csv_name="spread.csv",
    )
    middle = words.median(values)
    table.rows.append([words.number(len(values)), *(words.rate(v) for v in (min(values), middle, max(values)))])
    title = claim(
        "spread-admissions",
        f"Half of {len(values)} councils lie at or below {words.rate(middle)} admissions per 100,000 people 65+",
        financial_year=facts.admissions_year,
    )
    return Chart(
        identifier="spread",
        kind="strips",
        title=title,
        subtitle=f"Permanent admissions to care homes of people 65+, per 100,000, {facts.admissions_year}. Each mark"
        " is a council; the thick line is the middle one.",
        alt=f"{title}; they run from {words.rate(min(values))} to {words.rate(max(values))}.",
        source=facts.source_line(admissions.ADMISSIONS, "MHCLG", "NHS England", "ONS"),
        data={"shared": "spread", "council": None, "measures": []},
        table=table,
        notes=["Spread alone says nothing about cause, need or quality."],
    )


def _scatter(facts: Facts) -> Chart | None:
    """Spend against admissions, no fitted line: need drives both."""
    column = "narrow_per_head_65_plus_gbp"
    held = [r for r in facts.admissions if r.get(column) is not None and r["admissions_per_100k"] is not None]
    year = max((r["financial_year"] for r in held), default=None)
    rows = [r for r in held if r["financial_year"] == year and r["council_code"] in facts.councils]
    if not rows:
        return None
    table = Table(
        f"Spend and admissions, {year}",
        [Column("Council"), Column("£ per person 65+", True), Column("Admissions 65+ per 100,000", True)],
        csv_name="spend-and-admissions.csv",
        is_sortable=True,
    )
    for row in sorted(rows, key=lambda r: facts.councils[r["council_code"]].name.casefold()):
        table.rows.append(
            [
                facts.councils[row["council_code"]].name,
                figure(row, admissions.ADMISSIONS, admissions.ADMISSIONS_KEY, column, words.modelled_pounds),
                figure(row, admissions.ADMISSIONS, admissions.ADMISSIONS_KEY, "admissions_per_100k", words.rate),
            ]
        )
    middle_head, middle_rate = (words.median([r[c] for r in rows]) for c in (column, "admissions_per_100k"))
    both = sum(1 for r in rows if r[column] > middle_head and r["admissions_per_100k"] < middle_rate)
    return Chart(
        identifier="scatter",
        kind="scatter",
        title=claim("spend-and-admissions", scatter_title(both, len(rows)), financial_year=year),
        subtitle=f"Narrow spending per person 65+ against permanent admissions per 100,000, {year}. Lines mark the"
        " middle council on each.",
        alt=f"Councils spread around {words.modelled_pounds(middle_head)} per person and {words.rate(middle_rate)}"
        " admissions per 100,000; no line is drawn through them.",
        source=facts.source_line(admissions.ADMISSIONS, "MHCLG", "ASCOF", "ONS"),
        data={"points": [_point(facts, r, column) for r in rows], "mx": middle_head, "my": middle_rate},
        table=table,
        notes=[
            "No line is fitted. Money goes where need is, so a link in either direction would not show that spending"
            " causes or prevents admissions."
        ],
    )


def scatter_title(both: int, councils: int) -> str:
    """How many spend more than the middle council and admit fewer; static/compare.js says the same of a choice."""
    lower = "admit at a lower rate than the middle one"
    return f"{both} of {councils} councils spend more than the middle council and {lower}"


def _point(facts: Facts, row: Row, column: str) -> dict[str, Decimal | str]:
    council = facts.councils[row["council_code"]]
    return {
        "c": council.code,
        "l": council.name,
        "r": council.region,
        "x": row[column],
        "y": row["admissions_per_100k"],
    }
