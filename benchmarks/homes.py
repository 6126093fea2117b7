"""What the long proofs share: a refresh in its own process group, and the look at what readers see."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from ingest.land import sha256_of

TOTALS = """
    select financial_year, statement, source, sum(amount_gbp)::text as total_gbp
    from marts.fct_budget_line
    where line_code = '360' and body_kind <> 'control' and measure = 'net_current_expenditure'
    group by all order by all
"""


def start_refresh(home: Path, *arguments: str) -> subprocess.Popen:
    """`prevention refresh` in a process group of its own; its messages go to `<home>.log`."""
    with Path(f"{home}.log").open("a", encoding="utf-8") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", "refresh", "--home", str(home), *arguments],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def refresh(home: Path, *arguments: str) -> tuple[int, float]:
    """Exit code and seconds of one whole refresh."""
    started = time.monotonic()
    return start_refresh(home, *arguments).wait(), time.monotonic() - started


def kill(process: subprocess.Popen) -> None:
    """End the whole process group at once, with no chance to tidy up."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def control_totals(folder: Path) -> list[tuple]:
    """Totals of adult social care by year, statement and source, as a publication has them."""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(TOTALS).fetchall()


def faults(home: Path, totals: list[tuple]) -> list[str]:
    """What is wrong with what readers see: nothing, when the publication is whole and its totals hold."""
    folder = (home / "published").resolve()
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        found = [
            f"{table['name']}.parquet is not the file of the manifest"
            for table in manifest["tables"]
            if sha256_of(folder / "parquet" / f"{table['name']}.parquet") != table["sha256"]
        ]
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            (inside,) = connection.execute("select publication_id from meta.publication").fetchone()
        if inside != manifest["publication_id"] or inside != folder.name:
            found.append(f"database of {inside} beside manifest of {manifest['publication_id']} in {folder.name}")
        if control_totals(folder) != totals:
            found.append("control totals differ")
        return found
    except (OSError, ValueError, duckdb.Error) as error:
        return [f"{type(error).__name__}: {error}"]
