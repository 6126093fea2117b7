"""Which releases should be here by now, year by year, by the calendar each publisher keeps to.

The calendar is in the catalogue under `publishes`: `expected: {month, day, years_after}` is the date, counted
from the calendar year in which a financial year begins, by which the release of that year is out, from `first_year`
to `last_year` where a series has those. Every year is judged by itself: reading an old year again makes nothing look
fresh.
A series of editions without years says the `months_between_editions`; one that keeps no calendar says so in words,
`without_calendar`.
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingest import catalogue, land
from ingest.catalogue import Source


@dataclass(frozen=True)
class Standing:
    """Where a series stands on a day: what is held, what its publisher has brought out since, what comes next.

    `newest_year` is a financial year, `newest_edition_on` the day or month of the newest dated edition; `since` are the
    years after the newest held that are out, `earlier` those before it. What comes next is a year, `next_year`, or an
    edition without one, due on `next_due_on`. `without_calendar` says why nobody can tell; `stood_in_by` is the title
    of a series held that tells the same of other years. Text is empty where there is nothing to say.
    """

    source: str
    title: str
    editions_held: int = 0
    stood_in_by: str = ""
    newest_year: str = ""
    newest_edition_on: str = ""
    since: str = ""
    earlier: str = ""
    next_year: str = ""
    next_due_on: str = ""
    without_calendar: str = ""


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
    first = _first_year(source, held)
    if first is None:
        return []
    late = []
    for start in range(int(first[:4]), today.year + 1):
        year = f"{start}-{(start + 1) % 100:02d}"
        due = expected_on(source, year)
        if due < today and year not in held and year <= source.publishes.get("last_year", year):
            late.append(Overdue(source.name, year, due))
    return late


def _first_year(source: Source, held: set[str]) -> str | None:
    """The first year that a series has, by the catalogue and by what is held."""
    listed = {r.financial_year for r in catalogue.load().of(source.name) if r.financial_year} | held
    return source.publishes.get("first_year") or min(listed, default=None)


def next_due(source: Source, held: set[str], today: date) -> Overdue | None:
    """The first year that is not held and not out yet, with its day; none for a series that has ended or keeps none."""
    if source.publishes.get("expected") is None:
        return None
    first = int((_first_year(source, held) or "0")[:4])
    for start in range(max(first, today.year - 4), today.year + 4):
        year = f"{start}-{(start + 1) % 100:02d}"
        due = expected_on(source, year)
        if due >= today and year not in held and year <= source.publishes.get("last_year", year):
            return Overdue(source.name, year, due)
    return None


def standing(source: Source, held: set[str], newest_edition_on: str | None, today: date) -> Standing:
    """Where a series stands, of which these years are held and the newest dated edition came out then."""
    late = [one.financial_year for one in overdue(source, held, today)]
    newest, coming = max(held, default=""), next_due(source, held, today)
    due = edition_due_on(source, newest_edition_on)
    return Standing(
        source=source.name,
        title=source.title,
        newest_year=newest,
        newest_edition_on=newest_edition_on or "",
        since=", ".join(year for year in late if year > newest),
        earlier=", ".join(year for year in late if year < newest),
        next_year=coming.financial_year if coming else "",
        next_due_on=str(due or (coming.expected_on if coming else "")),
        without_calendar=source.publishes.get("without_calendar", ""),
    )


def standings(landing: Path, today: date) -> list[Standing]:
    """Where every published series stands, by what has landed; the catalogue's order."""
    held, newest = held_years(landing), {}
    editions: dict[str, int] = {}
    for edition in land.editions(landing):
        name, day = edition.release.source.name, edition.published_on
        editions[name] = editions.get(name, 0) + 1
        newest[name] = max(newest.get(name) or "", day or "") or None
    sources = catalogue.of_landing(landing).sources
    found = []
    for source in (s for s in sources.values() if not (s.is_sample or s.is_submitted)):
        stands = standing(source, held.get(source.name, set()), newest.get(source.name), today)
        instead = next((name for name in source.instead if name in editions), None)
        if instead is not None:
            stands = _stood_in_for(stands, sources[instead].title, max(held.get(instead, {""})))
        found.append(replace(stands, editions_held=editions.get(source.name, 0)))
    return found


def _stood_in_for(stands: Standing, title: str, newest: str) -> Standing:
    """Without the years that another series tells as well, which goes up to its own newest."""
    since, earlier = (
        ", ".join(year for year in listed.split(", ") if year > newest) for listed in (stands.since, stands.earlier)
    )
    return replace(stands, since=since, earlier=earlier, stood_in_by=title)


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
