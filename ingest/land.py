"""Files found, landed as published, read once, and written as raw Parquet.

    find(folder) ─► land(found) ─► ingest(edition) ─► snapshot(receipts)

Landing keeps every edition of every file under `landing/editions/<release>/<checksum>/`. Reading writes one
Parquet file per raw table and, last, a receipt; without a receipt the files count for nothing, so a read
that was cut short is simply read again. A snapshot is the folder dbt reads: links to exactly the raw files
of one refresh, and an empty file for each table that has none.
"""

import hashlib
import importlib
import json
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest import catalogue
from ingest.catalogue import Release, Source
from ingest.numbers import MARKERS
from ingest.problems import InputError, Problem
from ingest.tables import REJECTS, TABLES, to_arrow

HERE = Path(__file__).parent
EDITIONS = "editions"
log = logging.getLogger("prevention")


@dataclass(frozen=True)
class Found:
    """A file lying in a folder that the catalogue knows by name, or that lies in a submissions folder, with
    the companion that explains it where its source has such."""

    release: Release
    path: Path
    companion: Path | None = None

    @property
    def files(self) -> list[Path]:
        """The file, and its companion after it: what the checksum of the submission is made of."""
        return [self.path, self.companion] if self.companion else [self.path]


@dataclass(frozen=True)
class Edition:
    """One content of a release, landed. `order` counts editions of a release; the highest is served."""

    release: Release
    release_id: str
    path: Path
    sha256: str
    label: str
    published_on: str | None
    is_verified: bool
    order: int


@dataclass
class Parsed:
    """What a reader makes of one edition: frames by raw table name, and what it had to leave out."""

    frames: dict[str, pd.DataFrame | pa.Table]
    rejects: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Receipt:
    """What reading one edition gave: raw files with row counts, rejects, and whether it was read anew."""

    release_id: str
    ingest_key: str
    files: dict[str, str]
    rows: dict[str, int]
    rejects: int
    was_read: bool = True


def find(folder: Path, is_sample: bool = False) -> Iterator[Found]:
    """Every known file below a folder, in name order. Landed editions below it are not looked at."""
    known = catalogue.load()
    submitted = {source.folder: source for source in known.submitted() if source.is_sample == is_sample}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        parts = path.relative_to(folder).parts
        if EDITIONS in parts or path.name.startswith((".", "~$")):
            continue
        release = known.by_file(path.name, is_sample)
        if release is None and len(parts) > 1 and parts[-2] in submitted:
            source = submitted[parts[-2]]
            if _explains_another(path, source):
                continue
            release = Release(release_id=f"{source.name}:{path.stem}", source=source, file=path.name, editions=())
        if release is not None:
            yield Found(release, path, _companion(path, release.source))


def _companion(path: Path, source: Source) -> Path | None:
    """The file beside a submitted one whose name it begins with, the longest such: durham.columns.yml goes with
    durham_2025-26.csv."""
    beside = path.parent.glob(f"*{source.companion}") if source.companion else ()
    fits = [b for b in beside if _begins_with(path.stem, b.name.removesuffix(source.companion)) and b != path]
    return max(fits, key=lambda b: len(b.name), default=None)


def _begins_with(stem: str, name: str) -> bool:
    return stem == name or (stem.startswith(name) and stem[len(name)] in "_-. ")


def _explains_another(path: Path, source: Source) -> bool:
    """Whether a file is a companion in use. One that nothing uses is taken as a file, so that it is noticed."""
    if not source.companion or not path.name.endswith(source.companion):
        return False
    others = (p for p in path.parent.iterdir() if p.is_file() and not p.name.endswith(source.companion))
    return any(_companion(other, source) == path for other in others)


