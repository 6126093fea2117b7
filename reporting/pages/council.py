"""A council's page: main points, profile, how sure, where the money goes, caveats; and the page of its lines."""

from collections import defaultdict

from markupsafe import Markup

from reporting import catalogue, words
from reporting.charts import Chart
from reporting.claims import Claim, claim
from reporting.facts import HEADLINE_KEY, SPEND_KEY, Council, Facts, one_perimeter, tier_order, total
from reporting.markup import Column, Figure, Table, figure, link
from reporting.pages import admissions, adults, comparators, council_evidence, money, points, profile
from reporting.pages.flow import FlowBook
from reporting.pages.lines import LineBook, latest_headline, line_table, share_table
from reporting.pages.what_if import LINES, WhatIf
from reporting.warehouse import Row


def context(facts: Facts, council: Council, book: LineBook, flows: FlowBook, changing: WhatIf) -> dict:
    """Everything templates/council.html prints for one council."""
    rows = facts.headline_of.get(council.code, [])
    latest = latest_headline(facts, rows)
    lines = book.of(council.code, latest["financial_year"], latest["statement"]) if latest else []
    about = {"council_code": council.code}
    trend = balance = None
    if latest:
        said = latest["statement"]
        title = money.trend_title(one_perimeter(rows, "narrow", said), council.said, f"{council.said}’s", about)
        choices = money.by_period(
            [r for r in rows if r["perimeter"] == "narrow" and r[money.ASC[0]] is not None],
            lambda upto, _: money.trend_title(upto, council.said, f"{council.said}’s", about),
        )
        trend = money.over_time(facts, rows, "trend", title, council.name, statement=said, choices=choices)
        title = money.balance_title(_spend(facts, council, latest), council.name, about)
        spend = _unbroken(facts, council)
        choices = money.by_period(spend, lambda upto, year: money.balance_of(upto, year, council.name, about))
        balance = money.balance(facts, spend, "balance", title, council.name, statement=said, choices=choices)
    flow = None
    if latest:
        titles = [(*p, flows.title(council, p)) for p in flows.periods(council)]
        flow = flows.chart(council, (said, latest["financial_year"]), titles)
    profile_rows = profile.rows_of(facts, council)
    return {
        "council": council,
        "points": points.of_council(facts, council, latest, profile_rows),
        "profile": profile.table(facts, council, profile_rows),
        "has_neighbours": any(r["neighbours_median_value"] is not None for r in profile_rows),
        "movement": _movement(latest, council),
        "caveats": caveats(facts, council, latest),
        "trend": trend,
        "balance": balance,
        "flow": flow,
        "has_lines": bool(lines),
        "standing": comparators.comparison_table(facts, council, council.name),
        "funnel": _funnel(facts, council),
        "admissions": admissions.admissions_over_time(facts, council, council.name),
        "evidence": council_evidence.of_council(facts, council),
        "history": _history(facts, council),
        "latest": latest,
        "perimeters": perimeter_table(facts, council, latest),
        "adults": _adults(facts, council, latest),
        "widest": _widest(council, latest, changing.widest(latest, "narrow")),
        "can_change": changing.data(council) is not None,
        "tiers": tier_table(facts, council, latest),
    }


def lines_context(facts: Facts, council: Council, book: LineBook, grid_rows: list[Row], names: dict[str, str]) -> dict:
    """Everything templates/lines.html prints: the way back from the council's figure to cells and rules."""
    latest = latest_headline(facts, facts.headline_of.get(council.code, []))
    lines = book.of(council.code, latest["financial_year"], latest["statement"]) if latest else []
    services = _grid_rows(grid_rows, latest)
    return {
        "council": council,
        "latest": latest,
        "line_table": line_table(facts, lines, council.name) if lines else None,
        "share_table": share_table(lines, names, council.name, "../rules.html") if lines else None,
        "grid": _grid(council, services),
        "services": _services(council, services, names),
    }


def _movement(latest: Row | None, council: Council) -> Claim | None:
    """Change of the figure on the year held before. On desk shares alone it is a change in the mix of lines."""
    moved = latest["adult_social_care_movement_gbp"] if latest else None
    if not moved:
        return None
    way = "more" if moved > 0 else "less"
    key = {k: latest[k] for k in HEADLINE_KEY}
    shown = words.modelled_millions(abs(moved))
    parts: list = [
        Figure(shown, money.HEADLINE, "adult_social_care_movement_gbp", key, moved),
        f" {way} of {council.said}’s adult social care money is for preventing and reducing need than in"
        f" {latest.get('previous_financial_year')}",
    ]
    definition = latest["adult_social_care_movement_definition_gbp"]
    if definition:
        parts.append(
            f", of which {words.modelled_millions(definition)} because lines of the form or their rules changed"
        )
    value, low, high = (latest[column] for column in money.ASC)
    if low is not None and high is not None and low <= value - moved <= high:
        parts.append(". The change is smaller than the doubt about the figure")
    if latest["is_modelled"] and latest["rule_set"] == "desk_baseline":
        parts.append(". The shares are the desk baseline’s in both years: what moved is the size and mix of the lines")
    return claim(f"movement-{way}", *parts, ".", **key)


