"""Numbers and states in words, as report readers meet them. Money stays Decimal: nothing here makes a float."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MILLION = Decimal(1_000_000)
NOT_HELD = "–"

TIERS = ("primary", "secondary", "tertiary", "reactive", "enabling", "unclassified", "out_of_scope")
TIER_WORDS = {
    "primary": "Preventing need",
    "secondary": "Reducing need",
    "tertiary": "Delaying need",
    "reactive": "Care once need is high",
    "enabling": "Running costs before they are shared out",
    "unclassified": "Not yet classified",
    "out_of_scope": "Outside this question",
}
TIER_TERMS = {
    "primary": "primary prevention",
    "secondary": "secondary prevention",
    "tertiary": "tertiary prevention",
    "reactive": "reactive",
    "enabling": "enabling",
    "unclassified": "unclassified",
    "out_of_scope": "out of scope",
}
PERIMETERS = ("narrow", "wide", "camden")
PERIMETER_WORDS = {
    "narrow": "preventing and reducing need",
    "wide": "preventing, reducing and delaying need, without home care",
    "camden": "preventing, reducing and delaying need, with home care",
}
DOCUMENT_WORDS = {
    "foi_response": "Answer to the request",
    "jhws": "Joint health and wellbeing strategy",
    "stp": "Sustainability and transformation plan",
}
STATEMENT_WORDS = {"budget": "budgeted", "outturn": "spent"}
STATEMENT_NOUNS = {"budget": "Budget", "outturn": "Outturn (spent)"}
COMPARATOR_WORDS = {
    "england": "England",
    "region": "region",
    "class": "council type",
    "nearest_neighbours": "statistical neighbours",
    "deprivation_decile": "deprivation tenth",
}


def exact(value: Any) -> str:
    """The value as a plain decimal string, for machines."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _round(value: Any, places: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0


def number(value: Any, places: int = 0) -> str:
    """Thousands separated, a true minus sign, rounded half up; a dash where there is no value."""
    if value is None:
        return NOT_HELD
    rounded = _round(value, places)
    return f"{'−' if rounded < 0 else ''}{abs(rounded):,.{places}f}"


def pounds(value: Any) -> str:
    """Exact pounds and pence when there are pence, else whole pounds."""
    if value is None:
        return NOT_HELD
    amount = Decimal(str(value))
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{'−' if amount < 0 else ''}£{abs(amount):,.{places}f}"


def millions(value: Any) -> str:
    """£ million to one decimal, £ thousand below £1m, pounds below £1k, so that a small council has figures too."""
    if value is None:
        return NOT_HELD
    amount = Decimal(str(value))
    if abs(amount) < 500:
        return whole_pounds(amount)
    sign = "−" if amount < 0 else ""
    if abs(amount) < MILLION - 500:
        return f"{sign}£{_round(abs(amount) / 1000, 0):,f}k"
    return f"{sign}£{_round(abs(amount) / MILLION, 1):,.1f}m"


def three_figures(value: Decimal) -> Decimal:
    """The value to three significant figures, which is what a modelled figure can bear at most."""
    if not value:
        return Decimal(0)
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 2), rounding=ROUND_HALF_UP) + 0


def modelled_millions(value: Any) -> str:
    """As `millions`, with three significant figures at most: £1,970m, £692m, £25.1m, £2.7m, £310k."""
    if value is None:
        return NOT_HELD
    amount = Decimal(str(value))
    if abs(three_figures(amount)) < 100 * MILLION:
        return millions(amount)
    return f"{'−' if amount < 0 else ''}£{abs(three_figures(amount)) / MILLION:,.0f}m"


def modelled_pounds(value: Any) -> str:
    """Pounds per person of a modelled figure: whole, three significant figures at most."""
    if value is None:
        return NOT_HELD
    amount = Decimal(str(value))
    return per_head(three_figures(amount) if abs(amount) >= 1000 else amount)


def per_head(value: Any) -> str:
    """Pounds per person, whole."""
    return whole_pounds(value)


def whole_pounds(value: Any) -> str:
    """Pounds without pence."""
    if value is None:
        return NOT_HELD
    rounded = _round(value, 0)
    return f"{'−' if rounded < 0 else ''}£{abs(rounded):,f}"


def share(value: Any) -> str:
    """A share of 0 to 1 as per cent with one decimal."""
    if value is None:
        return NOT_HELD
    rounded = _round(Decimal(str(value)) * 100, 1)
    places = 0 if abs(rounded) >= 100 else 1
    return f"{'−' if rounded < 0 else ''}{abs(rounded):.{places}f}%"


def rate(value: Any) -> str:
    """A rate per 100,000, one decimal as published."""
    return number(value, 1)


def with_range(central: str, low: str, high: str) -> str:
    """`£41m (between £33m and £52m)`; the central value alone where there is no width to show."""
    if low == high or NOT_HELD in (low, high):
        return central
    return f"{central} (between {low} and {high})"


def rank(row: dict) -> str:
    """`12 of 151`, or the word why there is none. A rank is never given alone."""
    if row["rank"] is None or not row["is_ranked"]:
        return "not ranked"
    return f"{row['rank']} of {row['rank_of']}"


def humanise(code: str | None) -> str:
    """A code in words where no wording is declared: underscores open up, first letter raised."""
    if not code:
        return NOT_HELD
    text = str(code).replace("_", " ").strip()
    return text[:1].upper() + text[1:]


WITH_ARTICLE = frozenset(
    {
        "North East",
        "North West",
        "East Midlands",
        "West Midlands",
        "East of England",
        "South East",
        "South West",
        "City of London",
        "Isles of Scilly",
    }
)


def in_sentence(name: str) -> str:
    """A place's name inside a sentence: `the South West`, `the Isles of Scilly`, `Kent`."""
    return f"the {name}" if name in WITH_ARTICLE or name.endswith(" area") else name


def sentence(text: str) -> str:
    """A note as a sentence: a capital at its head, a full stop at its end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def listed(items: list[str]) -> str:
    """`a, b and c`."""
    items = [str(item) for item in items]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def year_start(financial_year: str) -> int:
    """2021 for `2021-22`."""
    return int(financial_year[:4])


def median(values: list[Decimal]) -> Decimal | None:
    """Middle value; the mean of the middle two of an even count."""
    ordered = sorted(Decimal(str(v)) for v in values if v is not None)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
