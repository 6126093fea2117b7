"""A second implementation of the apportionment, on exact fractions and plain Python.

It shares no code with the dbt models and follows the method, not their SQL: weights are `Fraction`s, leftovers
go by the fractional parts themselves. Tests compare the two on generated cases and on the published files.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

UNCLASSIFIED = "unclassified"
TIER_ORDER = ("primary", "secondary", "tertiary", "reactive", "enabling", "out_of_scope", UNCLASSIFIED)


@dataclass(frozen=True)
class Split:
    """Part of a line given to a service: a share of the line, or a quantity that shares out the rest."""

    service: str
    share: Fraction | None = None
    quantity: Fraction | None = None


@dataclass
class Line:
    """One budget line: an amount in pence and the splits of the rule set that won."""

    key: Hashable
    department: Hashable
    amount: int
    splits: list[Split] = field(default_factory=list)


def largest_remainder(amount: int, weights: Iterable[tuple[Hashable, Fraction]]) -> dict[Hashable, int]:
    """Whole pence for each key, summing to the amount; ties go to the smaller key, the sign is restored last."""
    weights = list(weights)
    total = sum(weight for _, weight in weights)
    exact = {key: abs(amount) * weight / total for key, weight in weights}
    given = {key: int(value) for key, value in exact.items()}
    left = abs(amount) - sum(given.values())
    for key in sorted(exact, key=lambda k: (given[k] - exact[k], k))[:left]:
        given[key] += 1
    return {key: -pence if amount < 0 else pence for key, pence in given.items()}


def services_of(line: Line) -> dict[str, int]:
    """Step one: pence by service; what the shares leave goes to the quantities, else it stays unclassified."""
    shares = sum((s.share for s in line.splits if s.share is not None), Fraction(0))
    quantities = sum((s.quantity for s in line.splits if s.quantity is not None), Fraction(0))
    weights = []
    for split in line.splits:
        if split.share is not None:
            weights.append((split.service, split.share))
        else:
            weights.append((split.service, (1 - shares) * split.quantity / quantities if quantities else Fraction(0)))
    left = 1 - sum((weight for _, weight in weights), Fraction(0))
    if left > 0:
        weights.append((UNCLASSIFIED, left))
    return largest_remainder(line.amount, weights)


def tiers_of(pence: int, tiers: dict[str, Fraction]) -> dict[str, int]:
    """Step two: pence by tier of one service, the rest unclassified; ties by the order of the tiers."""
    weights = dict(tiers)
    left = 1 - sum(weights.values(), Fraction(0))
    if left > 0:
        weights[UNCLASSIFIED] = weights.get(UNCLASSIFIED, Fraction(0)) + left
    ranked = largest_remainder(pence, [(TIER_ORDER.index(tier), weight) for tier, weight in weights.items()])
    return {TIER_ORDER[rank]: value for rank, value in ranked.items()}


def direct(lines: list[Line], tiers: dict[str, dict[str, Fraction]]) -> dict[tuple, int]:
    """The direct view: pence by (line, service, tier)."""
    cells = {}
    for line in lines:
        for service, pence in services_of(line).items():
            for tier, value in tiers_of(pence, tiers.get(service, {})).items():
                cells[line.key, service, tier] = value
    return cells


def full_cost(lines: list[Line], cells: dict[tuple, int]) -> dict[tuple, int]:
    """The full-cost view: enabling pence follow the positive direct pattern of their department."""
    department = {line.key: line.department for line in lines}
    patterns: dict[Hashable, dict[tuple, int]] = defaultdict(lambda: defaultdict(int))
    for (key, service, tier), pence in cells.items():
        if tier != "enabling":
            patterns[department[key]][service, tier] += pence
    shared: dict[tuple, int] = defaultdict(int)
    for (key, service, tier), pence in cells.items():
        positive = [(f"{s}|{t}", Fraction(p)) for (s, t), p in patterns[department[key]].items() if p > 0]
        if tier != "enabling" or not positive:
            shared[key, service, tier] += pence
            continue
        for target, value in largest_remainder(pence, positive).items():
            to_service, to_tier = target.split("|")
            shared[key, to_service, to_tier] += value
    return dict(shared)
