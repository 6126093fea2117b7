"""Where a council stands: strips, the funnel and the comparison table, with the comparator each rests on."""

from decimal import Decimal

from reporting import words
from reporting.charts import Chart
from reporting.facts import Council, Facts
from reporting.markup import Column, Figure, Table, figure
from reporting.warehouse import Row

COMPARISON = "mart_council_comparison"
ADMISSIONS = "mart_spend_against_admissions"
ADMISSIONS_KEY = ("council_code", "financial_year")
COMPARISON_KEYS = ("council_code", "financial_year", "statement", "measure", "comparator")


STRIP_MEASURES = (
    "narrow_per_head_65_plus_gbp",
    "narrow_share_of_adult_social_care_share",
    "wide_preventative_share",
    "adult_social_care_per_head_18_plus_gbp",
    "admissions_per_100k",
)


def comparison_key(facts: Facts) -> list[str]:
    return [k for k in COMPARISON_KEYS if facts.warehouse.has_columns(COMPARISON, k)]


def shape_of(measure: str):
    """How a measure is printed, from its unit suffix."""
    if measure.endswith("_share"):
        return words.share
    if measure.endswith("_per_100k"):
        return words.rate
    if measure.endswith("_gbp"):
        return words.per_head if "per_head" in measure else words.millions
    return lambda value: words.number(value, 1)


def measure_words(measure: str) -> str:
    """A measure's name for people; its unit stays in it."""
    known = {
        "adult_social_care_per_head_18_plus_gbp": "All adult social care, £ per person 18+",
        "admissions_per_100k": "Admissions to care homes, 65+, per 100,000",
        "narrow_per_head_65_plus_gbp": "Preventing and reducing need (narrow), £ per person 65+",
        "wide_per_head_65_plus_gbp": "Preventing, reducing and delaying need (wide), £ per person 65+",
        "camden_per_head_65_plus_gbp": "Wide with home care (camden), £ per person 65+",
        "narrow_share_of_adult_social_care_share": "Narrow, share of adult social care",
        "wide_share_of_adult_social_care_share": "Wide, share of adult social care",
        "camden_share_of_adult_social_care_share": "Camden, share of adult social care",
        "narrow_preventative_share": "Narrow, share of preventative and reactive spending together",
        "wide_preventative_share": "Wide, share of preventative and reactive spending together",
        "camden_preventative_share": "Camden, share of preventative and reactive spending together",
    }
    if measure in known:
        return known[measure]
    text = measure
    for suffix, unit in (("_per_head_65_plus_gbp", ", £ per person 65+"), ("_per_100k", ", per 100,000")):
        if text.endswith(suffix):
            return words.humanise(text.removesuffix(suffix)) + unit
    return words.humanise(text.removesuffix("_gbp").removesuffix("_share"))


def period_of(facts: Facts, row: Row) -> str:
    """The year, with the statement where it is not the main one: `2023-24` or `2023-24, outturn`."""
    plain = row.get("statement") in (None, facts.main_statement)
    return row["financial_year"] if plain else f"{row['financial_year']}, {row['statement']}"


def latest_comparisons(facts: Facts, council: Council) -> list[Row]:
    """Each measure's rows in its last year for this council, of the main statement where it has any."""
    rows = [r for r in facts.comparison_of.get(council.code, []) if r.get("value") is not None]
    chosen = []
    for measure in sorted({r["measure"] for r in rows}):
        held = [r for r in rows if r["measure"] == measure]
        main = [r for r in held if r.get("statement") in (None, facts.main_statement)] or held
        last = max(r["financial_year"] for r in main)
        chosen += [r for r in main if r["financial_year"] == last]
    return chosen


