"""One method on one ledger, in a process of its own: see ledgers.py."""

import sys
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest import land


def engine(folder: Path) -> tuple[int, int, str]:
    """What a refresh does with the files: rows kept, rows rejected, their sum."""
    rows, rejects, total = 0, 0, 0
    for edition in land.editions(folder / "landing"):
        receipt = land.ingest(edition, folder / "raw")
        rows, rejects = rows + receipt.rows["ledger_lines"], rejects + receipt.rejects
        for batch in pq.ParquetFile(folder / "raw" / receipt.files["ledger_lines"]).iter_batches(columns=["net_gbp"]):
            total += pc.sum(batch["net_gbp"]).as_py()
    return rows, rejects, str(total)


def floor(folder: Path) -> tuple[int, int, str]:
    """The same files as text into Parquet by Arrow alone: nothing is checked, nothing has a place."""
    rows = 0
    for path in sorted((folder / "ledgers").rglob("*.*")):
        if path.suffix == ".parquet":
            batches = ds.dataset(path).to_batches()
        elif path.suffix == ".csv":
            batches = csv.open_csv(path, read_options=csv.ReadOptions(use_threads=False))
        else:
            continue
        writer = None
        for batch in batches:
            writer = writer or pq.ParquetWriter(folder / "floor.parquet", batch.schema, compression="zstd")
            writer.write_batch(batch)
            rows += batch.num_rows
        writer.close()
    return rows, 0, ""


if __name__ == "__main__":
    print(*{"engine": engine, "floor": floor}[sys.argv[1]](Path(sys.argv[2])))
