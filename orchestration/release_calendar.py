"""Which releases should be here by now, year by year, by the calendar each publisher keeps to.

The calendar is in the catalogue under `publishes`: `expected: {month, day, years_after}` is the date, counted
from the calendar year in which a financial year begins, by which the release of that year is out, from `first_year`
to `last_year` where a series has those. Every year is judged by itself: reading an old year again makes nothing look
fresh.
A series of editions without years says the `months_between_editions`; one that keeps no calendar says so in words,
`without_calendar`.
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
    first = source.publishes.get("first_year") or min(listed, default=None)
    if first is None:
        return []
    late = []
    for start in range(int(first[:4]), today.year + 1):
        year = f"{start}-{(start + 1) % 100:02d}"
        due = expected_on(source, year)
        if due < today and year not in held and year <= source.publishes.get("last_year", year):
            late.append(Overdue(source.name, year, due))
    return late


def edition_due_on(source: Source, newest: str | None) -> date | None:
    """The day by which an edition after the newest dated one (`2023-12` or `2023-12-22`) is out; none without both."""
    months = source.publishes.get("months_between_editions")
    if months is None or newest is None:
        return None
    year, month = int(newest[:4]), int(newest[5:7])
    ahead = month + months
    # A month is given whole, since many editions are dated by their month alone.
    return date(year + ahead // 12, ahead % 12 + 1, 1)


def newest_edition(landing: Path, source: Source) -> str | None:
    """When the newest dated edition of a source that has landed was published."""
    own = (edition for edition in land.editions(landing) if edition.release.source.name == source.name)
    return max((edition.published_on for edition in own if edition.published_on), default=None)


def held_years(landing: Path) -> dict[str, set[str]]:
    """Financial years of which an edition has landed, by source."""
    held: dict[str, set[str]] = {}
    for edition in land.editions(landing):
        if edition.release.financial_year:
            held.setdefault(edition.release.source.name, set()).add(edition.release.financial_year)
    return held
