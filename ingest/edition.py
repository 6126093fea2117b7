"""What a reader is given and what it gives back: an edition of a file, and the rows made of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ingest.catalogue import Release
from ingest.problems import Problem


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
    """What a reader makes of one edition: frames by raw table name, and what it had to leave out.

    A table that may be too long for memory comes as blocks of it, which can be taken once; the rejects are complete
    when they have been taken.
    """

    frames: dict[str, pd.DataFrame | pa.Table | Iterator[pa.Table]]
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
