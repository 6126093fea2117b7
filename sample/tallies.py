"""Codes given to units so that chosen totals come out exactly, in an order that chance has fixed."""

from sample.chance import draw

Reading = dict[str, str]
Readings = dict[str, Reading]
YES, NO = "yes", "no"


def shuffled(units: list[str], *name: object) -> list[str]:
    """The units in an order fixed by the name."""
    return sorted(units, key=lambda unit: (draw(0, 10**9, *name, unit), unit))


def by_strength(units: list[str], *name: object) -> list[str]:
    """The units from the strongest on prevention down: mostly its lasting bent, partly chance of the name."""
    bent = {unit: 3 * draw(0, 1000, "bent", unit) + draw(0, 1000, *name, unit) for unit in units}
    return sorted(units, key=lambda unit: (-bent[unit], unit))


def dealt(units: list[str], counts: dict[str, int], rest: str | None = None) -> dict[str, str]:
    """The first units get the first code, and so on; `rest` goes to those left over.

    Raises ValueError when the counts do not use up the units and no rest is named.
    """
    total = sum(counts.values())
    if total > len(units) or (rest is None and total != len(units)):
        raise ValueError(f"{total} codes for {len(units)} units")
    codes = [code for code, count in counts.items() for _ in range(count)]
    codes += [rest or ""] * (len(units) - total)
    return dict(zip(units, codes, strict=True))


def themes(readings: Readings, item_code: str, codes: list[str], positives: dict[str, list[str]]) -> None:
    """Yes in every theme's column for its positives, no for the other units."""
    chosen = {code: set(units) for code, units in positives.items()}
    for unit, reading in readings.items():
        for code in codes:
            reading[f"{item_code}:{code}"] = YES if unit in chosen.get(code, ()) else NO
