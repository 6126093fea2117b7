"""Bring published files from their publishers' pages: the only part that uses the network.

A release with a `url` is fetched from there. One without is looked for on its source's page, as a link that ends
in the file's name, and then on the pages which that one links to for the release's year. What arrives is compared
with the checksums in the catalogue.
"""

import logging
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from ingest import catalogue
from ingest.catalogue import Release
from ingest.landing import sha256_of
from ingest.problems import InputError, Problem

PATIENCE_SECONDS = 60
TRIES = 3
PAUSE_SECONDS = 2.0
# A publisher's page of one year links to a handful of further ones.
MOST_PAGES = 20
WEB_PAGE = re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE)
WHO = "prevention-warehouse (brings published statistics; one request at a time)"
log = logging.getLogger("prevention")


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

    Raises InputError when it has no address, cannot be had after three tries, or is no file but a web page.
    """
    target = landing / release.file
    if target.exists() and release.known(sha256_of(target)):
        return Brought(target, "already here")
    partial = target.with_name(f".{release.file}.{os.getpid()}.partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    log.info("fetching %s", release.file)
    try:
        _download(release, partial, pause_seconds)
        digest = sha256_of(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    if release.known(digest):
        return Brought(target, "checksum as in the catalogue")
    return Brought(target, f"checksum {digest[:8]} is new: it will be read as a new, unverified edition")


def asking():
    """A client that says who asks and follows where it is led."""
    import httpx

    return httpx.Client(follow_redirects=True, timeout=PATIENCE_SECONDS, headers={"User-Agent": WHO})


def _download(release: Release, partial: Path, pause_seconds: float) -> None:
    import httpx

    with asking() as client:
        for attempt in range(TRIES):
            try:
                url = release.url or _find(client, release)
                write_out(client, url, partial)
                break
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                gone = isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500
                if gone or attempt == TRIES - 1:
                    raise _problem(release, f"could not be fetched: {error}") from error
                time.sleep(pause_seconds * (attempt + 1))
    with partial.open("rb") as stream:
        if WEB_PAGE.match(stream.read(200)):
            raise _problem(release, f"{url} gave a web page where the file should be")


def _problem(release: Release, what: str) -> InputError:
    where = f" from {release.source.page}" if release.source.page else ""
    return InputError(
        Problem(
            file=release.file,
            what=what,
            remedy=f"fetch it by hand{where} into the landing folder, or correct its `url` in ingest/sources.yml",
        )
    )


def write_out(client, url: str, partial: Path) -> None:
    """Write what an address gives into a file. Raises what httpx raises."""
    with client.stream("GET", url) as answer, partial.open("wb") as file:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            file.write(piece)


def _find(client, release: Release) -> str:
    """The address of the link that ends in the release's file name: on the source's page, or one page further."""
    for link in leading_to(client, release.source.page, release.financial_year):
        if name_of(link) == release.file:
            return link
    raise _problem(release, f"no address is known and {release.source.page or 'no page'} does not lead to it")


def leading_to(client, page: str, financial_year: str | None) -> Iterator[str]:
    """Every link of a publisher's page, then of its pages of a year; each of those is asked for when it is needed."""
    if not page:
        return
    links = _links(client, page)
    yield from links
    own = urlsplit(page)
    pages = [link for link in links if urlsplit(link).netloc == own.netloc and urlsplit(link).path != own.path]
    for further in [link for link in pages if names_year(urlsplit(link).path, financial_year)][:MOST_PAGES]:
        yield from _links(client, further)


def names_year(text: str, financial_year: str | None) -> bool:
    """Whether an address or a name has a year in it, as `2023-24`, `2023-to-2024` or `202324`."""
    if not financial_year:
        return False
    first, last = financial_year.split("-")
    return re.search(rf"{first}(\D{{0,4}}|\D{{0,4}}{first[:2]}){last}(?!\d)", unquote(text)) is not None


def name_of(link: str) -> str:
    """The name of the file that an address ends in."""
    return unquote(urlsplit(link).path).rsplit("/", 1)[-1]


def _links(client, page: str) -> list[str]:
    """Every link of a page, as a whole address, in order."""
    answer = client.get(page)
    answer.raise_for_status()
    finder = _Links()
    finder.feed(answer.text)
    return list(dict.fromkeys(urldefrag(urljoin(str(answer.url), link)).url for link in finder.links))


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]
