"""Which releases should be here by now, year by year, by the calendar each publisher keeps to.

The calendar stands in the catalogue under `publishes`: `expected: {month, day, years_after}` is the date, counted
from the calendar year in which a financial year begins, by which the release of that year is out. Every year
is judged by itself: reading an old year again makes nothing look fresh.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import dagster as dg

from ingest import catalogue, land
from ingest.catalogue import Source
from orchestration.raw_assets import source_key
from orchestration.resources import Workspace


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


def held_years(landing) -> dict[str, set[str]]:
    """Financial years of which an edition has landed, by source."""
    held: dict[str, set[str]] = {}
    for edition in land.editions(landing):
        if edition.release.financial_year:
            held.setdefault(edition.release.source.name, set()).add(edition.release.financial_year)
    return held


WITH_CALENDAR = [source for source in catalogue.load().sources.values() if source.publishes.get("expected")]


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            "years_published_are_held",
            asset=source_key(source.name),
            description="Every year that should be out by the publisher's calendar is held",
        )
        for source in WITH_CALENDAR
    ],
)
def freshness(workspace: Workspace):
    """Judge every source with a calendar, year by year. A late year warns; it never blocks."""
    held, today = held_years(workspace.paths.landing), datetime.now(UTC).date()
    for source in WITH_CALENDAR:
        late = overdue(source, held.get(source.name, set()), today)
        newest = max(held.get(source.name, {"none"}))
        yield dg.AssetCheckResult(
            asset_key=source_key(source.name),
            check_name="years_published_are_held",
            passed=not late,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "expected": "every year the calendar says is out",
                "observed": f"newest year held: {newest}",
                "difference": ", ".join(f"{o.financial_year} (due {o.expected_on})" for o in late) or "none",
            },
        )