def _adults(facts: Facts, council: Council, latest: Row | None) -> Claim | None:
    """The same year's figures for adults of all ages."""
    if latest is None:
        return None
    rows = facts.adults_of.get(council.code, [])
    return adults.sentence("council-adults", facts, rows, latest, HEADLINE_KEY, money.HEADLINE)


def _spend(facts: Facts, council: Council, latest: Row | None) -> list[Row]:
    """The council's tiers in the year the page opens."""
    if latest is None:
        return []
    period = (latest["financial_year"], latest["statement"])
    return [r for r in facts.spend_of.get(council.code, []) if (r["financial_year"], r["statement"]) == period]


def _unbroken(facts: Facts, council: Council) -> list[Row]:
    """The tiers of every year whose return says what the money is spent on; the others have no balance."""
    rows = facts.headline_of.get(council.code, [])
    told = {(r["financial_year"], r["statement"]) for r in rows if r["is_broken_down"] is not False}
    held = [r for r in facts.spend_of.get(council.code, []) if r[money.ASC[0]] is not None]
    return [r for r in held if (r["financial_year"], r["statement"]) in told]


def _widest(council: Council, latest: Row | None, rows: list[Row]) -> Table | None:
    """What would narrow the narrow figure: the adult social care lines with the widest bounds, in pounds."""
    if latest is None or not rows:
        return None
    period = f"{latest['statement']} {latest['financial_year']}"
    table = Table(
        f"What would narrow it: the lines that make it wide, {council.name}, {period}",
        [
            Column("Line"),
            Column("Budget line"),
            Column("Line in all", True),
            Column("Its part of the narrow figure", True),
            Column("Lowest", True),
            Column("Highest", True),
            Column("What it adds to the range in brackets", True),
            Column("Split by"),
        ],
        csv_name="widest.csv",
    )
    columns = ("line_amount_gbp", "amount_gbp", "amount_low_gbp", "amount_high_gbp", "width_gbp")
    for row in rows:
        figures = [figure(row, LINES, catalogue.KEYS[LINES], c, words.modelled_millions) for c in columns]
        table.rows.append([row["line_code"], row["line_name"] or "", *figures, _split_by(row)])
    return table


def _split_by(row: Row) -> str:
    return "desk baseline: map this line" if row["is_modelled"] else "the council’s own map or ledger"


def perimeter_table(facts: Facts, council: Council, latest: Row | None) -> Table | None:
    """Prevention by perimeter in the year the page opens: adult social care, bounds, what other sections add."""
    if latest is None:
        return None
    here = [
        r
        for r in facts.headline_of.get(council.code, [])
        if (r["financial_year"], r["statement"]) == (latest["financial_year"], latest["statement"])
    ]
    gross = money.GROSS if money.has_gross(here) else ()
    table = Table(
        f"Prevention by perimeter, {council.name}, {latest['statement']} {latest['financial_year']}",
        [
            Column("Perimeter"),
            Column("Adult social care, net", True),
            Column("Lowest", True),
            Column("Highest", True),
            *([Column("Before income", True), Column("Income", True)] if gross else []),
            Column("Share of adult social care", True),
            Column("Public health", True),
            Column("Wider council", True),
        ],
        csv_name="perimeters.csv",
        identifier="perimeters",
    )
    for row in sorted(here, key=lambda r: words.PERIMETERS.index(r["perimeter"])):
        cells: list = [f"{words.humanise(row['perimeter'])}: {words.PERIMETER_WORDS[row['perimeter']]}"]
        cells += [figure(row, money.HEADLINE, HEADLINE_KEY, c, words.modelled_millions) for c in (*money.ASC, *gross)]
        cells.append(figure(row, money.HEADLINE, HEADLINE_KEY, "share_of_adult_social_care_share", words.share))
        for column in ("public_health_gbp", "wider_council_gbp"):
            cells.append(figure(row, money.HEADLINE, HEADLINE_KEY, column, words.modelled_millions))
        table.rows.append(cells)
    return table


