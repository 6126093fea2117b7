"""The national page: how much, how sure, which way it leans, admissions, and what changed since last time."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from reporting import words
from reporting.catalogue import KEYS
from reporting.charts import Chart
from reporting.claims import Claim, claim
from reporting.facts import ADMISSIONS_MEASURE, OUTCOME, VIEW, Facts, one_perimeter
from reporting.markup import Column, Table, figure, link
from reporting.pages import admissions, adults, freshness, intervals, money
from reporting.warehouse import Row, Warehouse

NATIONAL = "mart_national_headline"
ENGLAND = "E92000001"
# So many councils whose figures moved are named; of more than that, the table says how many.
FEW_COUNCILS = 12
RULE_SHARES = ("rule_share", "low_share", "high_share")
RULE_COLUMNS = (*KEYS["dim_rule"], "line_code", "service_code", *RULE_SHARES, "reason", "assessor_role")
# More rules than this are a new desk baseline, which the changelog describes and `prevention diff` lists.
MOST_RULES = 100
AREA_SPEND = "mart_area_spend"


def context(facts: Facts, previous: Path | None) -> dict:
    """Everything templates/national.html prints."""
    rows = [r for r in facts.national if r["panel"] == "all" and r[money.ASC[0]] is not None]
    matched = [r for r in facts.national if r["panel"] == "matched" and r[money.ASC[0]] is not None]
    latest = one_perimeter(rows, "narrow", facts.main_statement)
    now = latest[-1] if latest else None
    changed = changes(facts, previous)
    return {
        "points": _points(facts, rows, now),
        "beside_the_points": _beside_the_points(facts, rows, now, changed),
        "spoken": facts.main_statement,
        "now": now,
        "trend": money.over_time(
            facts,
            matched,
            "national-trend",
            money.trend_title(one_perimeter(matched, "narrow", facts.main_statement), "England", "councils’", {}),
            "the same councils in every year of a statement",
            KEYS[NATIONAL],
            mart=NATIONAL,
            choices=money.by_period(
                [r for r in matched if r["perimeter"] == "narrow"],
                lambda upto, _: money.trend_title(upto, "England", "councils’", {}),
            ),
        )
        if matched
        else None,
        "all_answered": money.trend_table(
            rows, "all councils that answered", "national-all.csv", KEYS[NATIONAL], mart=NATIONAL
        )
        if rows
        else None,
        "real": _real_terms(facts, matched),
        "balance": _balance(facts, now),
        "admissions": _admissions(facts),
        "changes": changed,
        "freshness": freshness.context(facts.publication),
    }


def _points(facts: Facts, rows: list[Row], now: Row | None) -> list[Claim]:
    """The sentences that open the page: the figure and its doubt, what widening it adds, all adults, who is in it."""
    if now is None:
        return [claim("nothing-held", "This publication holds no spending figures.")]
    verb = words.STATEMENT_WORDS[now["statement"]]
    at = {"financial_year": now["financial_year"], "statement": now["statement"]}
    found = [
        claim(
            "national-prevention",
            f"Modelled: in {now['financial_year']} {words.plural(now['councils'], 'council')} {verb} "
            if now["is_modelled"]
            else f"In {now['financial_year']} {words.plural(now['councils'], 'council')} {verb} ",
            money.spending_figure(now, KEYS[NATIONAL], mart=NATIONAL),
            " of adult social care money on preventing and reducing need in later life (primary and secondary"
            " prevention).",
            **at,
        ),
        intervals.sentence("national-interval", facts, now, NATIONAL, KEYS[NATIONAL], ENGLAND),
    ]
    wider = {r["perimeter"]: r for r in rows if (r["financial_year"], r["statement"]) == tuple(at.values())}
    if not facts.driver_years:
        found.append(claim("no-driver", money.NO_DRIVER, **at))
    elif "wide" in wider and "camden" in wider:
        found.append(
            claim(
                "national-wider",
                "With money meant to delay need (tertiary prevention, without home care) it is ",
                money.spending_figure(wider["wide"], KEYS[NATIONAL], mart=NATIONAL),
                "; counting home care too, ",
                money.spending_figure(wider["camden"], KEYS[NATIONAL], mart=NATIONAL),
                ".",
                **at,
            )
        )
    of_all_ages = adults.sentence("national-adults", facts, facts.national_adults, now, KEYS[NATIONAL], NATIONAL, SAME)
    found += [of_all_ages, _coverage(facts, now)]
    return [point for point in found if point]


def _beside_the_points(facts: Facts, rows: list[Row], now: Row | None, changed: dict) -> list[Claim]:
    """What a reader asks next: gross or net, how far the data reach, what has changed."""
    found: list[Claim | None] = []
    if now is not None:
        at = {"financial_year": now["financial_year"], "statement": now["statement"]}
        here = {r["perimeter"]: r for r in rows if (r["financial_year"], r["statement"]) == tuple(at.values())}
        found = [_before_income(here, at) if {*words.PERIMETERS} <= here.keys() else None, _last_held(facts)]
    found.append(freshness.said_of_all(facts.publication))
    return [*filter(None, found), claim("changes", changed["text"])]


def _before_income(here: dict[str, Row], at: dict) -> Claim | None:
    """The same figures before income, where returns print it; surveys and the finance return count so."""
    gross = money.GROSS[0]
    if any(here[perimeter][gross] is None for perimeter in words.PERIMETERS):
        return None
    narrow, wide, camden = (
        figure(here[perimeter], NATIONAL, KEYS[NATIONAL], gross, words.modelled_millions)
        for perimeter in words.PERIMETERS
    )
    return claim(
        "national-before-income",
        "The figures for later life are net. Before income from users of services, the NHS and others they are ",
        narrow,
        ", ",
        wide,
        " and ",
        camden,
        ".",
        **at,
    )


def _last_held(facts: Facts) -> Claim:
    """The last year of each source; a later one that is held but cannot carry the headline is named."""
    lasts = dict(facts.latest)
    if facts.admissions_year:
        lasts["admissions"] = facts.admissions_year
    text = words.listed([f"{kind} {year}" for kind, year in sorted(lasts.items())])
    return claim("last-held", f"The last years held: {text}.", **lasts)


PER_HEAD = "adult_social_care_per_head_65_plus_gbp"
SAME = ", of the same councils,"


def _real_terms(facts: Facts, rows: list[Row]) -> Chart | None:
    """Per person 65+, cash and real: the two lines that a cash total hides."""
    held = [r for r in rows if r["perimeter"] == "narrow" and r.get(PER_HEAD) is not None]
    narrow = one_perimeter(held, "narrow", facts.main_statement)
    title = _per_head_title(narrow)
    if title is None:
        return None
    price = narrow[0]["price_year"] or "constant"
    points = [point for row in narrow for point in _per_head_points(row, price)]
    table = Table(
        "Narrow spending per person 65+, cash and real",
        [
            Column("Year"),
            Column("Figures"),
            Column("Councils", True),
            Column("£ per person 65+, cash", True),
            Column(f"£ per person 65+, {price} prices", True),
        ],
        csv_name="national-per-head.csv",
    )
    for row in [*reversed(narrow), *(r for r in reversed(held) if r["statement"] != facts.main_statement)]:
        table.rows.append(
            [
                row["financial_year"],
                words.STATEMENT_NOUNS[row["statement"]],
                words.number(row["councils"]),
                words.modelled_pounds(row[PER_HEAD]),
                words.modelled_pounds(_real_per_head(row)),
            ]
        )
    choices = money.by_period(held, lambda upto, _: _per_head_title(upto) or "Narrow spending for each person 65+")
    return Chart(
        identifier="national-real",
        kind="band-lines",
        title=title,
        subtitle=f"Narrow perimeter, adult social care, £ per person aged 65 and over, cash and {price} prices (GDP"
        " deflator), the same councils in every year.",
        alt=str(title),
        source=facts.source_line(NATIONAL, "MHCLG", "ONS mid-year estimates", "HM Treasury GDP deflators"),
        data={
            "points": points,
            "more": [p for r in held if r["statement"] != facts.main_statement for p in _per_head_points(r, price)],
            "series": sorted({p["s"] for p in points}),
            "unit": "£",
        },
        table=table,
        notes=[
            "The deflator measures prices in the whole economy; care costs have risen faster. The 2020-21 deflator"
            " moved sharply in the pandemic, and 2021-22 unwinds it. Sums over councils that reported, divided by their"
            " people aged 65 and over."
        ],
        choices=choices,
    )


def _real_per_head(row: Row) -> Decimal | None:
    if row["adult_social_care_real_gbp"] is None or not row["adult_social_care_gbp"]:
        return None
    return row[PER_HEAD] * row["adult_social_care_real_gbp"] / row["adult_social_care_gbp"]


def _per_head_points(row: Row, price: str) -> list[dict]:
    """The year's points of both lines."""
    point = {"x": words.year_start(row["financial_year"]), "lo": None, "hi": None, "m": True, "i": False}
    point["st"] = row["statement"]
    real = _real_per_head(row)
    return [
        {**point, "s": "Cash", "y": row[PER_HEAD]},
        *([{**point, "s": f"{price} prices", "y": real}] if real is not None else []),
    ]


