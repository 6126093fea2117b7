"""What is held and what is published, in a page of text."""

from datetime import UTC, date, datetime
from pathlib import Path

from ingest import catalogue, land
from orchestration import publication
from orchestration.adding import noted
from orchestration.home import Home
from orchestration.release_calendar import Standing, held_years, standing


def describe(home: Home) -> str:
    """Sources with the years held, what is overdue, files set aside, and the last publication with its warnings."""
    editions = land.editions(home.landing)
    lines = [f"home: {home.root}", "", "sources:"]
    held, today = held_years(home.landing), datetime.now(UTC).date()
    uses_sample = bool(editions) and all(edition.release.source.is_sample for edition in editions)
    known = catalogue.of_landing(home.landing)
    held_sources = {edition.release.source.name for edition in editions}
    for source in known.sources.values():
        if source.is_sample != uses_sample:
            continue
        own = [edition for edition in editions if edition.release.source.name == source.name]
        releases = {edition.release.release_id for edition in own}
        unverified = sum(not edition.is_verified for edition in own) if not source.is_submitted else 0
        words = [f"{len(releases)} of {len(known.of(source.name)) or len(releases)} releases"]
        if held.get(source.name):
            words.append(f"years {', '.join(sorted(held[source.name]))}")
        if unverified:
            words.append(f"{unverified} unverified editions")
        if source.is_untried:
            words.append("its reader has not yet been tried on a published file")
        if source.untried:
            words.append(f"not yet tried on a published file: {'; '.join(source.untried.values())}")
        if source.is_required and not own and not set(source.instead) & held_sources:
            words.append(f"none held; it would add {source.adds}")
        newest = max((edition.published_on for edition in own if edition.published_on), default=None)
        words += _calendar(standing(source, held.get(source.name, set()), newest, today), today)
        lines.append(f"  {source.name}: {'; '.join(words)}")
    left = noted(home)
    if left:
        lines += ["", "lying there and not placed:", *(f"  {one}" for one in left)]
    refused = [path for path in sorted(home.refused.glob("*/*/problems.json")) if not _is_mended(path, home)]
    if refused:
        lines += ["", "set aside because they could not be read:"]
        lines += [f"  {path.parent.parent.name}: see {path}" for path in refused]
    return "\n".join(lines + _publications(home))


def _calendar(stands: Standing, today: date) -> list[str]:
    """What is out and not held, and what comes next, in the words of one line."""
    words = []
    late = ", ".join(filter(None, (stands.earlier, stands.since)))
    if late:
        words.append(f"out but not held: {late}")
    if stands.next_due_on:
        is_late = date.fromisoformat(stands.next_due_on) < today
        coming = stands.next_year or f"newest of {stands.newest_edition_on}, the next"
        words.append(f"{coming} {'has been due since' if is_late else 'is due by'} {stands.next_due_on}")
    if stands.without_calendar:
        words.append(f"no calendar: {stands.without_calendar}")
    return words


def _is_mended(problems: Path, home: Home) -> bool:
    """Whether a file that could be read has come in the place of a refused one since."""
    release = problems.parent.parent.name
    landed = (home.landing / land.EDITIONS / release).glob("*/edition.json")
    return any(note.stat().st_mtime > problems.stat().st_mtime for note in landed)


def _publications(home: Home) -> list[str]:
    """The published one with its warnings, then the others that are kept."""
    current = home.published_id()
    if current is None:
        return ["", "publication: none yet; run `prevention refresh`"]
    manifest = publication.manifest_of(home, current)
    kind = "sample (fictional councils)" if manifest["is_sample"] else "published files"
    lines = ["", f"publication: {current} of {manifest['published_at']}, from {kind}"]
    lines.append(
        f"  {len(manifest['inputs'])} inputs, {len(manifest['tables'])} tables, code {manifest['code_version']}"
    )
    rejected = sum(reject["rows"] for reject in manifest["rejects"])
    lines.append(f"  {rejected} rejected rows, {len(manifest['warnings'])} open warnings")
    lines += [f"  warning: {warning}" for warning in manifest["warnings"]]
    earlier = [name for name in publication.publications(home) if name != current]
    return [*lines, f"also kept: {', '.join(earlier) or 'none'}"]
