"""The catalogue of published files: `sources.yml`, read once, checked, never written.

A *source* is a publication series; a *release* is one form and year of it; an *edition* is one content of
that release, known by its checksum under any file name. The first known edition carries the release's own
id, any other edition the id followed by `@` and eight characters of its checksum. What a warehouse has learned
about files that this catalogue does not list is in `catalogue.yml` of its landing folder, in the same
words, and is read together with it.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
SAMPLE = HERE / "sample_sources.yml"
CATALOGUES = (HERE / "sources.yml", SAMPLE)
LEARNED = "catalogue.yml"
# What the layout of a file of many releases is marked with; each of them reads its own part of the file.
MANY_RELEASES = "multi_year"


@dataclass(frozen=True)
class Source:
    """A publication series, or a kind of file that people submit.

    `is_required` marks a series that the whole of the marts is made from: without it a refresh publishes the rest and
    says what the series `adds`, unless a file of one of the series that can stand `instead` of it is there; only one
    that is also `is_indispensable` keeps it from publishing.

    `reader` names the module below `published/` or `submitted/` that understands it. `folder` is set for
    submitted sources only: any file in a folder of that name belongs to the source. `companion` is the ending
    of a file that lies beside a submitted one and explains it; the two are one submission. `is_untried` marks a
    reader built from documentation alone, which has not been tried on a published file yet; `untried` names such forms
    and shapes of file of a series whose reader is otherwise tried.
    """

    name: str
    title: str
    publisher: str
    licence: str
    reader: str
    page: str = ""
    is_required: bool = False
    is_indispensable: bool = False
    adds: str = ""
    is_sample: bool = False
    folder: str | None = None
    companion: str | None = None
    publishes: dict = field(default_factory=dict, hash=False)
    is_untried: bool = False
    untried: dict[str, str] = field(default_factory=dict, hash=False)
    instead: list[str] = field(default_factory=list, hash=False)

    @property
    def is_submitted(self) -> bool:
        return self.folder is not None


@dataclass(frozen=True)
class KnownEdition:
    """One content of a release: checksum, label, publication date; name and layout where they are its own.

    `is_reviewed` is false for content that a warehouse has learned by itself and whose differences nobody has reviewed.
    """

    sha256: str
    edition: str
    published_on: str | None = None
    file: str | None = None
    layout: dict | None = field(default=None, hash=False)
    is_reviewed: bool = True


@dataclass(frozen=True)
class Release:
    """One form and year as published, or one file that covers many years.

    `file` is the name it was first published under. `financial_year` is the year of the figures (`2021-22`),
    `wave` that of a coding wave; a release that covers many years, such as a stack or a register, has neither.
    `layout` holds what the reader needs to know about this file alone: sheet names, header rows, encodings.
    `learned` holds the rows that this warehouse has added to the column map of the source.
    """

    release_id: str
    source: Source
    file: str
    editions: tuple[KnownEdition, ...]
    financial_year: str | None = None
    wave: str | None = None
    url: str | None = None
    layout: dict = field(default_factory=dict, hash=False)
    learned: tuple[dict, ...] = field(default=(), hash=False)

    @property
    def files(self) -> list[str]:
        """Every name an edition of the release is known by, the first one first; none of files of many releases, whose
        next edition will have other years under the same name."""
        named = [(self.file, self.layout), *((edition.file, edition.layout or {}) for edition in self.editions)]
        return list(dict.fromkeys(name for name, layout in named if name and not layout.get(MANY_RELEASES)))

    @property
    def untried(self) -> str | None:
        """In words, the form or shape of file of which no published one has been read yet; none for what is tried."""
        said = [words for name, words in self.source.untried.items() if name in (*self.layout, self.layout.get("form"))]
        return said[0] if said else self.source.title if self.source.is_untried else None

    def as_edition(self, name: str, sha256: str) -> "Release":
        """The release as one of its editions was published: under this name, with the layout of its own."""
        own = self.known(sha256) or next((e for e in self.editions if (e.file or self.file) == name), None)
        layout = own.layout if own and own.layout is not None else self.layout
        return replace(self, file=name, layout=layout)

    def known(self, sha256: str) -> KnownEdition | None:
        """The edition with this checksum, or none if the content is new."""
        return next((edition for edition in self.editions if edition.sha256 == sha256), None)

    def edition_id(self, sha256: str) -> str:
        """`release_id` for the first known edition, `release_id@checksum` for every other."""
        is_first = self.editions and self.known(sha256) == self.editions[0]
        return self.release_id if is_first else f"{self.release_id}@{sha256[:8]}"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All sources and releases. Releases stay in the order in which the catalogue lists them."""

    sources: dict[str, Source]
    releases: tuple[Release, ...]

    def by_file(self, name: str, is_sample: bool = False) -> Release | None:
        """The release an edition of which was first published under this file name."""
        return self._names.get((is_sample, name))

    def by_content(self, sha256: str, is_sample: bool = False) -> list[Release]:
        """The releases an edition of which has this checksum, under whatever name the file lies here. They are several
        where one file holds many forms and years."""
        return self._contents.get((is_sample, sha256), [])

    @cached_property
    def _names(self) -> dict[tuple[bool, str], Release]:
        named: dict[tuple[bool, str], Release] = {}
        for release in self.releases:
            for name in release.files:
                named.setdefault((release.source.is_sample, name), release)
        return named

    @cached_property
    def _contents(self) -> dict[tuple[bool, str], list[Release]]:
        held: dict[tuple[bool, str], list[Release]] = {}
        for release in self.releases:
            for edition in release.editions:
                held.setdefault((release.source.is_sample, edition.sha256), []).append(release)
        return held

    def of(self, source: str) -> list[Release]:
        """Every release of a source."""
        return [release for release in self.releases if release.source.name == source]

    def submitted(self) -> list[Source]:
        """The kinds of file that people send in."""
        return [source for source in self.sources.values() if source.is_submitted]

    def financial_years(self, is_sample: bool | None = None) -> list[str]:
        """Every year from the first that any release names to the last, in order: the partitions of the refresh.

        With every real release goes the year that has begun, for its budgets come out in it.
        """
        years = {
            release.financial_year
            for release in self.releases
            if release.financial_year and is_sample in (None, release.source.is_sample)
        }
        if not years:
            return []
        today = datetime.now(UTC).date()
        last = int(max(years)[:4]) if is_sample else max(int(max(years)[:4]), today.year - (today.month < 4))
        return [f"{start}-{(start + 1) % 100:02d}" for start in range(int(min(years)[:4]), last + 1)]


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
        is_sample = path == SAMPLE
        for name, entry in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"].items():
            listed = entry.pop("releases", [])
            source = Source(name=name, is_sample=is_sample, **entry)
            if name in sources:
                raise ValueError(f"{path.name}: source {name} is listed twice")
            sources[name] = source
            layouts = {release.release_id: release.layout for release in releases}
            releases.extend(_release(source, fields, path, layouts) for fields in listed)
    seen: set = set()
    for release in releases:
        for identity in (release.release_id, *((release.source.is_sample, name) for name in release.files)):
            if identity in seen:
                raise ValueError(f"sources.yml: {identity} is listed twice")
            seen.add(identity)
    return Catalogue(sources, tuple(releases))


