"""The compare page: every council in one table, side by side, strips, funnel, and spend beside admissions."""

from reporting import words
from reporting.charts import Chart
from reporting.facts import Facts
from reporting.markup import Column, Table, figure, link
from reporting.pages import admissions, standing
from reporting.warehouse import Row

COLUMNS = (
    ("amount_gbp", "£ million", words.millions),
    ("per_head_65_plus_gbp", "£ per person 65+", words.per_head),
    ("share_of_adult_social_care_share", "Share of adult social care", words.share),
    ("preventative_share", "Preventative share of both", words.share),
)


def context(facts: Facts) -> dict:
    """Everything templates/compare.html prints; the full data for other years goes to data/compare.js."""
    return {
        "all_councils": _table(facts),
        "regions": sorted({c.region for c in facts.councils.values() if c.region}),
        "kinds": sorted({c.kind for c in facts.councils.values() if c.kind}),
        "periods": _periods(facts),
        "strips": _strips(facts),
        "funnel": admissions.funnel(facts, None),
        "scatter": _scatter(facts),
        "main_year": facts.main_year,
        "statement": facts.main_statement,
    }


def _periods(facts: Facts) -> list[tuple[str, str]]:
    pairs = {(r["financial_year"], r["statement"]) for r in facts.headline if r["amount_gbp"] is not None}
    return sorted(pairs, key=lambda p: (p[1] != facts.main_statement, [-ord(c) for c in p[0]]))


def _latest_rate(facts: Facts, code: str) -> Row | None:
    return next((r for r in facts.admissions_of.get(code, []) if r["financial_year"] == facts.admissions_year), None)


def _table(facts: Facts) -> Table:
    """All councils of the latest year, narrow perimeter: what a reader without scripts sees."""
    year = facts.main_year
    table = Table(
        f"All councils, {words.STATEMENT_NOUNS.get(facts.main_statement, '').lower()} {year}, narrow perimeter",
        [
            Column("Council"),
            Column("Region"),
            Column("Council type"),
            Column("£ million", True),
            Column("Lowest £m", True),
            Column("Highest £m", True),
            Column("£ per person 65+", True),
            Column("Share of adult social care", True),
            Column("Preventative share of both", True),
            Column(f"Admissions 65+ per 100,000, {facts.admissions_year}", True),
            Column("State"),
        ],
        csv_name="councils.csv",
        identifier="council-table",
        is_sortable=True,
        row_attributes=[],
    )
    for council in facts.councils.values():
        row = next(
            (
                r
                for r in facts.headline_of.get(council.code, [])
                if (r["perimeter"], r["financial_year"], r["statement"]) == ("narrow", year, facts.main_statement)
            ),
            None,
        )
        if row is None:
            continue
        key = list(_headline_key())
        cells = [link(f"councils/{council.page}", council.name), council.region, council.kind]
        for column in ("amount_gbp", "amount_low_gbp", "amount_high_gbp"):
            cells.append(figure(row, "mart_prevention_headline", key, column, words.millions))
        for column, _, shape in COLUMNS[1:]:
            cells.append(figure(row, "mart_prevention_headline", key, column, shape))
        rate = _latest_rate(facts, council.code)
        cells.append(admissions.rate_cell(rate))
        states = [w for w, on in (("modelled", row.get("is_modelled")), ("imputed", row.get("is_imputed"))) if on]
        table.rows.append([*cells, ", ".join(states)])
        table.row_attributes.append({"code": council.code})
    return table


def _headline_key() -> tuple[str, ...]:
    return ("council_code", "financial_year", "statement", "outcome_code", "cost_view", "perimeter")


def data(facts: Facts) -> dict:
    """data/compare.js: councils, and per period and perimeter their printed figures with sortable values.

    Values are [sort value, printed text] so that the browser never formats or rounds money itself.
    """
    shapes = [shape for _, _, shape in COLUMNS]
    names = [column for column, _, _ in COLUMNS]
    periods: dict[str, dict] = {}
    for row in sorted(facts.headline, key=lambda r: (r["financial_year"], r["statement"], r["council_code"])):
        if row["amount_gbp"] is None or row["cost_view"] != "direct":
            continue
        period = f"{row['financial_year']} {row['statement']}"
        cells = [[row[n], shape(row[n])] for n, shape in zip(names, shapes, strict=True)]
        cells[1:1] = [[row[c], words.millions(row[c])] for c in ("amount_low_gbp", "amount_high_gbp")]
        states = [w for w, on in (("modelled", row.get("is_modelled")), ("imputed", row.get("is_imputed"))) if on]
        periods.setdefault(period, {}).setdefault(row["perimeter"], {})[row["council_code"]] = [
            *cells,
            ", ".join(states),
        ]
    rates: dict[str, dict] = {}
    for row in facts.admissions:
        value = row.get("admissions_per_100k")
        printed = "[c]" if value is None else words.rate(value)
        rates.setdefault(row["financial_year"], {})[row["council_code"]] = [value, printed]
    return {
        "councils": {c.code: [c.name, c.region, c.kind] for c in facts.councils.values()},
        "periods": periods,
        "rates": rates,
        "headers": ["£ million", "Lowest £m", "Highest £m", *[h for _, h, _ in COLUMNS[1:]]],
        "default": f"{facts.main_year} {facts.main_statement}",
        "admissionsYear": facts.admissions_year,
    }


