"""The catalogue of published files: `sources.yml`, read once, checked, never written.

A *source* is a publication series; a *release* is one file of it, known by name; an *edition* is one
content of that file, known by checksum. The first known edition carries the release's own id, any other
edition the id followed by `@` and eight characters of its checksum.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
CATALOGUES = (HERE / "sources.yml", HERE / "sample" / "sources.yml")


@dataclass(frozen=True)
class Source:
    """A publication series, or a kind of file that people submit.

    `reader` names the module under `published/` or `submitted/` that understands it. `folder` is set for
    submitted sources only: any file in a folder of that name belongs to the source. `companion` is the ending
    of a file that lies beside a submitted one and explains it; the two are one submission.
    """

    name: str
    title: str
    publisher: str
    licence: str
    reader: str
    page: str = ""
    is_required: bool = False
    is_sample: bool = False
    folder: str | None = None
    companion: str | None = None
    publishes: dict = field(default_factory=dict, hash=False)

    @property
    def is_submitted(self) -> bool:
        return self.folder is not None


@dataclass(frozen=True)
class KnownEdition:
    """One content of a published file that somebody has looked at: checksum, label, publication date."""

    sha256: str
    edition: str
    published_on: str | None = None


@dataclass(frozen=True)
class Release:
    """One published file.

    `financial_year` is the year of the figures (`2021-22`), `wave` that of a coding wave; a release that
    covers many years, such as a stack or a register, has neither. `layout` holds what the reader needs to
    know about this file alone: sheet names, header rows, encodings.
    """

    release_id: str
    source: Source
    file: str
    editions: tuple[KnownEdition, ...]
    financial_year: str | None = None
    wave: str | None = None
    url: str | None = None
    layout: dict = field(default_factory=dict, hash=False)

    def known(self, sha256: str) -> KnownEdition | None:
        """The edition with this checksum, or none if the content is new."""
        return next((edition for edition in self.editions if edition.sha256 == sha256), None)

    def edition_id(self, sha256: str) -> str:
        """`release_id` for the first known edition, `release_id@checksum` for every other."""
        is_first = self.editions and self.known(sha256) == self.editions[0]
        return self.release_id if is_first else f"{self.release_id}@{sha256[:8]}"


@dataclass(frozen=True)
class Catalogue:
    """All sources and releases. Releases stay in the order in which the catalogue lists them."""

    sources: dict[str, Source]
    releases: tuple[Release, ...]

    def by_file(self, name: str, is_sample: bool = False) -> Release | None:
        """The release published under this file name."""
        for release in self.releases:
            if release.file == name and release.source.is_sample == is_sample:
                return release
        return None

    def of(self, source: str) -> list[Release]:
        """Every release of a source."""
        return [release for release in self.releases if release.source.name == source]

    def submitted(self) -> list[Source]:
        """The kinds of file that people send in."""
        return [source for source in self.sources.values() if source.is_submitted]

    def financial_years(self, is_sample: bool | None = None) -> list[str]:
        """Every year any release names, in order: the partitions of the refresh."""
        return sorted(
            {
                release.financial_year
                for release in self.releases
                if release.financial_year and is_sample in (None, release.source.is_sample)
            }
        )


@cache
def load() -> Catalogue:
    """Read the real and the sample catalogue.

    A sample release names the published release it is `like` and has that one's layout.
    Raises ValueError naming the entry when a release is listed twice or lacks a field.
    """
    sources: dict[str, Source] = {}
    releases: list[Release] = []
    for path in CATALOGUES:
        if not path.exists():
            continue
        is_sample = path.parent.name == "sample"
        for name, entry in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"].items():
            listed = entry.pop("releases", [])
            source = Source(name=name, is_sample=is_sample, **entry)
            if name in sources:
                raise ValueError(f"{path.name}: source {name} is listed twice")
            sources[name] = source
            layouts = {release.release_id: release.layout for release in releases}
            releases.extend(_release(source, fields, path, layouts) for fields in listed)
    seen: set[str] = set()
    for release in releases:
        for identity in (release.release_id, (release.source.is_sample, release.file)):
            if identity in seen:
                raise ValueError(f"sources.yml: {identity} is listed twice")
            seen.add(identity)
    return Catalogue(sources, tuple(releases))


def _release(source: Source, fields: dict, path: Path, layouts: dict[str, dict]) -> Release:
    fields = dict(fields)
    try:
        if "like" in fields:
            fields["layout"] = layouts[fields.pop("like")]
        editions = tuple(KnownEdition(**edition) for edition in fields.pop("editions"))
        return Release(source=source, editions=editions, **fields)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: release {fields.get('release_id', fields)}: {error}") from error
