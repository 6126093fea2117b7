"""Which series are held, of those that the marts are made from, so that an empty table is told from a fault."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from expectations.suites import Suite
from ingest import catalogue

BUDGETS = "revenue_account"
ALL = "all"


def series_held(snapshot: Path) -> set[str]:
    """Readers of the series held; `all` among them when every required one is, and budgets of more than one year."""
    place = snapshot / "releases" / "0.parquet"
    if not place.exists():
        return {ALL}
    return of_editions((row["source"], row["financial_year"]) for row in pq.read_table(place).to_pylist())


def of_editions(named: Iterable[tuple[str, str | None]]) -> set[str]:
    """The same, of editions given as source and financial year."""
    sources = catalogue.load().sources
    editions = [(sources[source], year) for source, year in named]
    required = {source.reader for source in sources.values() if source.is_required}
    held = {source.reader for source, _ in editions}
    years = {year for source, year in editions if source.reader == BUDGETS and year}
    return held | {ALL} if required <= held and len(years) > 1 else held


def due(suites: list[Suite], snapshot: Path, filled_by: Mapping[str, Set[str]] | None = None) -> list[Suite]:
    """The suites, of which those that may rightly have nothing to look at need no rows.

    With `filled_by`, the raw tables that each reader fills, a raw table of a series that is held still needs rows, and
    so does one that is of no series.
    """
    held = series_held(snapshot)
    if ALL in held:
        return suites
    tables = filled_by or {}
    rightly_empty = set().union(*tables.values()) - set().union(*(tables.get(reader, set()) for reader in held))

    def is_due(suite: Suite) -> bool:
        return bool(tables) and suite.subject.removeprefix("raw.") not in rightly_empty

    return [replace(suite, must_have_rows=suite.must_have_rows and is_due(suite)) for suite in suites]