def sha256_of(*paths: Path) -> str:
    """Checksum of a file's content, or of the contents of several one after the other, hexadecimal."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def land(found: Found, landing: Path) -> None:
    """Keep a found file, with its companion, as an edition.

    Content that is the last to have been found already changes nothing. Earlier content found once more, because
    somebody has put it back, becomes the last to have been found.
    """
    sent = found.files
    digest = sha256_of(*sent)
    place = landing / EDITIONS / _safe(found.release.release_id) / digest[:16]
    if (place / "edition.json").exists():
        _put_back(found.release, place)
        return
    place.mkdir(parents=True, exist_ok=True)
    partials = [place / f".{os.getpid()}.{number}.partial" for number, _ in enumerate(sent)]
    for path, partial in zip(sent, partials, strict=True):
        shutil.copyfile(path, partial)
    if sha256_of(*partials) != digest:
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


def _put_back(release: Release, place: Path) -> None:
    """Note that content was found again, when it is not the last found. Known editions have their own order."""
    facts = _facts(place / "edition.json")
    others = [_facts(note) for note in place.parent.glob("*/edition.json") if note.parent != place]
    if release.known(facts["sha256"]):
        others = [other for other in others if not release.known(other["sha256"])]
    if any(other["found_at"] > facts["found_at"] for other in others):
        log.info("%s: earlier content lies in the folder again and is used again", facts["file"])
        facts["found_at"] = datetime.now(UTC).isoformat()
        write_text_atomically(place / "edition.json", json.dumps(facts, indent=1))


def _facts(note: Path) -> dict:
    """What an edition.json says; `found_at` is when its content was last put into a folder."""
    facts = json.loads(note.read_text(encoding="utf-8"))
    return {"found_at": facts["landed_at"], **facts}


def editions(landing: Path) -> list[Edition]:
    """Every landed edition in use, by release and in order.

    First known editions as the catalogue lists them, then unknown content by the time it was last found. Unknown
    content of a published file is in use until a known edition is put back in its place.
    """
    known = catalogue.load()
    releases = {release.release_id: release for release in known.releases}
    landed: dict[str, list[tuple]] = {}
    for note in sorted((landing / EDITIONS).glob("*/*/edition.json")):
        facts = _facts(note)
        release = releases.get(facts["release_id"])
        if release is None:
            source = known.sources.get(facts["source"])
            if source is None or not source.is_submitted:
                continue
            release = Release(facts["release_id"], source, facts["file"], ())
        edition = release.known(facts["sha256"])
        if edition is None and release.source.is_sample and not release.source.is_submitted:
            continue  # written by an earlier version of the sample, which nobody published
        rank = release.editions.index(edition) if edition else len(release.editions)
        place = (rank, facts["found_at"], facts["sha256"])
        landed.setdefault(release.release_id, []).append((place, release, facts, edition, note.parent))
    result = []
    for group in landed.values():
        known_found_at = max((facts["found_at"] for _, _, facts, edition, _ in group if edition), default="")
        in_use = [
            (place, release, facts, edition, folder)
            for place, release, facts, edition, folder in group
            if edition or facts["found_at"] > known_found_at
        ]
        for order, (_, release, facts, edition, folder) in enumerate(sorted(in_use, key=lambda entry: entry[0])):
            unlabelled = "as submitted" if release.source.is_submitted else "unverified copy"
            result.append(
                Edition(
                    release=release,
                    release_id=release.edition_id(facts["sha256"]),
                    path=folder / facts["file"],
                    sha256=facts["sha256"],
                    label=edition.edition if edition else unlabelled,
                    published_on=edition.published_on if edition else None,
                    is_verified=edition is not None,
                    order=order,
                )
            )
    return result


def ingest(edition: Edition, raw: Path) -> Receipt:
    """Read one edition into raw Parquet, unless the same content was read by the same code before.

    Raises InputError with every problem found when the file cannot be taken; nothing is written then.
    """
    held = receipt_of(edition, raw)
    if held is not None:
        return held
    parsed = reader(edition.release).read(edition)
    frames = dict(parsed.frames)
    if parsed.rejects:
        frames["rejects"] = _reject_frame(edition, parsed.rejects)
    files, rows = {}, {}
    for name, frame in frames.items():
        table = to_arrow(TABLES[name], frame)
        file = f"{name}/{_safe(edition.release_id)}.parquet"
        write_parquet(table, raw / file)
        files[name], rows[name] = file, table.num_rows
    receipt = Receipt(edition.release_id, ingest_key(edition), files, rows, len(parsed.rejects))
    write_text_atomically(_note(edition, raw), json.dumps(asdict(receipt), indent=1))
    return receipt


def receipt_of(edition: Edition, raw: Path) -> Receipt | None:
    """The receipt of an edition already read by the present code, or none when it has to be read."""
    note = _note(edition, raw)
    if not note.exists():
        return None
    receipt = Receipt(**json.loads(note.read_text(encoding="utf-8")))
    if receipt.ingest_key != ingest_key(edition) or not all((raw / f).exists() for f in receipt.files.values()):
        return None
    return Receipt(**{**asdict(receipt), "was_read": False})


def refuse(edition: Edition, refused: Path, problems: list[Problem]) -> None:
    """Take an edition that cannot be read out of the landing folder, with the reasons beside it.

    The edition before it is served again; the same file dropped again is refused again.
    """
    place = refused / _safe(edition.release.release_id) / edition.sha256[:16]
    if place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    landed = edition.path.parent
    facts = {"file": edition.path.name, "problems": [str(problem) for problem in problems]}
    write_text_atomically(landed / "problems.json", json.dumps(facts, indent=1, ensure_ascii=False))
    landed.replace(place)


def snapshot(
    taken: list[tuple[Edition, Receipt]], raw: Path, folder: Path, extra: dict[str, pa.Table] | None = None
) -> None:
    """Lay out the raw files of one refresh for dbt: `<folder>/<table>/*.parquet`, never an empty folder.

    `extra` holds tables made by the run itself (the releases, check results).
    """
    if folder.exists():
        shutil.rmtree(folder)
    for name, table in TABLES.items():
        place = folder / name
        place.mkdir(parents=True)
        write_parquet((extra or {}).get(name, table.schema.empty_table()), place / "0.parquet")
    for _, receipt in taken:
        for name, file in receipt.files.items():
            (folder / name / Path(file).name).symlink_to((raw / file).resolve())


def releases_table(taken: list[tuple[Edition, Receipt]]) -> pa.Table:
    """The `releases` raw table of one refresh: every edition read, and which of them is served."""
    last: dict[str, int] = {}
    for edition, _ in taken:
        last[edition.release.release_id] = max(edition.order, last.get(edition.release.release_id, -1))
    rows = [
        {
            "release_id": edition.release_id,
            "release_of": edition.release.release_id,
            "source": edition.release.source.name,
            "financial_year": edition.release.financial_year,
            "wave": edition.release.wave,
            "file": edition.release.file,
            "sha256": edition.sha256,
            "edition": edition.label,
            "edition_order": edition.order,
            "is_serving": edition.order == last[edition.release.release_id],
            "is_verified": edition.is_verified,
            "is_sample": edition.release.source.is_sample,
            "publisher": edition.release.source.publisher,
            "licence": edition.release.source.licence,
            "page": edition.release.source.page,
            "published_on": edition.published_on,
        }
        for edition, _ in sorted(taken, key=lambda pair: pair[0].release_id)
    ]
    return to_arrow(TABLES["releases"], pd.DataFrame(rows, columns=TABLES["releases"].schema.names))


def reader(release: Release):
    """The module that understands a release's source: it has `read(edition) -> Parsed`."""
    place = "submitted" if release.source.is_submitted else "published"
    return importlib.import_module(f"ingest.{place}.{release.source.reader}")