def comparison_table(facts: Facts, council: Council, place: str) -> Table | None:
    """Measure by comparator, with rank of how many or the reason there is none."""
    rows = latest_comparisons(facts, council)
    if not rows:
        return None
    key = comparison_key(facts)
    table = Table(
        f"Where {place} stands",
        [
            Column("Measure"),
            Column("Year"),
            Column("This council", True),
            Column("Compared with"),
            Column("Their middle value", True),
            Column("Rank", True),
            Column("Why not ranked"),
        ],
        csv_name="standing.csv",
    )
    order = list(words.COMPARATOR_WORDS)
    for row in sorted(rows, key=lambda r: (r["measure"], order.index(r["comparator"]))):
        shape = shape_of(row["measure"])
        reason = row.get("withhold_reason") or ""
        position: Figure | str = words.rank(row)
        if row.get("is_ranked") and row.get("rank") is not None:
            position = Figure(words.rank(row), COMPARISON, "rank", {k: row[k] for k in key}, row["rank"])
        table.rows.append(
            [
                measure_words(row["measure"]),
                period_of(facts, row),
                figure(row, COMPARISON, key, "value", shape),
                comparator_words(row),
                figure(row, COMPARISON, key, "comparator_value", shape),
                position,
                "" if row.get("is_ranked") else words.humanise(reason) if reason else "",
            ]
        )
    return table


def strips(facts: Facts, council: Council, place: str) -> Chart | None:
    """Every council on each measure, this one labelled, its region shaded, the middle value marked.

    Other councils' values come from data/strips.js, which all council pages share.
    """
    rows = latest_comparisons(facts, council)
    held = {r["measure"] for r in rows}
    measures = [m for m in STRIP_MEASURES if m in held]
    if not measures:
        return None
    table = comparison_table(facts, council, place)
    shown = [r for r in rows if r["measure"] in measures and r["comparator"] == _first_comparator(rows, r["measure"])]
    statements = [_standing_words(r) for r in sorted(shown, key=lambda r: measures.index(r["measure"]))]
    # The last measure, admissions, is the one that is published and not modelled: the title rests on it.
    title = statements[-1]
    return Chart(
        identifier="strips",
        kind="strips",
        title=title,
        subtitle="Each mark is a council in the year named; the line is the middle council, filled marks are the same"
        " region. Scales differ from strip to strip.",
        alt=". ".join(statements),
        source=facts.source_line(COMPARISON, "MHCLG", "NHS England", "ONS"),
        data={
            "shared": "strips",
            "council": council.code,
            "measures": [[m, measure_words(m), _period_of(facts, rows, m)] for m in measures],
        },
        table=table,
        notes=[
            "Rank 1 is the highest value. Higher or lower is not good or bad without knowing need. A rank is withheld"
            " where the figure is modelled, coverage is poor or the difference is noise."
        ],
    )


def comparator_words(row: Row) -> str:
    """`region: South East`, as far as the mart names the group."""
    kind = words.COMPARATOR_WORDS.get(row["comparator"], words.humanise(row["comparator"]))
    name = row.get("comparator_name")
    return f"{kind}: {name}" if name and name != kind and row["comparator"] in ("region", "class") else name or kind


def _first_comparator(rows: list[Row], measure: str) -> str:
    names = [r["comparator"] for r in rows if r["measure"] == measure]
    for wanted in ("england", "region", "class"):
        if wanted in names:
            return wanted
    return min(names)


def _period_of(facts: Facts, rows: list[Row], measure: str) -> str:
    return next(period_of(facts, r) for r in rows if r["measure"] == measure)


def _standing_words(row: Row) -> str:
    """`Admissions …: 620.0, above the middle council of its region (580.0)`."""
    shape = shape_of(row["measure"])
    comparator = words.COMPARATOR_WORDS.get(row["comparator"], words.humanise(row["comparator"]).lower())
    text = f"{measure_words(row['measure'])}: {shape(row['value'])}"
    if row.get("comparator_value") is None:
        return text
    where = "level with"
    if row["value"] != row["comparator_value"]:
        where = "above" if row["value"] > row["comparator_value"] else "below"
    group = "of England" if row["comparator"] == "england" else f"of its {comparator}"
    return f"{text}, {where} the middle council {group} ({shape(row['comparator_value'])})"


def strip_values(facts: Facts) -> dict[str, dict[str, list]]:
    """Measure and period to every council's code, name, region and value, for each period some council is at."""
    if "strips" not in facts.rows:
        wanted = {
            (row["measure"], period_of(facts, row)): (row["measure"], row["financial_year"], row["statement"])
            for council in facts.councils.values()
            for row in latest_comparisons(facts, council)
            if row["measure"] in STRIP_MEASURES
        }
        shared: dict[str, dict[str, list]] = {m: {} for m in STRIP_MEASURES if any(m == w for w, _ in wanted)}
        for (measure, period), place in sorted(wanted.items()):
            values = [(facts.councils[c], v) for c, v in facts.measured(*place) if c in facts.councils]
            shared[measure][period] = [[c.code, c.name, c.region, v] for c, v in values]
        facts.rows["strips"] = shared
    return facts.rows["strips"]