def of_landing(landing: Path) -> Catalogue:
    """The catalogue of one warehouse: the shipped one, and what its landing folder has learned.

    Raises ValueError naming the entry when the learned part cannot be used.
    """
    path = landing / LEARNED
    if not path.exists():
        return load()
    return _with_learned(load(), path, path.stat().st_mtime_ns)


def learned(landing: Path) -> dict:
    """What `catalogue.yml` of a landing folder says: `releases`, and `columns` by source. Empty where there is none."""
    path = landing / LEARNED
    said = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    return {"releases": [], "columns": {}} | (said or {})


@lru_cache(maxsize=8)
def _with_learned(shipped: Catalogue, path: Path, _changed: int) -> Catalogue:
    said = learned(path.parent)
    releases = {release.release_id: release for release in shipped.releases}
    layouts = {name: release.layout for name, release in releases.items()}
    for entry in said["releases"]:
        fields = dict(entry)
        source = shipped.sources.get(fields.pop("source", None))
        held = releases.get(fields.get("release_id"))
        if source is None and held is None:
            raise ValueError(f"{path}: release {entry.get('release_id', entry)} names no source of the catalogue")
        if held is None:
            releases[fields["release_id"]] = _release(source, fields, path, layouts)
            continue
        new = [_edition(held.release_id, edition, path) for edition in fields["editions"]]
        new = [edition for edition in new if held.known(edition.sha256) is None]
        releases[held.release_id] = replace(held, editions=(*held.editions, *new))
    columns = {name: tuple(rows) for name, rows in said["columns"].items()}
    # Publishers use a file name again for another year: what was learned is known by content first.
    return Catalogue(
        shipped.sources,
        tuple(replace(release, learned=columns.get(release.source.name, ())) for release in releases.values()),
    )


def _edition(release_id: str, fields: dict, path: Path) -> KnownEdition:
    try:
        return KnownEdition(**fields)
    except TypeError as error:
        raise ValueError(f"{path.name}: release {release_id}: {error}") from error


def _release(source: Source, fields: dict, path: Path, layouts: dict[str, dict]) -> Release:
    fields = dict(fields)
    try:
        if "like" in fields:
            fields["layout"] = layouts[fields.pop("like")]
        editions = tuple(_edition(fields.get("release_id"), edition, path) for edition in fields.pop("editions"))
        return Release(source=source, editions=editions, **fields)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: release {fields.get('release_id', fields)}: {error}") from error