def tier_table(facts: Facts, council: Council, latest: Row | None) -> Table | None:
    """Tiers of the latest year: amount, range, per head, share, money on low-confidence rules."""
    if latest is None:
        return None
    rows = _spend(facts, council, latest)
    period = f"{latest['statement']} {latest['financial_year']}"
    table = Table(
        f"Money by what it is for, {council.name}, {period}: all held is {money.sections_words(latest)}",
        [
            Column("What it is for"),
            Column("Adult social care", True),
            Column("All held", True),
            Column("Lowest, all held", True),
            Column("Highest, all held", True),
            Column("£ per person 65+, all held", True),
            Column("Rests on low-confidence rules", True),
            Column("Rules used"),
        ],
        csv_name="tiers.csv",
        identifier="tiers",
    )
    for row in sorted(rows, key=lambda r: tier_order(r["tier"])):
        cells = [f"{words.TIER_WORDS.get(row['tier'], row['tier'])} ({words.TIER_TERMS.get(row['tier'], row['tier'])})"]
        for column in (money.ASC[0], "amount_gbp", "amount_low_gbp", "amount_high_gbp"):
            cells.append(figure(row, money.SPEND, SPEND_KEY, column, words.modelled_millions))
        cells.append(figure(row, money.SPEND, SPEND_KEY, "per_head_65_plus_gbp", words.modelled_pounds))
        cells.append(figure(row, money.SPEND, SPEND_KEY, "low_confidence_share", words.share))
        rule_set = words.humanise(row["rule_set"]) if row["rule_set"] else ""
        table.rows.append([*cells, ", ".join(p for p in (rule_set, money.status_words(row)) if p)])
    return table if table.rows else None


def _grid_rows(rows: list[Row], latest: Row | None) -> list[Row]:
    """The grid rows of the year the page opens that carry money."""
    if latest is None:
        return []
    period = (latest["financial_year"], latest["statement"])
    return [r for r in rows if (r["financial_year"], r["statement"]) == period and r["amount_gbp"]]


def _grid(council: Council, rows: list[Row]) -> Table | None:
    """Department × tier: the grid at a glance."""
    if not rows:
        return None
    tiers = sorted({r["tier"] for r in rows}, key=tier_order)
    table = Table(
        f"£ million by department and purpose, {council.name}, {rows[0]['financial_year']}",
        [Column("Department"), *[Column(words.TIER_WORDS.get(t, words.humanise(t)), True) for t in tiers]],
        csv_name="grid.csv",
    )
    key = ("council_code", "financial_year", "statement", "outcome_code", "cost_view", "department", "tier")
    for department in sorted({r["department"] or "" for r in rows}):
        cells: list = [words.humanise(department)]
        for tier in tiers:
            here = [r for r in rows if (r["department"] or "", r["tier"]) == (department, tier)]
            if not here:
                cells.append("")
                continue
            summed = total(here, "amount_gbp")
            place = {k: here[0][k] for k in key}
            cells.append(
                Figure(words.modelled_millions(summed), "mart_service_grid", "amount_gbp", place, summed, True)
            )
        table.rows.append(cells)
    return table


def _services(council: Council, rows: list[Row], names: dict[str, str]) -> Table | None:
    """Every service with its budget and how its performance is measured."""
    if not rows:
        return None
    table = Table(
        f"Services by department and purpose, {council.name}, {rows[0]['financial_year']}",
        [
            Column("Department"),
            Column("What it is for"),
            Column("Service"),
            Column("£", True),
            Column("How performance is measured"),
        ],
        csv_name="services.csv",
    )
    key = catalogue.KEYS["mart_service_grid"]
    for row in sorted(rows, key=lambda r: (r["department"] or "", tier_order(r["tier"]), r["service_code"])):
        table.rows.append(
            [
                words.humanise(row["department"]),
                words.TIER_WORDS.get(row["tier"], words.humanise(row["tier"])),
                row["service_name"] or names.get(row["service_code"]) or words.humanise(row["service_code"]),
                figure(row, "mart_service_grid", key, "amount_gbp", words.pounds),
                row["performance_measure"] or "not stated",
            ]
        )
    return table


def _funnel(facts: Facts, council: Council) -> Chart | None:
    """The shared funnel with this council labelled, where it has a rate in the last year; titles for every year."""
    held = {r["financial_year"]: r for r in facts.admissions_of.get(council.code, []) if admissions.unusual(r)}
    row = held.get(facts.admissions_year)
    if not row:
        return None
    title = _funnel_title(council, row)
    return Chart(
        identifier="funnel",
        kind="funnel",
        title=title,
        subtitle=f"Permanent admissions 65+ per 100,000 against people aged 65 and over, all councils,"
        f" {row['financial_year']}. Dashed: 95% limits; solid: 99.8% limits.",
        alt=f"{title}: {words.rate(row['admissions_per_100k'])} per 100,000 beside England"
        f" {words.rate(admissions.limit(row, 'england'))}.",
        source=facts.source_line(admissions.ADMISSIONS, "ASCOF (NHS Digital, NHS England, DHSC)", "ONS"),
        data={"shared": "funnel", "council": council.code},
        choices=[("", year, _funnel_title(council, held[year])) for year in sorted(held)],
        notes=["Outside the limits means unusual, not better or worse."],
    )


