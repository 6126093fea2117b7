"""The council profile on one screen: published lines and outcomes, then the modelled perimeters, each in its spread."""

from collections.abc import Callable
from decimal import Decimal

from markupsafe import Markup, escape

from reporting import words
from reporting.facts import Council, Facts
from reporting.markup import Column, Figure, Table, figure
from reporting.warehouse import Row

PROFILE = "mart_council_profile"
KEY = ("council_code", "financial_year", "statement", "measure")
PEERS = (
    ("region_median_value", "middle council of the region"),
    ("class_median_value", "middle council of the type"),
    ("neighbours_median_value", "middle statistical neighbour"),
)
QUARTERS = {
    1: "in the lowest quarter of councils",
    2: "in the second lowest quarter of councils",
    3: "in the second highest quarter of councils",
    4: "in the highest quarter of councils",
}
STATUS = {"suppressed": "[c]", "not reported": "[x]", "not broken down": "[x]", "no population": "[x]"}
PERSON = {"18_plus": "per adult", "65_plus": "per person 65+", "18_64": "per person 18 to 64"}
# Width and height of a spine, in the units of its drawing.
WIDTH, HEIGHT, EDGE = 220, 26, 6


def rows_of(facts: Facts, council: Council) -> list[Row]:
    """The council's measures, each in the last year it has: spending of the last statement held, outcomes beside it."""
    held = facts.profile_of.get(council.code, [])
    spent = [r for r in held if r["statement"] and r["value"] is not None and r["profile_section"].endswith("spending")]
    last = max(spent, key=lambda r: (r["financial_year"], r["statement"] == "outturn"), default=None)
    period = (last["financial_year"], last["statement"]) if last else None
    chosen: dict[str, Row] = {}
    for row in sorted(held, key=lambda r: r["financial_year"]):
        if row["statement"] is None or (row["financial_year"], row["statement"]) == period:
            chosen[row["measure"]] = row
    return sorted(chosen.values(), key=lambda r: r["measure_order"])


def shape_of(row: Row) -> Callable:
    """How a value of the row is printed."""
    if row["unit"] == "gbp":
        return words.modelled_pounds if row["status"] == "modelled" else pounds_each
    return words.rate if row["unit"] == "per_100k" else percent


def pounds_each(value: Decimal | None) -> str:
    """Pounds per person, whole; below £10 with one decimal, because a line may be a pound or two."""
    if value is None:
        return words.NOT_HELD
    return words.per_head(value) if abs(value) >= 10 else f"{'−' if value < 0 else ''}£{words.number(abs(value), 1)}"


def percent(value: Decimal | None) -> str:
    """A percentage that is stored as one."""
    return words.NOT_HELD if value is None else words.share(value / 100)


def period(row: Row) -> str:
    """`2024-25, spent`."""
    said = {"budget": "budget", "outturn": "spent"}.get(row["statement"])
    return f"{row['financial_year']}, {said}" if said else row["financial_year"]


def unit_words(row: Row) -> str:
    if row["unit"] == "gbp":
        return next(text for code, text in PERSON.items() if f"per_head_{code}" in row["measure"])
    return {"per_100k": "per 100,000", "percent": "per cent"}[row["unit"]]


def table(facts: Facts, council: Council, rows: list[Row]) -> Table | None:
    """The profile as a table; the spine of each row is drawn beside its figures."""
    if not rows:
        return None
    has_neighbours = any(r["neighbours_median_value"] is not None for r in rows)
    found = Table(
        f"{council.name} beside England and its peers",
        [
            Column("Measure"),
            Column("Year"),
            Column("This council", True),
            Column("Region", True),
            Column("Type", True),
            *([Column("Neighbours", True)] if has_neighbours else []),
            Column("England", True),
            Column("Spread of councils"),
            Column("Since the year before"),
            Column("Against five years before"),
        ],
        csv_name="profile.csv",
        identifier="profile",
        row_attributes=[],
    )
    section = ""
    for row in rows:
        shape = shape_of(row)
        cells: list = [_name(row, row["profile_section"] if row["profile_section"] != section else "")]
        section = row["profile_section"]
        cells += [period(row), _value(row, shape)]
        columns = ["region_median_value", "class_median_value"]
        columns += ["neighbours_median_value"] if has_neighbours else []
        cells += [figure(row, PROFILE, KEY, column, shape) for column in (*columns, "england_value")]
        cells += [spine(row), _moved(row, "previous", shape), _moved(row, "five_years", shape)]
        found.rows.append(cells)
        found.row_attributes.append(
            {"measure": row["measure"], "period": f"{row['financial_year']} {row['statement'] or ''}"}
        )
    return found


