"""What one refresh takes from each source: files found, landed, read or already read, and what went wrong."""

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ingest import apart, catalogue, land
from ingest.book import TABLES
from ingest.catalogue import Catalogue, Source
from ingest.land import Edition, Receipt
from ingest.limits import READ_AT_ONCE
from ingest.problems import InputError
from ingest.submitted.codings import codebook
from orchestration.home import Home

log = logging.getLogger("prevention")

CODING_SHEET = "coding_sheet"


class NothingToRead(Exception):
    """The refresh was pointed at a folder that holds no file the catalogue knows."""


@dataclass(frozen=True)
class Inputs:
    """Where a refresh looks for files, and whether they are the fictional ones."""

    folders: tuple[Path, ...]
    is_sample: bool


@dataclass
class Taken:
    """What a refresh has from one source after reading. `read` and `unchanged` name editions."""

    source: str
    read: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    rows_by_partition: dict[str, int] = field(default_factory=dict)
    rejects: int = 0
    problems: list[str] = field(default_factory=list)
    is_blocking: bool = False

    @property
    def editions(self) -> list[str]:
        return sorted(self.read + self.unchanged)


def choose_inputs(home: Home, data: Path | None) -> Inputs:
    """The given folder, else files in the landing folder, else the bundled sample.

    Raises NothingToRead when a folder was given and nothing in it is known.
    """
    if data is not None:
        if not data.is_dir():
            raise NothingToRead(f"{data} is not a folder. Give --data the folder that holds the published files.")
        known = catalogue.of_landing(home.landing)
        if next(land.find(data, known=known), None) is None and not _holds_any_table(data):
            raise NothingToRead(
                f"No file below {data} is known to the catalogue (ingest/sources.yml), looks like a table, or "
                "lies in a folder for submitted files (maps, ledgers, payments, codings). Check the folder, or run "
                "`prevention fetch` to bring the published files."
            )
        # In this order: where both hold a file, the one in the folder somebody has named is the last found.
        return Inputs((home.landing, data), is_sample=False)
    landed = any(not edition.release.source.is_sample for edition in land.editions(home.landing))
    if landed or next(land.find(home.landing), None) is not None or _holds_any_table(home.landing):
        return Inputs((home.landing,), is_sample=False)
    return Inputs((home.sample,), is_sample=True)


def _holds_any_table(folder: Path) -> bool:
    """Whether a file lies in a folder that may turn out to be a publication, or an archive of some."""
    return any(path.suffix.lower() in (*TABLES, ".zip") for path in land.files_of(folder))


def take(source: Source, home: Home, inputs: Inputs, partition: str | None = None) -> Taken:
    """Find, land and read the files of one source, of one year or wave when a partition is given.

    A file that cannot be read does not stop the others: it is set aside with every problem found in it.
    """
    taken = Taken(source.name)
    for found in _found(source, inputs, partition, catalogue.of_landing(home.landing)):
        try:
            land.land(found, home.landing)
        except InputError as error:
            taken.problems += [str(problem) for problem in error.problems]
    own = [
        edition
        for edition in land.editions(home.landing)
        if edition.release.source.name == source.name and partition in (None, partition_of(edition.release))
    ]
    for edition, receipt in zip(own, _receipts(source, own, home), strict=True):
        _take_in(edition, receipt, home, taken)
    taken.is_blocking = source.is_required and bool(taken.problems)
    is_missing = partition is None and source.is_required and not taken.editions and not taken.problems
    if is_missing and not _is_stood_in_for(source, home, inputs):
        names = ", ".join(release.file for release in catalogue.load().of(source.name)[:3])
        taken.problems.append(
            f"no file of {source.title} ({source.name}) is held. It would add {source.adds}. "
            f"What to do: put at least one of its files into the landing folder, for example {names}, "
            f"from {source.page or source.publisher}"
        )
        taken.is_blocking = source.is_indispensable
    return taken


