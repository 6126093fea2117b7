"""Which releases should be here by now, year by year, by the calendar each publisher keeps to.

The calendar is in the catalogue under `publishes`: `expected: {month, day, years_after}` is the date, counted
from the calendar year in which a financial year begins, by which the release of that year is out. Every year
is judged by itself: reading an old year again makes nothing look fresh.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest import catalogue, land
from ingest.catalogue import Source


@dataclass(frozen=True)
class Overdue:
    """A year of a source that should be out and is not held."""

    source: str
    financial_year: str
    expected_on: date


def expected_on(source: Source, financial_year: str) -> date | None:
    """The day by which a source publishes a financial year, or none when it keeps no calendar."""
    rule = source.publishes.get("expected")
    if rule is None:
        return None
    return date(int(financial_year[:4]) + rule["years_after"], rule["month"], rule["day"])


def overdue(source: Source, held: set[str], today: date) -> list[Overdue]:
    """Every year since the source's first that should be out and is not among those held."""
    if source.publishes.get("expected") is None:
        return []
    listed = {r.financial_year for r in catalogue.load().of(source.name) if r.financial_year} | held
    if not listed:
        return []
    late = []
    for start in range(int(min(listed)[:4]), today.year + 1):
        year = f"{start}-{(start + 1) % 100:02d}"
        due = expected_on(source, year)
        if due < today and year not in held:
            late.append(Overdue(source.name, year, due))
    return late


def held_years(landing: Path) -> dict[str, set[str]]:
    """Financial years of which an edition has landed, by source."""
    held: dict[str, set[str]] = {}
    for edition in land.editions(landing):
        if edition.release.financial_year:
            held.setdefault(edition.release.source.name, set()).add(edition.release.financial_year)
    return held