def _per_head_title(rows: list[Row]) -> Claim | None:
    """What the last year gives for each person beside the first, in constant prices where they are held."""
    real = [(r["financial_year"], _real_per_head(r)) for r in rows if _real_per_head(r) is not None]
    compared = real or [(r["financial_year"], r[PER_HEAD]) for r in rows]
    if len(compared) < 2:
        return None
    first, last = compared[0], compared[-1]
    lowest, central, highest = (rows[-1][money.ASC[place]] for place in (1, 0, 2))
    if words.modelled_pounds(last[1]) == words.modelled_pounds(first[1]):
        verb = "the same"
    elif central and last[1] * lowest / central <= first[1] <= last[1] * highest / central:
        verb = "a smaller change than the doubt about it"
    else:
        verb = "more" if last[1] > first[1] else "less"
    return claim(
        "national-per-head",
        f"For each person 65+, {words.modelled_pounds(last[1])} in {last[0]} against {words.modelled_pounds(first[1])}"
        f" in {first[0]}{' after inflation' if real else ', in cash'}: {verb}",
        statement=rows[0]["statement"],
        first=first[0],
        last=last[0],
        is_real=bool(real),
    )


def _balance(facts: Facts, now: Row | None) -> Chart | None:
    if now is None:
        return None
    rows = [r for r in facts.area_spend["england", "England"] if r["panel"] == "all"]
    here = [r for r in rows if (r["financial_year"], r["statement"]) == (now["financial_year"], now["statement"])]
    if not here:
        return None
    title = money.balance_title(here, "England", {})
    choices = money.by_period(rows, lambda upto, year: money.balance_of(upto, year, "England", {}))
    return money.balance(
        facts, rows, "national-balance", title, "England", KEYS[AREA_SPEND], choices=choices, mart=AREA_SPEND
    )


