"""The council profile on one screen: published lines and outcomes, then the modelled perimeters, each in its spread."""

from collections.abc import Callable
from decimal import Decimal

from markupsafe import Markup, escape

from reporting import words
from reporting.facts import Council, Facts
from reporting.markup import Column, Figure, Label, Spine, Table, figure
from reporting.pages.lines import opened_years
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
Made = dict[tuple, list]
# What a spine leaves free at either end, in the units of its drawing.
EDGE = 6


def rows_of(facts: Facts, council: Council, at: tuple[str, str] | None = None) -> list[Row]:
    """The council's measures, each in the last year it has: spending of the last statement held, outcomes beside it.

    `at`, a statement and year, chooses spending of that return and outcomes of the last year up to it.
    """
    held = facts.profile_of.get(council.code, [])
    spent = [r for r in held if r["statement"] and r["value"] is not None and r["profile_section"].endswith("spending")]
    last = max(spent, key=lambda r: (r["financial_year"], r["statement"] == "outturn"), default=None)
    period = at or ((last["statement"], last["financial_year"]) if last else None)
    chosen: dict[str, Row] = {}
    for row in sorted(held, key=lambda r: r["financial_year"]):
        is_outcome = row["statement"] is None and (at is None or row["financial_year"] <= at[1])
        if is_outcome or (row["statement"] and (row["statement"], row["financial_year"]) == period):
            chosen[row["measure"]] = row
    return sorted(chosen.values(), key=lambda r: r["measure_order"])


def shape_of(row: Row) -> Callable:
    """How a value of the row is printed."""
    if row["unit"] == "gbp":
        return words.modelled_pounds if row["status"] == "modelled" else pounds_each
    return words.rate if row["unit"] == "per_100k" else percent


def pounds_each(value: Decimal | None) -> str:
    """Pounds per person, whole; below £10 with pence, because a line may be a pound or two.

    Nothing is printed as £0.00: nothing spent is £0, and what is spent shows.
    """
    if value is None:
        return words.NOT_HELD
    size = abs(value)
    if size >= Decimal("9.995") or not size:
        return words.per_head(value)
    if size < Decimal("0.005"):
        return "under 1p"
    return f"{'−' if value < 0 else ''}£{words.number(size, 2)}"


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


def table(
    facts: Facts, council: Council, rows: list[Row], at: tuple[str, str] | None = None, made: Made | None = None
) -> Table | None:
    """The profile as a table; the spine of each row is drawn beside its figures. `at` is the year chosen, if one is.

    `made` keeps the cells of rows across the tables of one council: an outcome is in those of many years.
    """
    if not rows:
        return None
    made = {} if made is None else made
    has_neighbours = any(r["neighbours_median_value"] is not None for r in rows)
    found = Table(
        f"{council.name} beside England and its peers" + (f", {at[0]} and outcomes to {at[1]}" if at else ""),
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
        head = row["profile_section"] if row["profile_section"] != section else ""
        section = row["profile_section"]
        of_row = (row["measure"], row["financial_year"], row["statement"], head, has_neighbours)
        cells = made.get(of_row) or made.setdefault(of_row, _cells(row, head, has_neighbours))
        found.rows.append(cells)
        found.row_attributes.append({"measure": row["measure"], "period": period_name(row)})
    return found


def _cells(row: Row, head: str, has_neighbours: bool) -> list:
    """One row of the table; `head` is the section where it is the section's first."""
    shape = shape_of(row)
    columns = ["region_median_value", "class_median_value"]
    columns += ["neighbours_median_value"] if has_neighbours else []
    compared = [figure(row, PROFILE, KEY, column, shape) for column in (*columns, "england_value")]
    moved = [_moved(row, "previous", shape), _moved(row, "five_years", shape)]
    return [_name(row, head), period(row), _value(row, shape), *compared, spine(row), *moved]


def _name(row: Row, section: str) -> Label:
    mark = ' <span class="state">modelled</span>' if row["status"] == "modelled" else ""
    head = f'<span class="section">{escape(section)}</span>' if section else ""
    name, unit = row["measure_name"], unit_words(row)
    # A phone has no room for the column of years.
    year = f'<span class="on-phone">, {escape(period(row))}</span>'
    shown = f'{head}{escape(name)} <span class="unit">{escape(unit)}{year}</span>{mark}'
    return Label(Markup(shown), f"{name}, {unit}{', modelled' if mark else ''}")


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
    earlier = figure(row, PROFILE, KEY, f"{before}_value", shape).__html__() if value is not None else ""
    return Markup(f'<span aria-hidden="true">{arrow}</span> {escape(direction)} ({earlier})')


def spine(row: Row) -> Spine | str:
    """The spread of councils as a bar from lowest to highest, the middle half dark, England a line, the council a mark.

    The scale is cut where the farthest councils would squeeze the rest; a council beyond it is drawn at the edge.
    """
    ends = [row[c] for c in ("lowest_value", "lower_quartile_value", "median_value", "upper_quartile_value")]
    if any(end is None for end in ends) or row["highest_value"] is None or not row["compared_councils"]:
        return ""
    lowest, first, middle, third = ends
    reach = 3 * (third - first) or Decimal(1)
    low, high = max(lowest, first - reach), min(row["highest_value"], third + reach)
    span = high - low or Decimal(1)

    def at(value: Decimal | None) -> float | None:
        if value is None:
            return None
        return float(round(EDGE + (Spine.WIDTH - 2 * EDGE) * (min(max(value, low), high) - low) / span, 1))

    held = row["value"] is not None
    interval_ends = [at(row[c]) if held else None for c in ("lower_value", "upper_value")]
    marks = [*map(at, (low, high, first, third, middle, row["england_value"])), *interval_ends, at(row["value"])]
    return Spine([*marks, int(row["status"] == "modelled")], spine_words(row))


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


def values(facts: Facts) -> dict[str, dict[str, dict[str, Decimal]]]:
    """Year (and statement) to measure to every council's value: a group of the reader's own is made of these.

    A year that a page opens with is in it though no value is held.
    """
    found: dict[str, dict] = {f"{year}-{statement}": {} for statement, year in opened_years(facts)}
    for rows in facts.profile_of.values():
        for row in rows:
            measures = found.setdefault(period_name(row), {})
            if row["value"] is not None:
                measures.setdefault(row["measure"], {})[row["council_code"]] = round(row["value"], 2)
    return found


def period_name(row: Row) -> str:
    """`2024-25` of an outcome, `2024-25-outturn` of spending: as the data files are named."""
    return f"{row['financial_year']}-{row['statement']}" if row["statement"] else row["financial_year"]