def _strips(facts: Facts) -> Chart | None:
    shared = standing.strip_values(facts)
    measures = [[m, standing.measure_words(m), standing.main_period(facts, p)] for m, p in shared.items()]
    if not measures:
        return None
    first, label, year = measures[-1]
    values = [v[3] for v in shared[first][year]]
    shape = standing.shape_of(first)
    return Chart(
        identifier="strips",
        kind="strips",
        title=f"{label}: half of councils lie above {shape(words.median(values))}, half below ({year})",
        subtitle="Each mark is a council; the line is the middle council. Choose a council in the table to label it and"
        " its region; scales differ from strip to strip.",
        alt="; ".join(
            f"{name} runs from {standing.shape_of(m)(min(v[3] for v in shared[m][y]))} to"
            f" {standing.shape_of(m)(max(v[3] for v in shared[m][y]))}"
            for m, name, y in measures
        ),
        source=facts.source_line(standing.COMPARISON, "MHCLG", "NHS England", "ONS"),
        data={"shared": "strips", "council": None, "measures": measures},
        table=_strip_table(shared, measures),
        notes=["Spread alone says nothing about cause, need or quality."],
    )


def _strip_table(shared: dict, measures: list) -> Table:
    table = Table(
        "How councils spread on each measure",
        [
            Column("Measure"),
            Column("Year"),
            Column("Councils", True),
            Column("Lowest", True),
            Column("Middle", True),
            Column("Highest", True),
        ],
        csv_name="spread.csv",
    )
    for measure, label, year in measures:
        values = [v[3] for v in shared[measure][year]]
        shape = standing.shape_of(measure)
        table.rows.append(
            [
                label,
                year,
                words.number(len(values)),
                shape(min(values)),
                shape(words.median(values)),
                shape(max(values)),
            ]
        )
    return table


def _scatter(facts: Facts) -> Chart | None:
    """Spend against admissions, no fitted line: need drives both."""
    column = "narrow_per_head_65_plus_gbp"
    held = [r for r in facts.admissions if r.get(column) is not None and r.get("admissions_per_100k") is not None]
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
                figure(row, admissions.ADMISSIONS, admissions.ADMISSIONS_KEY, column, words.per_head),
                figure(row, admissions.ADMISSIONS, admissions.ADMISSIONS_KEY, "admissions_per_100k", words.rate),
            ]
        )
    heads = [r[column] for r in rows]
    rates = [r["admissions_per_100k"] for r in rows]
    middle_head, middle_rate = words.median(heads), words.median(rates)
    both = sum(1 for r in rows if r[column] > middle_head and r["admissions_per_100k"] < middle_rate)
    return Chart(
        identifier="scatter",
        kind="scatter",
        title=f"{both} of {len(rows)} councils spend more than the middle council and admit fewer; a quarter would by"
        " chance alone",
        subtitle=f"Narrow spending per person 65+ against permanent admissions per 100,000, {year}. Lines mark the"
        " middle council on each.",
        alt=f"Councils spread without a drawn trend around {words.per_head(middle_head)} per person and"
        f" {words.rate(middle_rate)} admissions per 100,000.",
        source=facts.source_line(admissions.ADMISSIONS, "MHCLG", "ASCOF", "ONS"),
        data={
            "points": [
                {
                    "c": r["council_code"],
                    "l": facts.councils[r["council_code"]].name,
                    "r": facts.councils[r["council_code"]].region,
                    "x": r[column],
                    "y": r["admissions_per_100k"],
                }
                for r in rows
            ],
            "mx": middle_head,
            "my": middle_rate,
        },
        table=table,
        notes=[
            "No line is fitted. Money goes where need is, so a link in either direction would not show that spending"
            " causes or prevents admissions."
        ],
    )
