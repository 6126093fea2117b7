"""How fresh the figures are: of every series the newest held, what has come out since, and what comes next.

By the calendar that `prevention status` and the freshness checks go by, on the day of publication.
"""

from datetime import date
from typing import Any

from reporting import words
from reporting.claims import Claim, claim


def context(publication: dict[str, Any]) -> dict | None:
    """What the section prints: a sentence for all, and one for each series; none where no published file is held."""
    series = publication.get("calendar") or []
    if not series:
        return None
    day = str(publication["published_at"])[:10]
    return {"all": _all(series, day), "series": [_one(row, day) for row in series]}


def said_of_all(publication: dict[str, Any]) -> Claim | None:
    """The sentence among the main points."""
    found = context(publication)
    return found["all"] if found else None


def is_behind(row: dict[str, str], day: str) -> bool:
    """Whether a year or an edition after the newest one held is out by the calendar."""
    return bool(row["since"]) or bool(row["next_due_on"] and not row["next_year"] and row["next_due_on"] < day)


def _all(series: list[dict[str, str]], day: str) -> Claim:
    behind = sum(is_behind(row, day) for row in series)
    of = words.plural(behind, "series has", "series have") if behind else "no series has"
    return claim(
        "fresh-all",
        f"By their publishers’ calendars {of} something newer out on {spoken(day)} than this publication holds; “How"
        " fresh the figures are” names each.",
        day=day,
    )


def _one(row: dict[str, str], day: str) -> Claim:
    newest = row["newest_year"] or (f"of {spoken(row['newest_edition_on'])}" if row["newest_edition_on"] else "")
    held = f"newest held {newest}" if newest else "held, without a date" if row["editions_held"] else "none held"
    parts = [f"{row['title']}: {held}"]
    if row["stood_in_by"]:
        parts.append(f"; {'for other years' if row['editions_held'] else 'in its place'} stands {row['stood_in_by']}")
    if row["since"]:
        parts.append(f"; out {'since' if newest else 'by now'}: {_years(row['since'])}")
    if row["earlier"]:
        parts.append(f"; of earlier years not held: {_years(row['earlier'])}")
    if row["next_due_on"]:
        verb = "was due by" if row["next_due_on"] < day else "is due by"
        parts.append(f"; {row['next_year'] or 'the next edition'} {verb} {spoken(row['next_due_on'])}")
    elif row["without_calendar"]:
        parts.append(f"; no calendar: {row['without_calendar']}")
    else:
        parts.append("; no more is due")
    return claim("fresh-series", *parts, ".", source=row["source"], day=day)


def spoken(day: str) -> str:
    """`2026-11-27` as 27 November 2026, `2023-12` as December 2023."""
    parts = [int(part) for part in day.split("-")]
    month = date(parts[0], parts[1], 1).strftime("%B")
    return f"{parts[2]} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"


def _years(listed: str) -> str:
    """Financial years, those that follow each other as a span."""
    spans: list[list[str]] = []
    for year in listed.split(", "):
        if spans and words.year_start(year) == words.year_start(spans[-1][-1]) + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(span[0] if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans)
