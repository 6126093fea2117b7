"""Files found and landed as published: every edition of every release is kept under `editions/<release>/<checksum>/`.

Which editions are in use, and which of a release's is served, follows from what they are and when they were found:

- Editions are ordered by the day they were published. Of one day, the catalogue's order counts, and content that
  the catalogue does not list comes after. A listed edition without a date comes before every dated one; content
  without a date that nobody has listed comes last, for somebody has put it there since.
- The last one is served, unless an earlier edition was put back since: then that one is served, and the
  later ones are out of use until they are found again.
"""

import glob
import json
import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from ingest import catalogue
from ingest.book import TABLES
from ingest.catalogue import Catalogue, KnownEdition, Release, Source
from ingest.edition import Edition
from ingest.limits import LONGEST_FILE_NAME_BYTES
from ingest.problems import InputError, Problem
from ingest.raw_store import safe_name, write_text_atomically

EDITIONS = "editions"
# Kept by ourselves in the landing folder, and no files of anybody.
OWN_FILES = {catalogue.LEARNED, "unplaced.json"}
# What explains data and is none: it lies beside most downloads, and nobody has to be told of it. A table only where
# that is its whole name: a new file of figures may well speak of a notice or of metadata in its name.
_EXPLAINING = r"(?:read[ _-]?me|licen[cs]e|notice|change[ _-]?log|(?:data[ _-]?)?dictionary|metadata|glossary)"
EXPLAINING_TABLE = re.compile(_EXPLAINING, re.IGNORECASE)
EXPLAINING_TEXT = re.compile(rf"(?:^|[\W_]){_EXPLAINING}(?:[\W_]|$)|\.(?:md|rst)$", re.IGNORECASE)
FIRST_OF_ALL, LAST_OF_ALL = "", "9999-99-99"
log = logging.getLogger("prevention")


@dataclass(frozen=True)
class Found:
    """A file lying in a folder whose content or name the catalogue knows, or that lies in a submissions folder.

    `companion` is the file that explains it where its source has such; `beside` are the other files of the same
    release that lie there as well.
    """

    release: Release
    path: Path
    companion: Path | None = None
    beside: tuple[Path, ...] = ()

    @property
    def files(self) -> list[Path]:
        """The file, and its companion after it: what the checksum of the submission is made of."""
        return [self.path, self.companion] if self.companion else [self.path]


@dataclass(frozen=True)
class _Landed:
    """A landed edition, what its note says, and its place among the editions of its release."""

    release: Release
    facts: dict
    known: KnownEdition | None
    folder: Path
    place: tuple

    @property
    def is_listed(self) -> bool:
        return self.known is not None


def find(folder: Path, is_sample: bool = False, known: Catalogue | None = None) -> Iterator[Found]:
    """Every known file below a folder, in name order. Landed editions below it are not looked at."""
    return find_in((folder,), is_sample, known)


def find_in(folders: Iterable[Path], is_sample: bool = False, known: Catalogue | None = None) -> Iterator[Found]:
    """Every known file below several folders; of two files with one name, that of the later folder counts."""
    known = known or catalogue.load()
    lying: list[tuple[Path, Release]] = []
    for folder in folders:
        here = [(p, release) for p in files_of(folder) for release in _releases_of(p, folder, is_sample, known)]
        names = {(release.release_id, path.name) for path, release in here}
        lying = [(p, r) for p, r in lying if (r.release_id, p.name) not in names] + here
    for path, release in lying:
        others = (p for p, r in lying if r.release_id == release.release_id and p != path)
        yield Found(release, path, _companion(path, release.source), tuple(others))


def unplaced(folders: Iterable[Path], known: Catalogue) -> Iterator[Path]:
    """Files below the folders that nothing in the catalogue accounts for, neither by content nor by name.

    Files that by their name explain others, such as a README or a data dictionary, are passed over.
    """
    for folder in folders:
        submitted = {source.folder for source in known.submitted()}
        for path in files_of(folder):
            parts = path.relative_to(folder).parts
            if submitted & set(parts[-3:-1]) or _explains(path):
                continue
            if not _releases_of(path, folder, False, known) and not _releases_of(path, folder, True, known):
                yield path