def _admissions(facts: Facts) -> Chart | None:
    """England's published rate, with breaks in series drawn."""
    rows = [
        r
        for r in facts.warehouse.read("fct_outcome_measure")
        if r["geography_kind"] == "england"
        and r["measure_code"] == ADMISSIONS_MEASURE
        and str(r["breakdown"] or "Total") == "Total"
        and r["outcome_value"] is not None
    ]
    rows.sort(key=lambda r: r["financial_year"])
    if not rows:
        return None
    last = rows[-1]
    points = [
        {"s": "England", "x": words.year_start(r["financial_year"]), "y": r["outcome_value"], "lo": None, "hi": None}
        | {"m": False, "i": False}
        for r in rows
    ]
    key = [
        k for k in ("council_code", "geography_code", "geography_kind", "financial_year", "measure_code") if k in last
    ]
    table = Table(
        "Permanent admissions 65+ per 100,000, England, as published",
        [Column("Year"), Column("Published as"), Column("Per 100,000", True), Column("Note")],
        csv_name="national-admissions.csv",
    )
    for row in reversed(rows):
        value = figure(row, "fct_outcome_measure", key, "outcome_value", words.rate)
        table.rows.append([row["financial_year"], row["published_code"], value, row["series_note"] or ""])
    return Chart(
        identifier="national-admissions",
        kind="band-lines",
        title=_admissions_title(rows),
        subtitle="Permanent admissions to residential and nursing care, 65+, per 100,000, as published, England.",
        alt="England rate by year: "
        + ", ".join(f"{r['financial_year']} {words.rate(r['outcome_value'])}" for r in rows),
        source=facts.source_line("fct_outcome_measure", "ASCOF (NHS Digital, NHS England, DHSC)"),
        data={
            "points": points,
            "series": ["England"],
            "unit": "",
            "breaks": admissions.series_breaks(rows),
        },
        table=table,
        choices=[("", row["financial_year"], _admissions_title(rows[: n + 1])) for n, row in enumerate(rows)],
        notes=admissions.admission_notes(),
    )