def main_period(facts: Facts, periods: dict[str, list]) -> str:
    """The last year of the main statement among the periods."""
    return max((p for p in periods if "," not in p), default=max(periods))


LIMITS = {
    "lower95": "control_lower_95_per_100k",
    "upper95": "control_upper_95_per_100k",
    "lower998": "control_lower_998_per_100k",
    "upper998": "control_upper_998_per_100k",
    "low": "admissions_lower_per_100k",
    "high": "admissions_upper_per_100k",
    "england": "england_per_100k",
}


def limit(row: Row, name: str) -> Decimal | None:
    """A limit, an end of the interval, or the England rate."""
    return row.get(LIMITS[name])


def unusual(row: Row) -> str:
    """What the control limits say of a rate, with the limits meant."""
    verdict = row.get("against_chance") or ""
    if verdict.startswith(("more", "fewer")):
        return f"{verdict} (outside the 99.8% limits)"
    if verdict.startswith("somewhat"):
        return f"{verdict} (outside the 95% limits)"
    return verdict


def admissions_over_time(facts: Facts, council: Council, place: str) -> Chart | None:
    """Admissions of people 65+ with the interval, England beside it, breaks in series left open."""
    rows = [r for r in facts.admissions_of.get(council.code, [])]
    held = [r for r in rows if r.get("admissions_per_100k") is not None]
    if not held:
        return None
    rows.sort(key=lambda r: r["financial_year"])
    last = max(held, key=lambda r: r["financial_year"])
    data = []
    for row in rows:
        if row.get("admissions_per_100k") is None:
            continue
        data.append(
            {
                "s": place,
                "x": words.year_start(row["financial_year"]),
                "y": row["admissions_per_100k"],
                "lo": limit(row, "low"),
                "hi": limit(row, "high"),
                "m": False,
                "i": False,
            }
        )
        if limit(row, "england") is not None:
            point = {"s": "England", "x": words.year_start(row["financial_year"]), "y": limit(row, "england")}
            data.append({**point, "lo": None, "hi": None, "m": False, "i": False, "c": True})
    words_now = unusual(last)
    title = f"{words.rate(last['admissions_per_100k'])} admissions per 100,000 people 65+ in {last['financial_year']}"
    title += f": {words_now}" if words_now else ""
    return Chart(
        identifier="admissions",
        kind="band-lines",
        title=title,
        subtitle="Permanent admissions to residential and nursing care of people 65+, per 100,000, ASCOF 2A(2) to"
        f" 2022-23 and 2C from 2023-24, {place}. The band is the 95% interval where it can be computed.",
        alt=f"{title}. Line by year from {rows[0]['financial_year']} to {rows[-1]['financial_year']}, with England.",
        source=facts.source_line(ADMISSIONS, "ASCOF (NHS Digital, NHS England, DHSC)"),
        data={
            "points": data,
            "series": [place, "England"],
            "unit": "",
            "breaks": series_breaks(rows),
        },
        table=admissions_table(rows, place),
        notes=admission_notes(),
    )


def admission_notes() -> list[str]:
    return [
        "2020-21 is a pandemic year. From 2023-24 the measure is numbered 2C; until then 2C meant something else, so"
        " never join on the code alone. Higher or lower is not good or bad without knowing need."
    ]


def series_breaks(rows: list[Row]) -> list[dict]:
    """Breaks in a series that fall inside the years drawn: where the outcomes mart says one stands.

    The line is left open there. A pandemic year and a new number of the same measure are marked, not broken.
    """
    breaks = []
    for row in rows[1:]:
        label = {"2020-21": "pandemic", "2023-24": "new number, same measure"}.get(row["financial_year"])
        is_broken = bool(row.get("is_break_in_series"))
        if is_broken or label:
            words_shown = label or "break in series"
            breaks.append({"x": words.year_start(row["financial_year"]), "l": words_shown, "gap": is_broken})
    return breaks