def _explains(path: Path) -> bool:
    if path.suffix.lower() in TABLES:
        return EXPLAINING_TABLE.fullmatch(path.stem) is not None
    return EXPLAINING_TEXT.search(path.name) is not None


def files_of(folder: Path) -> list[Path]:
    """Files below a folder that somebody may have put there, in name order."""
    if not folder.exists():
        return []
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and EDITIONS not in path.relative_to(folder).parts
        and not path.name.startswith((".", "~$"))
        and path.name not in OWN_FILES
    ]


def _releases_of(path: Path, folder: Path, is_sample: bool, known: Catalogue) -> list[Release]:
    """The release of a file, none, or several where one file holds many forms and years."""
    releases = known.by_content(sha256_of(path), is_sample)
    named = None if releases else known.by_file(path.name, is_sample)
    if releases or named:
        return releases or [named]
    parts = path.relative_to(folder).parts
    for source in known.submitted() if len(parts) > 1 else ():
        name = _name_in(source, parts)
        if name and source.is_sample == is_sample and not _explains_another(path, source):
            return [Release(release_id=f"{source.name}:{name}", source=source, file=path.name, editions=())]
    return []


def _name_in(source: Source, parts: tuple[str, ...]) -> str | None:
    """What a submission is called: its stem, in a folder of parts behind the folder's name; none elsewhere."""
    stem = Path(parts[-1]).stem
    if source.folder == parts[-2]:
        return stem
    if source.companion and len(parts) > 2 and source.folder == parts[-3]:
        return f"{parts[-2]}.{stem}"
    return None


def _companion(path: Path, source: Source) -> Path | None:
    """The file beside a submitted one whose name it begins with, the longest such: durham.columns.yml goes with
    durham_2025-26.csv. Beside a folder of parts, the one whose name the folder's begins with."""
    if not source.companion:
        return None
    name, folder = (
        (path.stem, path.parent) if path.parent.name == source.folder else (path.parent.name, path.parents[1])
    )
    fits = [
        beside
        for beside in folder.glob(f"*{source.companion}")
        if _begins_with(name, beside.name.removesuffix(source.companion)) and beside != path
    ]
    return max(fits, key=lambda b: len(b.name), default=None)


def _begins_with(stem: str, name: str) -> bool:
    return stem == name or (stem.startswith(name) and stem[len(name)] in "_-. ")


def _explains_another(path: Path, source: Source) -> bool:
    """Whether a file is a companion in use. One that nothing uses is taken as a file, so that it is noticed."""
    if not source.companion or not path.name.endswith(source.companion):
        return False
    lying = (*path.parent.iterdir(), *path.parent.glob("*/*"))
    others = (p for p in lying if p.is_file() and not p.name.endswith(source.companion))
    return any(_companion(other, source) == path for other in others)


def sha256_of(*paths: Path) -> str:
    """Checksum of a file's content, or of the contents of several one after the other, hexadecimal."""
    if len(paths) == 1:
        stats = paths[0].stat()
        return _sha256_of_one(paths[0], stats.st_size, stats.st_mtime_ns, stats.st_ino)
    return _digest(paths)


@lru_cache(maxsize=4096)
def _sha256_of_one(path: Path, _size: int, _changed: int, _number: int) -> str:
    return _digest((path,))


