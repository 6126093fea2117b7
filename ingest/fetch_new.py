"""Files that have come out since the catalogue was written: found on a publisher's page, and known by their own words.

A year that is out by its series' calendar and not held is looked for among the links of the series' page and of that
page's pages of the year. A file named as those of the series are is brought and recognised as `prevention add` does:
what is sure is written down, what has open questions lies in the landing folder and is named there.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz import fuzz

from ingest import catalogue
from ingest.book import TABLES
from ingest.catalogue import Catalogue, Source
from ingest.fetch import WEB_PAGE, asking, leading_to, name_of, names_year, write_out
from ingest.learning import record
from ingest.recognise import Recognised, recognise

# How far the name of a file must be that of another of its series, digits aside.
ALIKE = 85
# Files of one year that are brought for a look before the search is given up.
MOST_LOOKED_AT = 6


@dataclass(frozen=True)
class Sought:
    """What came of looking for a year of a series: the file in the landing folder if there is one, and words."""

    path: Path | None
    words: str


def seek(source: Source, financial_year: str, landing: Path) -> Sought:
    """Look for the file of a year on the publisher's page; at most one is brought into the landing folder."""
    import httpx

    known = catalogue.of_landing(landing)
    try:
        with asking() as client, TemporaryDirectory(prefix="prevention-") as folder:
            looked_at = 0
            for link in leading_to(client, source.page, financial_year):
                if not _may_be(link, source, financial_year, known) or looked_at == MOST_LOOKED_AT:
                    continue
                looked_at += 1
                brought = Path(folder) / name_of(link)
                write_out(client, link, brought)
                if not WEB_PAGE.match(brought.read_bytes()[:200]):
                    sought = _taken(brought, source, financial_year, landing, known)
                    if sought is not None:
                        return sought
    except (httpx.TransportError, httpx.HTTPStatusError) as error:
        return Sought(None, f"the publisher's page could not be read: {error}")
    return Sought(None, f"{source.page} leads to no file of it")


def _may_be(link: str, source: Source, financial_year: str, known: Catalogue) -> bool:
    """Whether an address ends in a table named as those of the series are, of no other year than the one sought."""
    name = name_of(link)
    if Path(name).suffix.lower() not in TABLES:
        return False
    if re.search(r"20\d\d", name) and not names_year(name, financial_year):
        return False
    shape = _shape(name)
    return any(fuzz.ratio(shape, _shape(file)) >= ALIKE for release in known.of(source.name) for file in release.files)


def _shape(name: str) -> str:
    return re.sub(r"\d+", "#", Path(name).stem.lower())


def _taken(brought: Path, source: Source, financial_year: str, landing: Path, known: Catalogue) -> Sought | None:
    """The file put into the landing folder when it is of the series and year sought, in words; none when it is not."""
    found: Recognised = recognise(brought, known)
    if found.release is None or found.release.source.name != source.name:
        return None
    if found.release.financial_year not in (None, financial_year):
        return None
    target = landing / brought.name
    landing.mkdir(parents=True, exist_ok=True)
    brought.replace(target)
    if not found.is_sure:
        asked = f"{len(found.questions)} open questions" if len(found.questions) > 1 else "an open question"
        return Sought(target, f"brought, with {asked}: run `prevention add` on it")
    names = ", ".join(entry["release_id"] for entry in record(landing, found))
    return Sought(target, f"brought and recognised as {names}; nobody has reviewed it yet")
