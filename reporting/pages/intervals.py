"""The central interval of a figure in words: where it lies nine times in ten, its middle, and what would narrow it."""

from decimal import Decimal

from reporting import words
from reporting.claims import Claim, claim
from reporting.facts import Facts
from reporting.markup import Figure
from reporting.pages import money
from reporting.warehouse import Row

ENDS = ("adult_social_care_central_low_gbp", "adult_social_care_central_high_gbp")
MIDDLE = "adult_social_care_middle_gbp"
CONTRIBUTORS = "mart_interval_contributors"
# A central figure that lies further from the middle than this part of the interval's width is said to lie below or
# above it, if the two print differently.
LEANING_SHARE = Decimal("0.1")


def sentence(kind: str, facts: Facts, row: Row | None, mart: str, key: tuple[str, ...], area_code: str) -> Claim | None:
    """What the interval of a narrow figure is; none where there is none to speak of."""
    if row is None or any(row.get(column) is None for column in (*ENDS, MIDDLE)) or row[ENDS[0]] == row[ENDS[1]]:
        return None
    at = {k: row[k] for k in key if k in row}

    def shown(column: str) -> Figure:
        return Figure(words.modelled_millions(row[column]), mart, column, at, row[column])

    parts: list = [
        "The bounds in brackets take every rule to be wrong at once, the same way. If the rules err as declared, the"
        " figure lies between ",
        shown(ENDS[0]),
        " and ",
        shown(ENDS[1]),
        " nine times in ten, with its middle at ",
        shown(MIDDLE),
    ]
    off = row[MIDDLE] - row[money.ASC[0]]
    is_seen = words.modelled_millions(row[MIDDLE]) != words.modelled_millions(row[money.ASC[0]])
    if is_seen and abs(off) > LEANING_SHARE * (row[ENDS[1]] - row[ENDS[0]]):
        parts.append(f": the central figure lies {'below' if off > 0 else 'above'} it")
    first = facts.contributors.get((area_code, row["financial_year"], row["statement"]))
    if first and first["narrows_by_gbp"] > 0:
        saved = first["narrows_by_gbp"]
        where = {k: first[k] for k in first if k not in ("line_name", "narrows_by_gbp")}
        name = f" ({first['line_name'].strip().lower()})" if first["line_name"] else ""
        parts += [
            f". To know better what line {first['line_code']}{name} is spent on would narrow it most, by ",
            Figure(words.modelled_millions(saved), CONTRIBUTORS, "narrows_by_gbp", where, saved),
        ]
    return claim(kind, *parts, ".", area_code=area_code, **at)