def admissions_table(rows: list[Row], place: str) -> Table:
    table = Table(
        f"Permanent admissions 65+ per 100,000, {place}",
        [
            Column("Year"),
            Column("Per 100,000", True),
            Column("Lower", True),
            Column("Upper", True),
            Column("England", True),
            Column("Against chance"),
            Column("Note"),
        ],
        csv_name="admissions.csv",
    )
    for row in sorted(rows, key=lambda r: r["financial_year"], reverse=True):
        hidden = row.get("is_suppressed") or (row["admissions_per_100k"] is None and row.get("marker"))
        value = figure(row, ADMISSIONS, ADMISSIONS_KEY, "admissions_per_100k", words.rate)
        cells = [row["financial_year"], row.get("marker") or "[c]" if hidden else value]
        for name in ("low", "high", "england"):
            cells.append(figure(row, ADMISSIONS, ADMISSIONS_KEY, LIMITS[name], words.rate))
        table.rows.append([*cells, unusual(row), row.get("comparability_note") or ""])
    return table


def funnel(facts: Facts, council: Council | None, identifier: str = "funnel") -> Chart | None:
    """All councils' rates against people 65+, with 95 and 99.8 per cent limits around the England rate."""
    year = facts.admissions_year
    rows = [r for r in facts.admissions if r["financial_year"] == year and r.get("admissions_per_100k") is not None]
    rows = [r for r in rows if limit(r, "upper998") is not None and population(r)]
    if not rows:
        return None
    outside = [r for r in rows if "99.8%" in unusual(r)]
    title = (
        f"{len(outside)} of {len(rows)} councils differ from England by more than chance allows in {year}"
        if council is None
        else f"{council.name} beside all councils in {year}"
    )
    limits = sorted(
        (
            {"n": population(r), **{k: limit(r, k) for k in ("lower95", "upper95", "lower998", "upper998")}}
            for r in rows
        ),
        key=lambda point: point["n"],
    )
    return Chart(
        identifier=identifier,
        kind="funnel",
        title=title,
        subtitle=f"Permanent admissions 65+ per 100,000 against people aged 65 and over, England, {year}. Dashed: 95%"
        " limits; solid: 99.8% limits.",
        alt=title
        + ". Councils outside: "
        + (words.listed([facts.councils[r["council_code"]].name for r in outside[:12]]) or "none")
        + (" and others." if len(outside) > 12 else "."),
        source=facts.source_line(ADMISSIONS, "ASCOF (NHS Digital, NHS England, DHSC)", "ONS"),
        data={
            "points": [
                {
                    "c": r["council_code"],
                    "l": facts.councils[r["council_code"]].name if r["council_code"] in facts.councils else "",
                    "r": facts.councils[r["council_code"]].region if r["council_code"] in facts.councils else "",
                    "x": population(r),
                    "y": r["admissions_per_100k"],
                    "o": "99.8%" in unusual(r),
                }
                for r in rows
            ],
            "limits": limits,
            "england": limit(rows[0], "england"),
            "council": council.code if council else None,
        },
        table=_funnel_table(facts, rows, year) if council is None else None,
        notes=[
            "With about 150 councils a few fall outside the 95% limits by chance alone. Outside means unusual, not"
            " worse: the rate responds to need, to the supply of care homes and to how returns are filled in."
        ],
    )


def population(row: Row) -> Decimal | int | None:
    """Residents aged 65 and over, None where the boundary of the year has no estimate."""
    return row.get("population_65_plus")


def _funnel_table(facts: Facts, rows: list[Row], year: str) -> Table:
    table = Table(
        f"Councils against the control limits, {year}",
        [
            Column("Council"),
            Column("People 65+", True),
            Column("Per 100,000", True),
            Column("Lower 99.8%", True),
            Column("Upper 99.8%", True),
            Column("Against chance"),
        ],
        csv_name="funnel.csv",
        is_sortable=True,
    )
    for row in sorted(rows, key=lambda r: -r["admissions_per_100k"]):
        council = facts.councils.get(row["council_code"])
        cells = [council.name if council else row["council_code"]]
        cells.append(figure(row, ADMISSIONS, ADMISSIONS_KEY, "population_65_plus", words.number))
        cells.append(figure(row, ADMISSIONS, ADMISSIONS_KEY, "admissions_per_100k", words.rate))
        for name in ("lower998", "upper998"):
            cells.append(figure(row, ADMISSIONS, ADMISSIONS_KEY, LIMITS[name], words.rate))
        table.rows.append([*cells, unusual(row)])
    return table
