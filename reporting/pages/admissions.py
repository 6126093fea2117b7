"""Admissions to care homes: the council’s series, where a rate lies among councils, and the funnel of all."""

from decimal import Decimal

from reporting import words
from reporting.charts import Chart
from reporting.claims import Claim, claim
from reporting.facts import Council, Facts
from reporting.markup import Column, Figure, Table, figure
from reporting.warehouse import Row

ADMISSIONS = "mart_spend_against_admissions"
ADMISSIONS_KEY = ("council_code", "financial_year")
LIMITS = {
    "lower95": "control_lower_95_per_100k",
    "upper95": "control_upper_95_per_100k",
    "lower998": "control_lower_998_per_100k",
    "upper998": "control_upper_998_per_100k",
    "low": "admissions_lower_per_100k",
    "high": "admissions_upper_per_100k",
    "england": "england_per_100k",
}

# The class of a rate that lies outside the limits though chance alone gives so few in so small a council.
TOO_FEW = "too_few_to_tell"


def limit(row: Row, name: str) -> Decimal | None:
    """A limit, an end of the interval, or the England rate."""
    return row.get(LIMITS[name])


def rate_cell(row: Row | None) -> Figure | str:
    """The rate of a council's row; [c] where the publisher withholds it, a dash where there is no row."""
    if row is None:
        return words.NOT_HELD
    if row["admissions_per_100k"] is None:
        return "[c]"
    return figure(row, ADMISSIONS, ADMISSIONS_KEY, "admissions_per_100k", words.rate)


def unusual(row: Row) -> str:
    """Where the rate lies in the usual spread between councils of its size, with the limits meant.

    The limits are widened for how much councils differ, so they say nothing of chance.
    """
    rate, low, high = row["admissions_per_100k"], limit(row, "lower95"), limit(row, "upper95")
    if rate is None or low is None or high is None:
        return ""
    if row.get("spread_class") == TOO_FEW:
        return "too few people to tell it from England’s"
    if low <= rate <= high:
        return "within the usual spread between councils"
    way = "above" if rate > high else "below"
    if is_outside(row):
        return f"well {way} the usual spread between councils (outside the 99.8% limits)"
    return f"{way} the usual spread between councils (outside the 95% limits)"


def is_outside(row: Row) -> bool:
    """The rate lies outside the 99.8 per cent limits."""
    rate, low, high = row["admissions_per_100k"], limit(row, "lower998"), limit(row, "upper998")
    return row.get("spread_class") != TOO_FEW and None not in (rate, low, high) and not low <= rate <= high


def limits_at(row: Row) -> dict:
    """The limits at the size of the row's council, as the funnel draws them."""
    return {"n": population(row), **{k: limit(row, k) for k in ("lower95", "upper95", "lower998", "upper998")}}


def admissions_over_time(facts: Facts, council: Council, place: str) -> Chart | None:
    """Admissions of people 65+ with the interval, England beside it, breaks in series left open."""
    rows = [r for r in facts.admissions_of.get(council.code, [])]
    held = [r for r in rows if r["admissions_per_100k"] is not None]
    if not held:
        return None
    rows.sort(key=lambda r: r["financial_year"])
    last = max(held, key=lambda r: r["financial_year"])
    data = []
    for row in rows:
        if row["admissions_per_100k"] is None:
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
    title = rate_title(council, last)
    choices = [("", r["financial_year"], rate_title(council, r)) for r in rows if r["admissions_per_100k"] is not None]
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
        choices=choices,
        is_wide_on_paper=True,
        notes=admission_notes(),
    )


def rate_title(council: Council, row: Row) -> Claim:
    """The council's rate of a year and where it lies in the usual spread."""
    where = unusual(row)
    text = f"{words.rate(row['admissions_per_100k'])} admissions per 100,000 people 65+ in {row['financial_year']}"
    text += f": {where}" if where else ""
    return claim("admissions-last", text, council_code=council.code, financial_year=row["financial_year"])


def admission_notes() -> list[str]:
    return [
        "2020-21 is a pandemic year. From 2023-24 the measure is numbered 2C; until then 2C meant something else, so"
        " never join on the code alone. Higher or lower is not good or bad without knowing need."
    ]