def ingest_key(edition: Edition) -> str:
    """What the raw files of an edition depend on: its content, its layout, and the code and maps read with."""
    parts = [edition.release_id, edition.sha256, json.dumps(edition.release.layout, sort_keys=True, default=str)]
    parts.append(str(edition.release.financial_year))
    parts.append(_code_digest(edition.release.source.reader, edition.release.source.is_submitted))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _code_digest(reader_name: str, is_submitted: bool) -> str:
    """Digest of the shared ingest files, the reader's module, the column maps and whatever else it reads.

    A reader names other files it depends on, such as a codebook, in `READS`.
    """
    shared = sorted(HERE.glob("*.py"))
    place = HERE / ("submitted" if is_submitted else "published")
    own = sorted(place.glob("*.py")) if is_submitted else [place / f"{reader_name}.py"]
    maps = [*sorted((HERE / "column_maps").glob("*.csv")), MARKERS]
    module = importlib.import_module(f"ingest.{place.name}.{reader_name}")
    digest = hashlib.sha256()
    for path in [*shared, *own, *maps, *getattr(module, "READS", ())]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _note(edition: Edition, raw: Path) -> Path:
    return raw / "receipts" / f"{_safe(edition.release_id)}.json"


def _reject_frame(edition: Edition, rejects: list[Problem]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "release_id": edition.release_id,
                "sheet": problem.sheet or "",
                "source_row": problem.row,
                "source_column": problem.column if isinstance(problem.column, int) else None,
                "file": problem.file,
                "value_text": problem.value,
                "reason": problem.what,
                "remedy": problem.remedy,
            }
            for problem in rejects
        ],
        columns=REJECTS.schema.names,
    )


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write under a temporary name, then rename: readers see the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(path)


def write_text_atomically(path: Path, text: str) -> None:
    """Write under a temporary name, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _safe(release_id: str) -> str:
    return "".join(c if c.isalnum() or c in "-_.@" else "_" for c in release_id)
