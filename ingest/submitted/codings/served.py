"""The raw rows that a refresh serves: of each submission the last edition."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.edition import Edition, Receipt
from ingest.tables import TABLES


def rows_of(name: str, taken: list[tuple[Edition, Receipt]], raw: Path) -> pa.Table:
    """Rows of one raw table from the last edition of every submission that fills it, in the order of their files."""
    last: dict[str, tuple[int, str]] = {}
    for edition, receipt in taken:
        if name in receipt.files:
            held = last.get(edition.release.release_id, (-1, ""))
            last[edition.release.release_id] = max(held, (edition.order, receipt.files[name]))
    tables = [pq.read_table(raw / file) for _, file in sorted(last.values(), key=lambda found: found[1])]
    return pa.concat_tables(tables) if tables else TABLES[name].schema.empty_table()