def _admissions_title(rows: list[Row]) -> Claim:
    """The last rate beside the first it can be compared with; by itself where the series has just begun anew."""
    alike = admissions.unbroken(rows)
    first, last = alike[0], alike[-1]
    year, rate = last["financial_year"], words.rate(last["outcome_value"])
    text = f"{rate} admissions to care homes per 100,000 people 65+ in {year}"
    if len(alike) == 1:
        text += ", not comparable with earlier years" if len(rows) > 1 else ""
        return claim("national-admissions-alone", text, last=year)
    same = last["outcome_value"] == first["outcome_value"]
    verb = "as many as" if same else "fewer than" if last["outcome_value"] < first["outcome_value"] else "more than"
    return claim(
        "national-admissions",
        f"{text}, {verb} the {words.rate(first['outcome_value'])} of {first['financial_year']}",
        first=first["financial_year"],
        last=year,
    )


def _coverage(facts: Facts, now: Row) -> Claim:
    stood = now["councils_standing"]
    missing = stood - now["councils"]
    at = {"financial_year": now["financial_year"], "statement": now["statement"]}
    if missing <= 0:
        return claim("coverage-all", f"All {stood} councils of that year are in the figure.", **at)
    return claim(
        "coverage-part",
        f"{now['councils']} of the {stood} councils of that year are in the figure; the other {missing}"
        " have no return that can be used, and are not filled in.",
        **at,
    )


