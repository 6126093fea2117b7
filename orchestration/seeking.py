"""The years that are out by their publishers' calendars and not held, looked for on the publishers' pages."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from ingest.catalogue import Source
from ingest.fetch_new import Sought, seek
from orchestration.release_calendar import held_years, overdue


def years_out(sources: Iterable[Source], landing: Path) -> Iterator[tuple[Source, str, Sought]]:
    """Each year of the series that is out and not held, with what came of looking for it; the newest first.

    Of a series whose page cannot be read, only the newest year is tried.
    """
    held, today = held_years(landing), datetime.now(UTC).date()
    for source in sources:
        late = overdue(source, held.get(source.name, set()), today)
        for one in sorted(late, key=lambda o: o.financial_year, reverse=True):
            sought = seek(source, one.financial_year, landing)
            yield source, one.financial_year, sought
            if sought.path is None and "could not be read" in sought.words:
                break
