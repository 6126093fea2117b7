"""Raw Parquet files: written whole or not at all, and laid out as the folder that dbt reads.

A snapshot is links to exactly the raw files of one refresh, and an empty file for each table that has none.
"""

import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.edition import Edition, Receipt
from ingest.tables import TABLES, to_arrow


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


def served(editions: list[Edition]) -> set[str]:
    """Ids of the editions whose figures count: the last of each release, of the latest release of a form and year.

    A form and year may have been published as two releases under two names. The one published later counts; two of
    one day both do, and have to agree; one without a date counts only where none has one.
    """
    last: dict[str, Edition] = {}
    for edition in editions:
        held = last.setdefault(edition.release.release_id, edition)
        if edition.order > held.order:
            last[edition.release.release_id] = edition
    newest: dict[tuple, str] = {}
    for edition in last.values():
        key = _form_and_year(edition)
        newest[key] = max(newest.get(key, ""), edition.published_on or "")
    return {e.release_id for e in last.values() if (e.published_on or "") == newest[_form_and_year(e)]}


def _form_and_year(edition: Edition) -> tuple:
    release = edition.release
    if release.source.is_submitted or not release.financial_year:
        return (release.release_id,)
    return (release.source.name, release.layout.get("form"), release.financial_year)


def releases_table(taken: list[tuple[Edition, Receipt]]) -> pa.Table:
    """The `releases` raw table of one refresh: every edition read, and which of them is served."""
    serving = served([edition for edition, _ in taken])
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
            "is_serving": edition.release_id in serving,
            "is_verified": edition.is_verified,
            "is_sample": edition.release.source.is_sample,
            "publisher": edition.release.source.publisher,
            "licence": edition.release.source.licence,
            "page": edition.release.source.page,
            "published_on": edition.published_on,
            "ingest_key": receipt.ingest_key,
            "rows": sum(receipt.rows.values()),
            "rejects": receipt.rejects,
        }
        for edition, receipt in sorted(taken, key=lambda pair: pair[0].release_id)
    ]
    return to_arrow(TABLES["releases"], pd.DataFrame(rows, columns=TABLES["releases"].schema.names))


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


def safe_name(release_id: str) -> str:
    return "".join(c if c.isalnum() or c in "-_.@" else "_" for c in release_id)