def _digest(paths: Iterable[Path]) -> str:
    digest = sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def land(found: Found, landing: Path) -> None:
    """Keep a found file, with its companion, as an edition.

    Content that is in use already changes nothing. Content found once more in the place of a later edition that no
    longer lies beside it was put back, and so was content found again that was out of use.
    """
    for path in found.files:
        _name_can_be_kept(path)
    sent = found.files
    digest = sha256_of(*sent)
    place = landing / EDITIONS / safe_name(found.release.release_id) / digest[:16]
    if (place / "edition.json").exists():
        _put_back(found, place, landing)
        return
    place.mkdir(parents=True, exist_ok=True)
    partials = [place / f".{os.getpid()}.{number}.partial" for number, _ in enumerate(sent)]
    for path, partial in zip(sent, partials, strict=True):
        _copy(path, partial, landing, digest)
    if _digest(partials) != digest:
        for partial in partials:
            partial.unlink()
        raise InputError(
            Problem(
                file=found.path.name,
                what="the file changed while it was being read",
                remedy="wait until it is copied whole, then refresh again",
            )
        )
    for path, partial in zip(sent, partials, strict=True):
        partial.replace(place / path.name)
    facts = {
        "release_id": found.release.release_id,
        "source": found.release.source.name,
        "file": found.path.name,
        "sha256": digest,
        "landed_at": datetime.now(UTC).isoformat(),
    }
    write_text_atomically(place / "edition.json", json.dumps(facts, indent=1))


def _copy(path: Path, to: Path, landing: Path, digest: str) -> None:
    """A copy, or one more name of the copy that another release has landed of the same file."""
    landed = next((landing / EDITIONS).glob(f"*/{digest[:16]}/{glob.escape(path.name)}"), None)
    with suppress(OSError):
        if landed is not None:
            os.link(landed, to)
            return
    shutil.copyfile(path, to)


def _name_can_be_kept(path: Path) -> None:
    """Raise InputError for a name that leaves no room for our own names beside it, or is no text."""
    name = os.fsencode(path.name)
    if len(name) > LONGEST_FILE_NAME_BYTES:
        what = f"the file's name is {len(name)} bytes long; at most {LONGEST_FILE_NAME_BYTES} are taken"
    elif not path.name.isprintable():
        what = "the file's name holds characters that are no text"
    else:
        return
    shown = path.name.encode("utf-8", "replace").decode()
    raise InputError(Problem(file=shown[:60], what=what, remedy="give the file a shorter, plain name"))


def _put_back(found: Found, place: Path, landing: Path) -> None:
    facts = _facts(place / "edition.json")
    in_use = [landed for landed in _in_use(_landed(landing, found.release.release_id)) if landed.folder.exists()]
    if not in_use:
        return
    served = in_use[-1]
    lying = {place} | {place.parent / sha256_of(path)[:16] for path in found.beside}
    is_out_of_use = all(landed.folder != place for landed in in_use)
    if is_out_of_use or served.folder not in lying:
        log.info("%s: this edition lies in the folder again and is used again", facts["file"])
        facts["found_at"] = facts["put_back_at"] = datetime.now(UTC).isoformat()
        write_text_atomically(place / "edition.json", json.dumps(facts, indent=1))


def _facts(note: Path) -> dict:
    """What an edition.json says; `found_at` is when its content was last put into a folder."""
    facts = json.loads(note.read_text(encoding="utf-8"))
    return {"found_at": facts["landed_at"], **facts}


def editions(landing: Path, of: str | None = None) -> list[Edition]:
    """Every landed edition in use, by release and in order; the last of a release is the one that is served.

    `of` names one submitted source: only its editions are looked at.
    """
    result = []
    groups: dict[str, list[_Landed]] = {}
    for landed in _landed(landing, source=of):
        groups.setdefault(landed.release.release_id, []).append(landed)
    for group in groups.values():
        for order, landed in enumerate(_in_use(group)):
            release, facts, edition = landed.release, landed.facts, landed.known
            unlabelled = "as submitted" if release.source.is_submitted else "unverified copy"
            result.append(
                Edition(
                    release=release.as_edition(facts["file"], facts["sha256"]),
                    release_id=release.edition_id(facts["sha256"]),
                    path=landed.folder / facts["file"],
                    sha256=facts["sha256"],
                    label=edition.edition if edition else unlabelled,
                    published_on=edition.published_on if edition else _day_of_its_name(release, facts["file"]),
                    is_verified=edition is not None and edition.is_reviewed,
                    order=order,
                )
            )
    return result