def series_breaks(rows: list[Row]) -> list[dict]:
    """Breaks in a series that fall inside the years drawn: where the outcomes mart says there is one.

    The line is left open there. A pandemic year and a new number of the same measure are marked, not broken.
    """
    breaks = []
    held = [r["financial_year"] for r in rows if r.get("admissions_per_100k", r.get("outcome_value")) is not None]
    for row in rows[1:]:
        if not held[0] < row["financial_year"] <= held[-1]:
            continue
        label = {"2020-21": "pandemic", "2023-24": "new number, same measure"}.get(row["financial_year"])
        is_broken = row["is_break_in_series"]
        if is_broken or label:
            words_shown = label or "break in series"
            breaks.append({"x": words.year_start(row["financial_year"]), "l": words_shown, "gap": is_broken})
    return breaks


def unbroken(rows: list[Row]) -> list[Row]:
    """The last rows, by year, that can be compared with one another: from the last break in the series on."""
    starts = [place for place, row in enumerate(rows) if row["is_break_in_series"]]
    return rows[starts[-1] if starts else 0 :]


def admissions_table(rows: list[Row], place: str) -> Table:
    table = Table(
        f"Permanent admissions 65+ per 100,000, {place}",
        [
            Column("Year"),
            Column("Per 100,000", True),
            Column("Lower", True),
            Column("Upper", True),
            Column("England", True),
            Column("Against the spread"),
            Column("Note"),
        ],
        csv_name="admissions.csv",
    )
    for row in sorted(rows, key=lambda r: r["financial_year"], reverse=True):
        hidden = row["is_suppressed"] or (row["admissions_per_100k"] is None and row["marker"])
        value = figure(row, ADMISSIONS, ADMISSIONS_KEY, "admissions_per_100k", words.rate)
        cells = [row["financial_year"], row["marker"] or "[c]" if hidden else value]
        for name in ("low", "high", "england"):
            cells.append(figure(row, ADMISSIONS, ADMISSIONS_KEY, LIMITS[name], words.rate))
        table.rows.append([*cells, unusual(row), row["comparability_note"] or ""])
    return table


def funnel(facts: Facts) -> Chart | None:
    """All councils' rates against people 65+, with 95 and 99.8 per cent limits around the England rate."""
    year = facts.admissions_year
    rows = [r for r in facts.admissions if r["financial_year"] == year and r["admissions_per_100k"] is not None]
    rows = [r for r in rows if limit(r, "upper998") is not None and population(r)]
    if not rows:
        return None
    outside = [r for r in rows if is_outside(r)]
    title = claim(
        "outside-limits",
        f"{len(outside)} of {len(rows)} councils lie outside the 99.8% limits around England in {year}",
        financial_year=year,
    )
    limits = sorted((limits_at(r) for r in rows), key=lambda point: point["n"])
    return Chart(
        identifier="funnel",
        kind="funnel",
        title=title,
        subtitle=f"Permanent admissions 65+ per 100,000 against people aged 65 and over, England, {year}. Dashed: 95%"
        " limits; solid: 99.8% limits.",
        alt=title.text
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
                    "o": is_outside(r),
                }
                for r in rows
            ],
            "limits": limits,
            "england": limit(rows[0], "england"),
            "council": None,
        },
        table=_funnel_table(facts, rows, year),
        notes=[
            "Outside means unusual among councils of its size, not worse: the rate responds to need, to the supply of"
            " care homes and to how returns are filled in."
        ],
    )


def population(row: Row) -> Decimal | int | None:
    """Residents aged 65 and over, None where the boundary of the year has no estimate."""
    return row["population_65_plus"]


def _funnel_table(facts: Facts, rows: list[Row], year: str) -> Table:
    table = Table(
        f"Councils against the control limits, {year}",
        [
            Column("Council"),
            Column("People 65+", True),
            Column("Per 100,000", True),
            Column("Lower 99.8%", True),
            Column("Upper 99.8%", True),
            Column("Against the spread"),
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
