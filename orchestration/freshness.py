"""The publication calendar as asset checks: one for each source that keeps a calendar, judged year by year."""

from datetime import UTC, datetime

import dagster as dg

from ingest import catalogue
from orchestration.raw_assets import source_key
from orchestration.release_calendar import edition_due_on, held_years, newest_edition, next_due, overdue
from orchestration.resources import Workspace

WITH_CALENDAR = [source for source in catalogue.load().sources.values() if source.publishes.get("expected")]
WITH_EDITIONS = [
    source for source in catalogue.load().sources.values() if "months_between_editions" in source.publishes
]


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            "years_published_are_held",
            asset=source_key(source.name),
            description="Every year that should be out by the publisher's calendar is held",
        )
        for source in WITH_CALENDAR
    ]
    + [
        dg.AssetCheckSpec(
            "newest_edition_is_held",
            asset=source_key(source.name),
            description="No edition is due after the newest one held, by the months the publisher leaves between two",
        )
        for source in WITH_EDITIONS
    ],
    can_subset=True,
)
def freshness(context: dg.AssetCheckExecutionContext, workspace: Workspace):
    """Judge every source with a calendar, year by year. A late year warns; it never blocks."""
    held, today = held_years(workspace.paths.landing), datetime.now(UTC).date()
    chosen = {key.asset_key for key in context.selected_asset_check_keys}
    for source in (source for source in WITH_CALENDAR if source_key(source.name) in chosen):
        late = overdue(source, held.get(source.name, set()), today)
        newest = max(held.get(source.name, {"none"}))
        coming = next_due(source, held.get(source.name, set()), today)
        yield dg.AssetCheckResult(
            asset_key=source_key(source.name),
            check_name="years_published_are_held",
            passed=not late,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "expected": "every year the calendar says is out",
                "observed": f"newest year held: {newest}",
                "difference": ", ".join(f"{o.financial_year} (due {o.expected_on})" for o in late) or "none",
                "next": f"{coming.financial_year} by {coming.expected_on}" if coming else "the series has ended",
            },
        )
    for source in (source for source in WITH_EDITIONS if source_key(source.name) in chosen):
        edition = newest_edition(workspace.paths.landing, source)
        due = edition_due_on(source, edition)
        yield dg.AssetCheckResult(
            asset_key=source_key(source.name),
            check_name="newest_edition_is_held",
            passed=due is None or due >= today,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "expected": "no edition due after the newest held",
                "observed": f"newest edition held: {edition or 'none with a date'}",
                "difference": f"the next was due by {due}" if due and due < today else "none",
            },
        )