def in_force(landing: Path, folder: str, is_sample: bool) -> list[Path]:
    """Files submitted into a folder, such as `codebooks`, that are in force: of each the last edition."""
    found = [e for of in (folder, f"sample_{folder}") for e in editions(landing, of)]
    last = {e.release.release_id: e.path for e in found if e.release.source.is_sample == is_sample}
    return list(last.values())


def in_force_with(edition: Edition, folder: str) -> list[Path]:
    """The same, where an edition has landed, without that edition itself; none for a file that lies elsewhere."""
    above = edition.path.parents
    if len(above) < 4 or above[2].name != EDITIONS:
        return []
    return [path for path in in_force(above[3], folder, edition.release.source.is_sample) if path != edition.path]


def _day_of_its_name(release: Release, name: str) -> str | None:
    """The day of the listed edition whose name unlisted content bears: it is taken for a copy of it."""
    days = [one.published_on for one in release.editions if one.published_on and (one.file or release.file) == name]
    return max(days, default=None)


def _landed(landing: Path, release_id: str | None = None, source: str | None = None) -> list[_Landed]:
    known = catalogue.of_landing(landing)
    releases = {release.release_id: release for release in known.releases}
    folder = safe_name(release_id) if release_id else f"{safe_name(source)}_*" if source else "*"
    landed = []
    for note in sorted((landing / EDITIONS).glob(f"{folder}/*/edition.json")):
        facts = _facts(note)
        release = releases.get(facts["release_id"])
        if release is None:
            of = known.sources.get(facts["source"])
            if of is None or not of.is_submitted:
                continue
            release = Release(facts["release_id"], of, facts["file"], ())
        edition = release.known(facts["sha256"])
        if edition is None and release.source.is_sample and not release.source.is_submitted:
            continue  # written by an earlier version of the sample, which nobody published
        landed.append(_Landed(release, facts, edition, note.parent, _place(release, edition, facts)))
    return landed


def _place(release: Release, edition: KnownEdition | None, facts: dict) -> tuple:
    """Where an edition is among those of its release; see the head of the module."""
    if edition is None:
        return (LAST_OF_ALL, len(release.editions), facts["found_at"], facts["sha256"])
    day = edition.published_on or FIRST_OF_ALL
    return (day, release.editions.index(edition), "", facts["sha256"])


def _in_use(group: list[_Landed]) -> list[_Landed]:
    """Editions of one release in order, without those that an edition put back, or a listed one, has replaced."""
    listed_at = max((one.facts["found_at"] for one in group if one.is_listed), default="")
    group = [one for one in group if one.is_listed or one.facts["found_at"] > listed_at]
    ordered = sorted(group, key=lambda one: one.place)
    if any(one.is_listed for one in ordered):
        put_back = max(ordered, key=lambda one: one.facts.get("put_back_at", ""))
        since = put_back.facts.get("put_back_at", "")
        kept = ordered[: ordered.index(put_back) + 1] if since else ordered
        ordered = [one for one in ordered if one in kept or one.facts["found_at"] >= since]
    return ordered


def refuse(edition: Edition, refused: Path, problems: list[Problem]) -> None:
    """Take an edition that cannot be read out of the landing folder, with the reasons beside it.

    The edition before it is served again; the same file dropped again is refused again.
    """
    place = refused / safe_name(edition.release.release_id) / edition.sha256[:16]
    if place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    landed = edition.path.parent
    facts = {"file": edition.path.name, "problems": [str(problem) for problem in problems]}
    write_text_atomically(landed / "problems.json", json.dumps(facts, indent=1, ensure_ascii=False))
    landed.replace(place)
