"""Where a council stands among others: the comparison table, with the comparator each row rests on."""

from reporting import words
from reporting.facts import Council, Facts
from reporting.markup import Column, Figure, Table, figure
from reporting.warehouse import Row

COMPARISON = "mart_council_comparison"
COMPARISON_KEYS = ("council_code", "financial_year", "statement", "measure", "comparator")


STRIP_MEASURES = (
    "narrow_per_head_65_plus_gbp",
    "narrow_share_of_adult_social_care_share",
    "wide_preventative_share",
    "adult_social_care_per_head_18_plus_gbp",
    "admissions_per_100k",
)


def shape_of(measure: str):
    """How a measure is printed, from its unit suffix."""
    if measure.endswith("_share"):
        return words.share
    if measure.endswith("_per_100k"):
        return words.rate
    if measure.endswith("_gbp"):
        return words.modelled_pounds if "per_head" in measure else words.modelled_millions
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
    plain = row["statement"] in (None, facts.main_statement)
    return row["financial_year"] if plain else f"{row['financial_year']}, {row['statement']}"


def latest_comparisons(facts: Facts, council: Council) -> list[Row]:
    """Each measure's rows in its last year for this council, of the main statement where it has any."""
    rows = [r for r in facts.comparison_of.get(council.code, []) if r["value"] is not None]
    chosen = []
    for measure in sorted({r["measure"] for r in rows}):
        held = [r for r in rows if r["measure"] == measure]
        main = [r for r in held if r["statement"] in (None, facts.main_statement)] or held
        last = max(r["financial_year"] for r in main)
        chosen += [r for r in main if r["financial_year"] == last]
    return chosen


def comparison_table(facts: Facts, council: Council, place: str) -> Table | None:
    """Measure by comparator, with rank of how many or the reason there is none."""
    rows = latest_comparisons(facts, council)
    if not rows:
        return None
    key = COMPARISON_KEYS
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
        reason = row["withhold_reason"] or ""
        position: Figure | str = words.rank(row)
        if row["is_ranked"] and row["rank"] is not None:
            position = Figure(words.rank(row), COMPARISON, "rank", {k: row[k] for k in key}, row["rank"])
        table.rows.append(
            [
                measure_words(row["measure"]),
                period_of(facts, row),
                figure(row, COMPARISON, key, "value", shape),
                comparator_words(row),
                figure(row, COMPARISON, key, "comparator_value", shape),
                position,
                "" if row["is_ranked"] else words.humanise(reason) if reason else "",
            ]
        )
    return table


def comparator_words(row: Row) -> str:
    """`region: South East`, as far as the mart names the group."""
    kind = words.COMPARATOR_WORDS.get(row["comparator"], words.humanise(row["comparator"]))
    name = row["comparator_name"]
    return f"{kind}: {name}" if name and name != kind and row["comparator"] in ("region", "class") else name or kind


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