def _name(row: Row, section: str) -> Markup:
    mark = Markup(' <span class="state">modelled</span>') if row["status"] == "modelled" else ""
    head = Markup('<span class="section">{}</span>').format(section) if section else ""
    text = Markup('{}{} <span class="unit">{}</span>{}')
    return text.format(head, row["measure_name"], unit_words(row), mark)


def _value(row: Row, shape: Callable) -> Figure | Markup | str:
    if row["value"] is None:
        return Markup('<abbr title="{}">{}</abbr>').format(row["status"], STATUS.get(row["status"], words.NOT_HELD))
    return figure(row, PROFILE, KEY, "value", shape)


def interval(row: Row, shape: Callable) -> str:
    """`(476.6 to 549.1)`, empty where the publication gives no counts."""
    if row["lower_value"] is None or row["upper_value"] is None:
        return ""
    return f"{shape(row['lower_value'])} to {shape(row['upper_value'])}"


def _moved(row: Row, before: str, shape: Callable) -> str | Markup:
    """The direction in a word and an arrow, with the earlier value; a dash where nothing can be said."""
    direction, value = row[f"{before}_direction"], row[f"{before}_value"]
    if direction is None:
        return words.NOT_HELD
    arrow = {"higher": "↑", "lower": "↓", "no clear change": "→"}[direction]
    return Markup('<span aria-hidden="true">{}</span> {} ({})').format(
        arrow, direction, figure(row, PROFILE, KEY, f"{before}_value", shape) if value is not None else ""
    )


def spine(row: Row) -> Markup:
    """The spread of councils as a bar from lowest to highest, the middle half dark, England a line, the council a mark.

    The scale is cut where the farthest councils would squeeze the rest; a council beyond it stands at the edge.
    """
    ends = [row[c] for c in ("lowest_value", "lower_quartile_value", "median_value", "upper_quartile_value")]
    if any(end is None for end in ends) or row["highest_value"] is None or not row["compared_councils"]:
        return Markup("")
    lowest, first, middle, third = ends
    reach = 3 * (third - first) or Decimal(1)
    low, high = max(lowest, first - reach), min(row["highest_value"], third + reach)
    span = high - low or Decimal(1)

    def at(value: Decimal) -> str:
        place = EDGE + (WIDTH - 2 * EDGE) * (min(max(value, low), high) - low) / span
        return f"{place:.1f}"

    parts = [
        f'<line class="spread" x1="{at(low)}" x2="{at(high)}" y1="13" y2="13"/>',
        f'<rect class="half" x="{at(first)}" y="8" width="{Decimal(at(third)) - Decimal(at(first))}" height="10"/>',
        f'<line class="middle" x1="{at(middle)}" x2="{at(middle)}" y1="5" y2="21"/>',
    ]
    if row["england_value"] is not None:
        x = at(row["england_value"])
        parts.append(f'<path class="england" d="M{x} 21l4 5h-8z"/>')
    if row["value"] is not None:
        if row["lower_value"] is not None:
            ends_of = f'x1="{at(row["lower_value"])}" x2="{at(row["upper_value"])}"'
            parts.append(f'<line class="interval" {ends_of} y1="13" y2="13"/>')
        kind = "own modelled" if row["status"] == "modelled" else "own"
        parts.append(f'<circle class="{kind}" cx="{at(row["value"])}" cy="13" r="5"/>')
    return Markup(
        f'<svg class="spine" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(spine_words(row))}">{"".join(parts)}</svg>'
    )


def spine_words(row: Row) -> str:
    """What the spine shows, in words."""
    shape = shape_of(row)
    text = (
        f"{words.plural(row['compared_councils'], 'council')} from {shape(row['lowest_value'])} to"
        f" {shape(row['highest_value'])}, half of them between {shape(row['lower_quartile_value'])} and"
        f" {shape(row['upper_quartile_value'])}, the middle one {shape(row['median_value'])}"
    )
    if row["value"] is None:
        return f"{text}; this council: {row['status']}"
    quarter = f", {QUARTERS[row['quarter']]}" if row["quarter"] else ""
    return f"{text}; this council {shape(row['value'])}{quarter}"


def values(facts: Facts) -> dict[str, dict[str, float | None]]:
    """data/profile.js: measure and period to every council's value, for a group of the reader's own choosing."""
    wanted = {
        (row["measure"], row["financial_year"], row["statement"])
        for council in facts.councils.values()
        for row in rows_of(facts, council)
    }
    found: dict[str, dict] = {}
    for rows in facts.profile_of.values():
        for row in rows:
            if (row["measure"], row["financial_year"], row["statement"]) in wanted and row["value"] is not None:
                key = f"{row['measure']} {row['financial_year']} {row['statement'] or ''}"
                found.setdefault(key, {})[row["council_code"]] = round(row["value"], 2)
    return found