def _is_stood_in_for(source: Source, home: Home, inputs: Inputs) -> bool:
    """Whether a file of a series that tells the same is held or lies there to be read."""
    if not source.instead:
        return False
    known = catalogue.of_landing(home.landing)
    held = {edition.release.source.name for edition in land.editions(home.landing)}
    there = {found.release.source.name for found in land.find_in(inputs.folders, inputs.is_sample, known)}
    return bool(set(source.instead) & (held | there))


def read_as(source: Source, is_sample: bool) -> Source | None:
    """The catalogue entry whose files stand for a source: its own, or the fictional ones in the same layout.

    None where another source with the same reader stands for the fictional ones already, or where there are none.
    """
    if source.is_sample == is_sample:
        return source
    own = [s for s in catalogue.load().sources.values() if s.reader == source.reader]
    first = next((s for s in own if s.is_sample != is_sample), None)
    return next((s for s in own if s.is_sample == is_sample), None) if source == first else None


def partition_of(release: catalogue.Release) -> str | None:
    """The partition a release belongs to: its year of figures, its wave, or the wave its file name carries."""
    named = (wave for wave in waves_of(release.source) if wave in release.file)
    return release.financial_year or release.wave or next(named, None)


def waves_of(source: Source) -> list[str]:
    """Every coding wave the codebook knows, for coding sheets; none for any other source."""
    if source.reader != CODING_SHEET:
        return []
    return sorted({wave for kind in (codebook.FOI, *codebook.STRATEGIES) for wave in codebook.waves(kind)})


def _found(source: Source, inputs: Inputs, partition: str | None, known: Catalogue) -> Iterator[land.Found]:
    for found in land.find_in(inputs.folders, inputs.is_sample, known):
        if found.release.source.name == source.name and partition in (None, partition_of(found.release)):
            yield found


def _in_use_instead(edition: Edition, taken: Taken) -> str:
    """What a refused edition leaves in force; earlier editions of a release are read before later ones."""
    release = edition.release.release_id
    if any(earlier == release or earlier.startswith(f"{release}@") for earlier in taken.editions):
        return "the last valid edition of it stays in use"
    return "no earlier edition of it is held, so nothing of it is used"


def _receipts(source: Source, own: list[Edition], home: Home) -> Iterator[Callable[[], Receipt]]:
    """For each edition, in order, what gives its receipt or raises what was wrong with it; several are read at once.

    Submitted files are read when asked for, one after the other: what one is read with depends on what became of
    those before it.
    """
    reads = [partial(_read, edition, home, f"{place} of {len(own)}") for place, edition in enumerate(own, start=1)]
    if source.is_submitted:
        yield from reads
        return
    readers = ThreadPoolExecutor(min(READ_AT_ONCE, len(os.sched_getaffinity(0))))
    try:
        for pending in [readers.submit(read) for read in reads]:
            yield pending.result
    finally:
        readers.shutdown(cancel_futures=True)


def _read(edition: Edition, home: Home, place: str) -> Receipt:
    held = land.receipt_of(edition, home.raw)
    if held is not None:
        return held
    log.info(f"reading {edition.release.file} ({place} of {edition.release.source.name})")
    return apart.ingest(edition, home.raw)


def _take_in(edition: Edition, read: Callable[[], Receipt], home: Home, taken: Taken) -> None:
    try:
        receipt = read()
    except InputError as error:
        taken.problems += [str(problem) for problem in error.problems]
        taken.problems.append(f"{edition.release.file} was refused whole; {_in_use_instead(edition, taken)}")
        land.refuse(edition, home.refused, error.problems)
        return
    except apart.ReaderFailed as error:
        taken.problems.append(
            f"{edition.release.file} is not laid out as its reader expects ({error}); nothing of it is used. "
            "What to do: compare it with an earlier file of the source; if it is the publisher's own, report it with "
            f"this message, for the reader {edition.release.source.reader} has to learn it. The other files were read."
        )
        return
    (taken.read if receipt.was_read else taken.unchanged).append(edition.release_id)
    taken.rejects += receipt.rejects
    for table, count in receipt.rows.items():
        taken.rows[table] = taken.rows.get(table, 0) + count
    partition = partition_of(edition.release)
    if partition:
        taken.rows_by_partition[partition] = taken.rows_by_partition.get(partition, 0) + sum(receipt.rows.values())
