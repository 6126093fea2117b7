"""How long a ledger as large as a country's takes to read, and in how much memory.

    python -m benchmarks.ledgers --lines 1 5 10 --runs 3

Millions of lines of 152 invented councils, as one CSV, one Parquet file and a folder of ten CSV parts; one row in a
thousand is faulty. The floor is the same file read as text and written to Parquet by Arrow, nothing checked. What
the engine keeps must come to the penny to what was written, and its rejects to the faulty rows.
"""

import argparse
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from benchmarks import measure
from ingest import land

COUNCILS = 152
FAULTY_EVERY = 1_000
AT_ONCE = 500_000
PARTS = 10
COLUMNS_FILE = """\
statement: budget
tolerance_gbp: 500.00
columns: {council_code: Council, cost_centre_code: Cost centre, cost_centre_name: Description, financial_year: Year,
  line_code: RA line, service_code: Service, gross: Gross, income: Income}
"""


def block(first: int, count: int) -> tuple[pa.Table, int]:
    """Rows from number `first` on, and the pence of those that are good."""
    numbers = np.arange(first, first + count)
    pence = (numbers * 7_919) % 9_000_003 - 400_000
    is_faulty = numbers % FAULTY_EVERY == 0
    text = pounds(pence)
    council = numbers % COUNCILS
    names = {
        "Council": pa.array([f"E06{n:06d}" for n in range(COUNCILS)]).take(pa.array(council)),
        "Cost centre": pa.array(np.char.add("CC", numbers.astype("U10"))),
        "Description": pa.array(["Reablement team", "Telecare", "Carers’ centre, north", "Care homes", ""]).take(
            pa.array(numbers % 5)
        ),
        "Year": pa.array([f"{2013 + n}-{14 + n}" for n in range(10)]).take(pa.array(numbers // COUNCILS % 10)),
        "RA line": pa.array([str(330 + n) for n in range(30)]).take(pa.array(numbers % 30)),
        "Service": pa.array(["reablement", "telecare", "", "care_homes"]).take(pa.array(numbers % 4)),
        "Gross": pa.array(np.where(is_faulty, "n/k", text)),
        "Income": pa.array(np.where(numbers % 3 == 0, "0.01", "")),
    }
    good = ~is_faulty
    return pa.table(names), int(pence[good].sum() - (good & (numbers % 3 == 0)).sum())


def pounds(pence: np.ndarray) -> np.ndarray:
    """Pence as pounds in text."""
    return np.array([f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02d}" for n in pence.tolist()])


def write(folder: Path, kind: str, lines: int) -> tuple[int, Decimal]:
    """A ledger below `folder/ledgers`, landed; gives its bytes and the sum of its good rows."""
    place = folder / "ledgers"
    place.mkdir(parents=True)
    (place / "england.columns.yml").write_text(COLUMNS_FILE, encoding="utf-8")
    total = 0
    parts = PARTS if kind == "folder" else 1
    for part in range(parts):
        first, last = lines * part // parts, lines * (part + 1) // parts
        name = {"csv": "england.csv", "parquet": "england.parquet", "folder": f"england/part-{part}.csv"}[kind]
        (place / name).parent.mkdir(exist_ok=True)
        writer = None
        for start in range(first, last, AT_ONCE):
            table, pence = block(start, min(AT_ONCE, last - start))
            total += pence
            if writer is None:
                make = pq.ParquetWriter if kind == "parquet" else csv.CSVWriter
                writer = make(place / name, table.schema)
            writer.write_table(table)
        writer.close()
    for found in land.find(folder):
        land.land(found, folder / "landing")
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return size, Decimal(total) / 100


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=float, nargs="+", default=[1.0], help="millions of lines")
    options.add_argument("--kinds", nargs="+", default=["csv", "parquet", "folder"])
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    print("| lines | as | MB | method | ratio | processor s | range | wall s | peak MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    wrong = 0
    for millions in given.lines:
        lines = int(millions * 1_000_000)
        for kind in given.kinds:
            with tempfile.TemporaryDirectory() as temporary:
                folder = Path(temporary)
                size, total = write(folder, kind, lines)
                taken = {"floor": [], "engine": []}
                for _ in range(given.runs):
                    for method, runs in taken.items():
                        for receipt in (folder / "raw" / "receipts").glob("*"):
                            receipt.unlink()
                        runs.append(measure.run("benchmarks.one_ledger", method, str(folder)))
            least = median(one.processor for one in taken["floor"])
            for method, runs in taken.items():
                ratio = median(one.processor for one in runs) / least
                cells = f"{lines:,} | {kind} | {size / 1e6:,.0f} | {method} | {ratio:.2f}"
                print(f"| {cells} | {measure.summary(runs)} |", flush=True)
            kept, rejects, found = taken["engine"][-1].said.split()
            faulty = -(-lines // FAULTY_EVERY)
            if (int(kept), int(rejects), Decimal(found)) != (lines - faulty, faulty, total):
                wrong += 1
                print(f"WRONG: {kept} rows and {found}, {rejects} rejects; written {lines - faulty} and {total}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