def _funnel_title(council: Council, row: Row) -> Claim:
    where = admissions.unusual(row)
    text = f"In {row['financial_year']} {council.said}’s rate is {where}"
    if row.get("spread_class") == admissions.TOO_FEW:
        text = f"In {row['financial_year']} {council.said} has {where}"
    return claim("against-limits", text, council_code=council.code, financial_year=row["financial_year"])


def caveats(facts: Facts, council: Council, latest: Row | None) -> list[str | Markup]:
    """Every caveat that applies to this council, in words."""
    found = []
    if facts.is_sample:
        found.append("This is a fictional council in a sample: no figure here is about a real place.")
    if not council.is_current:
        followed = [facts.councils[c].name for c in council.successors if c in facts.councils]
        found.append(
            f"This council ended after {council.valid_to}."
            + (f" Its area is now served by {words.listed(followed)}." if followed else "")
        )
    if council.comparability_note:
        found.append(words.sentence(council.comparability_note))
    if latest:
        if latest["is_modelled"] and latest["rule_set"] == "desk_baseline":
            found.append(
                "Modelled: no map of this council covers the budget lines behind the figure, so their split rests on"
                " the desk baseline. The range shows the doubt; the figure is not ranked."
            )
        elif latest["is_modelled"]:
            part = figure(latest, money.HEADLINE, HEADLINE_KEY, "modelled_share", words.share)
            found.append(
                Markup(
                    "Partly modelled: {} of the latest figure rests on the desk baseline, the rest on a map or ledger"
                    " that covers this council’s lines."
                ).format(part)
            )
        if not facts.driver_years:
            found.append(money.NO_DRIVER)
        found += _not_broken_down(facts, council)
        if latest["is_imputed"]:
            found.append(f"Imputed: the publisher estimated this council’s {latest['financial_year']} return.")
        if latest["low_confidence_share"] is not None and latest["low_confidence_share"] > 0:
            share = figure(latest, money.HEADLINE, HEADLINE_KEY, "low_confidence_share", words.share)
            found.append(Markup("{} of the latest figure rests on low-confidence rules.").format(share))
        last_year = facts.latest.get(latest["statement"])
        if last_year and latest["financial_year"] < last_year and council.is_current:
            found.append(
                f"The {last_year} figures have no usable amount for this council; the latest shown is"
                f" {latest['financial_year']}."
            )
    for row in facts.admissions_of.get(council.code, []):
        if row["admissions_per_100k"] is None and row["financial_year"] <= (facts.admissions_year or ""):
            reason = row["missing_reason"] or "suppressed or not published"
            found.append(f"Admissions in {row['financial_year']}: {reason} [c].")
        elif row["comparability_note"] and row["financial_year"] == facts.admissions_year:
            # What is true of the council, and not of its admissions alone, has been said above.
            parts = [p for p in row["comparability_note"].split(". ") if words.sentence(p) not in found]
            if parts:
                first, *rest = parts
                found.append(" ".join([f"Admissions {row['financial_year']}: {first}.", *map(words.sentence, rest)]))
    return list(dict.fromkeys(found))


def _not_broken_down(facts: Facts, council: Council) -> list[str]:
    """The years without figures of prevention, those of one statement and reason together."""
    years: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in one_perimeter(facts.headline_of.get(council.code, []), "narrow"):
        if row["not_broken_down_reason"]:
            years[row["statement"], row["not_broken_down_reason"]].append(row["financial_year"])
    return [
        f"The {statement} of {held[0]} has no figures of prevention, because {reason}."
        if len(held) == 1
        else f"The {statement}s of {words.listed(held)} have no figures of prevention, because {reason}."
        for (statement, reason), held in years.items()
    ]


def _history(facts: Facts, council: Council) -> list:
    """Validity of the code, councils before and after, each linked."""
    items: list = []
    for record in council.records:
        end = f" to {record['valid_to_year']}" if record["valid_to_year"] else " on"
        items.append(f"{record['council_name']} ({record['council_code']}), from {record['valid_from_year']}{end}")
    before = [facts.councils[c] for c in facts.predecessors.get(council.code, []) if c in facts.councils]
    after = [facts.councils[c] for c in council.successors if c in facts.councils and c != council.code]
    return [
        {"text": "Before it", "links": [link(c.page, c.name) for c in before], "records": []},
        {"text": "After it", "links": [link(c.page, c.name) for c in after], "records": []},
        {"text": "Register", "records": items, "links": []},
    ]