def changes(facts: Facts, previous: Path | None) -> dict:
    """What changed since the publication before: national totals old and new, and how many councils moved."""
    none = {"causes": [], "councils": [], "rules": None, "table": None, "chart": None}
    if previous is None or not previous.exists():
        return {**none, "text": "There is no earlier publication to compare with."}
    with Warehouse(previous, is_earlier=True) as before:
        wanted = ["council_code", "financial_year", "statement", "perimeter", "cost_view", "amount_gbp"]
        old_rows = before.read("mart_prevention_headline", wanted, where=f"outcome_code = '{OUTCOME}'")
        old_rules = before.read("dim_rule", list(RULE_COLUMNS))
    key = ("council_code", "financial_year", "statement", "perimeter")
    old = {tuple(r[k] for k in key): r["amount_gbp"] for r in old_rows if r["cost_view"] == VIEW}
    new = {tuple(r[k] for k in key): r["amount_gbp"] for r in facts.headline if r["cost_view"] == VIEW}
    moved = {k for k in old.keys() | new.keys() if old.get(k) != new.get(k)}
    if not moved:
        return {
            **none,
            "text": f"Nothing: every one of {len(new):,} headline figures is the same as in the publication before.",
        }
    table = Table(
        "Sums over councils, the publication before and this one",
        [
            Column("Year"),
            Column("Figures"),
            Column("Perimeter"),
            Column("Before £", True),
            Column("Now £", True),
            Column("Difference £", True),
            Column("Councils whose figure came, went or moved", True),
        ],
        csv_name="changes.csv",
    )
    slopes = []
    for year, statement, perimeter in sorted({k[1:] for k in moved}, reverse=True):
        group = (year, statement, perimeter)
        was, now = (_sum(v for k, v in figures.items() if k[1:] == group) for figures in (old, new))
        count = sum(1 for k in moved if k[1:] == group)
        table.rows.append(
            [
                year,
                words.STATEMENT_NOUNS.get(statement, statement),
                words.humanise(perimeter),
                words.pounds(was),
                words.pounds(now),
                words.pounds(None if was is None or now is None else now - was),
                words.number(count),
            ]
        )
        if perimeter == "narrow" and was is not None and now is not None:
            slopes.append({"l": f"{year} {statement}", "a": was / 1_000_000, "b": now / 1_000_000})
    councils = len({k[0] for k in moved})
    chart = Chart(
        identifier="changes",
        kind="slope",
        title=claim(
            "moved", f"{words.plural(len(moved), 'headline figure')} of {words.plural(councils, 'council')} moved"
        ),
        subtitle="Narrow perimeter, £ million, sum over councils, the publication before (left) and this one (right)",
        alt="Sums before and after by year: " + "; ".join(s["l"] for s in slopes),
        source=facts.source_line("mart_prevention_headline"),
        data={"slopes": slopes, "unit": "£m"},
    )
    gaps = any(words.NOT_HELD in row for row in table.rows)
    named = sorted({k[0] for k in moved} & facts.councils.keys(), key=lambda code: facts.councils[code].name)
    return {
        "causes": facts.publication.get("causes") or [],
        "councils": [link(f"councils/{facts.councils[code].page}", facts.councils[code].name) for code in named]
        if councils <= FEW_COUNCILS
        else [],
        "rules": _changed_rules(facts, old_rules),
        "text": f"{words.plural(len(moved), 'headline figure')} of {words.plural(councils, 'council')} differ from the"
        " publication before."
        + (f" {words.NOT_HELD} in the table: that publication has no such figures." if gaps else ""),
        "table": table,
        "chart": chart if slopes else None,
    }


def _changed_rules(facts: Facts, old_rules: list[Row]) -> Table | None:
    """Rules whose share or range is not what it was, with the reason the assessor gives; none when none is."""
    new_rules = facts.warehouse.read("dim_rule", list(RULE_COLUMNS))
    old, new = ({tuple(rule[k] for k in KEYS["dim_rule"]): rule for rule in rules} for rules in (old_rules, new_rules))
    nothing = dict.fromkeys(RULE_SHARES)
    table = Table(
        "Rules that changed",
        [
            Column("Rule"),
            Column("Line"),
            Column("Service"),
            Column("Share before", True),
            Column("Share now", True),
            Column("Range now", True),
            Column("Reason"),
            Column("Assessed by"),
        ],
        csv_name="changed-rules.csv",
    )
    for place in sorted(old.keys() | new.keys(), key=str):
        was, now = old.get(place, nothing), new.get(place, nothing)
        if all(was[share] == now[share] for share in RULE_SHARES):
            continue
        rule = new.get(place) or old[place]
        table.rows.append(
            [
                rule["rule_id"],
                rule["line_code"] or "",
                rule["service_code"] or "",
                words.share(was["rule_share"]),
                words.share(now["rule_share"]),
                words.NOT_HELD
                if now["low_share"] is None
                else f"{words.share(now['low_share'])} to {words.share(now['high_share'])}",
                rule["reason"] or "",
                rule["assessor_role"] or "",
            ]
        )
    return table if 0 < len(table.rows) <= MOST_RULES else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there; none where nothing is, because no figure is not a figure of nought."""
    there = [amount for amount in amounts if amount is not None]
    return sum(there, Decimal(0)) if there else None
