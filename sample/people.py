"""How many people of each age live in each fictional council, in whole persons."""

from functools import cache

from sample.councils import COUNCILS, FIRST_YEAR, Council

TOP_AGE = 90
# Of a thousand residents under 65, this many are children.
CHILDREN_PER_MILLE = 262
# Growth since mid-2016, per ten thousand a year: older residents grow faster.
GROWTH = {"older": 125, "other": 45}


@cache
def persons(council: Council, mid_year: int) -> tuple[int, ...]:
    """Residents on 30 June by single year of age, 0 to 90 where 90 stands for 90 and over.

    A merged council has exactly the residents of the two it was made from.
    """
    parents = made_from(council)
    if len(parents) > 1:
        return tuple(sum(ages) for ages in zip(*(persons(parent, mid_year) for parent in parents), strict=True))
    years = mid_year - 2016
    older_then = council.population * council.older_per_mille // 1000
    other_then = council.population - older_then
    older = older_then + older_then * GROWTH["older"] * years // 10_000
    other = other_then + other_then * GROWTH["other"] * years // 10_000
    children = other * CHILDREN_PER_MILLE // 1000
    # Fewer at each older age; the top group gathers everyone of 90 and over.
    older_weights = [100 - 3 * step for step in range(TOP_AGE - 65)] + [55]
    return (
        *_spread(children, [1] * 18),
        *_spread(other - children, [1] * (65 - 18)),
        *_spread(older, older_weights),
    )


def between(council: Council, mid_year: int, youngest: int, oldest: int = TOP_AGE) -> int:
    """Residents from one age to another, both included."""
    return sum(persons(council, mid_year)[youngest : oldest + 1])


def made_from(council: Council) -> list[Council]:
    """The councils of the first year whose area this one has, following successors back."""
    if council.valid_from_year == FIRST_YEAR:
        return [council]
    before = [c for c in COUNCILS if council.council_code in c.successor_codes]
    return [first for parent in before for first in made_from(parent)]


def _spread(total: int, weights: list[int]) -> list[int]:
    """Shares of a total by weight; what division leaves over goes one by one to the first."""
    shares = [total * weight // sum(weights) for weight in weights]
    left_over = total - sum(shares)
    return [share + (place < left_over) for place, share in enumerate(shares)]
