"""What a refresh does with files, step by step, under one name.

    find(folder) ─► land(found) ─► ingest(edition) ─► snapshot(receipts)

Each step lives in a module of its own: files found and editions kept in `landing`, reading in `reading`, raw Parquet
in `raw_store`. Readers know none of these; what they are given and give back is in `edition`.
"""

from ingest.edition import Edition, Parsed, Receipt
from ingest.landing import (
    EDITIONS,
    Found,
    editions,
    files_of,
    find,
    find_in,
    in_force,
    land,
    refuse,
    sha256_of,
    unplaced,
)
from ingest.raw_store import releases_table, safe_name, served, snapshot, write_parquet, write_text_atomically
from ingest.reading import ingest, ingest_key, reader, receipt_of

__all__ = [
    "EDITIONS",
    "Edition",
    "Found",
    "Parsed",
    "Receipt",
    "editions",
    "files_of",
    "find",
    "find_in",
    "in_force",
    "ingest",
    "ingest_key",
    "land",
    "reader",
    "receipt_of",
    "refuse",
    "releases_table",
    "safe_name",
    "served",
    "sha256_of",
    "snapshot",
    "unplaced",
    "write_parquet",
    "write_text_atomically",
]
