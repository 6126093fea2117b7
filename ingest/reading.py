"""An edition read once into raw Parquet, with a receipt written last.

Without a receipt the files count for nothing, so a read that was cut short is simply read again.
"""

import hashlib
import importlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ingest.catalogue import Release, Source
from ingest.edition import Edition, Parsed, Receipt
from ingest.landing import in_force_with, sha256_of
from ingest.numbers import MARKERS
from ingest.problems import Problem
from ingest.raw_store import safe_name, write_blocks, write_text_atomically
from ingest.tables import REJECTS, TABLES, to_arrow

HERE = Path(__file__).parent


def ingest(edition: Edition, raw: Path) -> Receipt:
    """Read one edition into raw Parquet, unless the same content was read by the same code before.

    Raises InputError with every problem found when the file cannot be taken; nothing is written then.
    """
    held = receipt_of(edition, raw)
    if held is not None:
        return held
    beside = _read_with(edition)
    read = reader(edition.release).read
    parsed = read(edition) if beside is None else read(edition, beside)
    files, rows = {}, {}
    for name, frame in _frames(edition, parsed):
        file = f"{name}/{safe_name(edition.release_id)}.parquet"
        blocks = (frame,) if isinstance(frame, (pd.DataFrame, pa.Table)) else frame
        rows[name] = write_blocks((to_arrow(TABLES[name], block) for block in blocks), TABLES[name].schema, raw / file)
        files[name] = file
    receipt = Receipt(edition.release_id, ingest_key(edition), files, rows, len(parsed.rejects))
    write_text_atomically(_note(edition, raw), json.dumps(asdict(receipt), indent=1))
    return receipt


def _frames(edition: Edition, parsed: Parsed) -> Iterator[tuple[str, pd.DataFrame | pa.Table | Iterator[pa.Table]]]:
    """The tables of an edition, the rejects after all others: only then are they complete.

    Raises ValueError when the reader fills a table that it does not name in `FILLS`.
    """
    source = edition.release.source
    if unnamed := sorted(set(parsed.frames) - fills(source)):
        raise ValueError(f"the reader {source.reader} fills {', '.join(unnamed)}, which FILLS does not name")
    yield from parsed.frames.items()
    if parsed.rejects:
        yield "rejects", _reject_frame(edition, parsed.rejects)


def receipt_of(edition: Edition, raw: Path) -> Receipt | None:
    """The receipt of an edition already read by the present code, or none when it has to be read."""
    note = _note(edition, raw)
    if not note.exists():
        return None
    receipt = Receipt(**json.loads(note.read_text(encoding="utf-8")))
    if receipt.ingest_key != ingest_key(edition) or not all((raw / f).exists() for f in receipt.files.values()):
        return None
    return Receipt(**{**asdict(receipt), "was_read": False})


def reader(release: Release):
    """The module that understands a release's source: it has `read(edition) -> Parsed`."""
    return importlib.import_module(_name_of(release.source.reader, release.source.is_submitted))


def fills(source: Source) -> frozenset[str]:
    """The raw tables that a source's reader fills, as it says itself; every reader can fill `rejects` besides."""
    return frozenset(importlib.import_module(_name_of(source.reader, source.is_submitted)).FILLS)


def _name_of(reader_name: str, is_submitted: bool) -> str:
    """The full name of a reader's module. Those of submitted files lie in folders by subject."""
    if not is_submitted:
        return f"ingest.published.{reader_name}"
    (path,) = (HERE / "submitted").glob(f"*/{reader_name}.py")
    return f"ingest.submitted.{path.parent.name}.{reader_name}"


def _read_with(edition: Edition) -> list[Path] | None:
    """Files that an edition is read together with: those in force of the submitted folder that its reader names in
    `READS_FOLDER`, such as codebooks. None where the reader names none."""
    folder = getattr(reader(edition.release), "READS_FOLDER", None)
    return in_force_with(edition, folder) if folder else None


def ingest_key(edition: Edition) -> str:
    """What the raw files of an edition depend on: its content, its layout, and the code and maps read with."""
    parts = [edition.release_id, edition.sha256, json.dumps(edition.release.layout, sort_keys=True, default=str)]
    parts.append(str(edition.release.financial_year))
    parts.append(_code_digest(edition.release.source.reader, edition.release.source.is_submitted))
    parts += sorted(sha256_of(path) for path in _read_with(edition) or ())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _code_digest(reader_name: str, is_submitted: bool) -> str:
    """Digest of the shared ingest files, the reader's module, the column maps and whatever else it reads.

    A reader names other files it depends on, such as a codebook, in `READS`.
    """
    shared = sorted(HERE.glob("*.py"))
    own = sorted((HERE / "submitted").rglob("*.py")) if is_submitted else [HERE / "published" / f"{reader_name}.py"]
    maps = [*sorted((HERE / "column_maps").glob("*.csv")), MARKERS]
    module = importlib.import_module(_name_of(reader_name, is_submitted))
    digest = hashlib.sha256()
    for path in [*shared, *own, *maps, *getattr(module, "READS", ())]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _note(edition: Edition, raw: Path) -> Path:
    return raw / "receipts" / f"{safe_name(edition.release_id)}.json"


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
