"""Bring published files from their publishers' pages: the only part that uses the network.

A release with a `url` is fetched from there; one without is looked for on its source's page, as a link that
ends in the file's name. What arrives is compared with the checksums in the catalogue.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from ingest import catalogue
from ingest.catalogue import Release
from ingest.land import sha256_of
from ingest.problems import InputError, Problem

PATIENCE_SECONDS = 60
TRIES = 3
PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Brought:
    """A file in the landing folder. `words` say whether it is one the catalogue knows."""

    path: Path
    words: str


def wanted(sources: Iterable[str]) -> list[Release]:
    """Every published release of the named sources, or of all. Raises ValueError for an unknown source."""
    known = catalogue.load()
    published = {name for name, source in known.sources.items() if not (source.is_sample or source.is_submitted)}
    chosen = set(sources) or published
    unknown = sorted(chosen - published)
    if unknown:
        raise ValueError(f"no such source: {', '.join(unknown)}. Known: {', '.join(sorted(published))}")
    return [release for release in known.releases if release.source.name in chosen]


def fetch(release: Release, landing: Path, pause_seconds: float = PAUSE_SECONDS) -> Brought:
    """Bring one release into the landing folder, unless a known edition of it lies there.

    Raises InputError when it has no address, cannot be had after three tries, or arrives incomplete.
    """
    target = landing / release.file
    if target.exists() and release.known(sha256_of(target)):
        return Brought(target, "already here")
    partial = target.with_name(f".{release.file}.{os.getpid()}.partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    try:
        _download(release, partial, pause_seconds)
        digest = sha256_of(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    if release.known(digest):
        return Brought(target, "checksum as in the catalogue")
    return Brought(target, f"checksum {digest[:8]} is new: it will be read as a new, unverified edition")


def _download(release: Release, partial: Path, pause_seconds: float) -> None:
    import httpx

    with httpx.Client(follow_redirects=True, timeout=PATIENCE_SECONDS) as client:
        for attempt in range(TRIES):
            try:
                _stream(client, release.url or _link(client, release), partial)
                return
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                gone = isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500
                if gone or attempt == TRIES - 1:
                    raise InputError(
                        Problem(
                            file=release.file,
                            what=f"could not be fetched: {error}",
                            remedy=f"fetch it by hand from {release.source.page} into the landing folder",
                        )
                    ) from error
                time.sleep(pause_seconds * (attempt + 1))


def _stream(client, url: str, partial: Path) -> None:
    with client.stream("GET", url) as answer, partial.open("wb") as stream:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            stream.write(piece)


def _link(client, release: Release) -> str:
    """The address of the link on the source's page that ends in the release's file name."""
    if release.source.page:
        answer = client.get(release.source.page)
        answer.raise_for_status()
        finder = _Links()
        finder.feed(answer.text)
        for link in finder.links:
            if unquote(urlsplit(link).path).rsplit("/", 1)[-1] == release.file:
                return urljoin(str(answer.url), link)
    raise InputError(
        Problem(
            file=release.file,
            what=f"no address is known and {release.source.page or 'no page'} has no link to it",
            remedy="fetch it by hand into the landing folder, or add its `url` to ingest/sources.yml",
        )
    )


class _Links(HTMLParser):
    """Every link of a page, in order."""

    def __init__(self):
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]
