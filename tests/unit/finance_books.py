"""Tiny finance workbooks for tests, written as the publisher lays them out."""

from pathlib import Path

import xlsxwriter

from ingest.catalogue import KnownEdition, Release, Source
from ingest.land import Edition, sha256_of


def write_xlsx(path: Path, sheets: dict[str, list[list]]) -> Path:
    """A workbook with these sheets; None leaves a cell out."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if value is not None:
                        sheet.write(r, c, value)
    return path


def edition(path: Path, reader: str, layout: dict, financial_year: str = "2030-31") -> Edition:
    """An edition of a release nobody published, for a reader's `read`."""
    source = Source("mhclg", "MHCLG", "MHCLG", "OGL-UK-3.0", reader)
    digest = sha256_of(path)
    release = Release("made_up", source, path.name, (KnownEdition(digest, "first"),), financial_year, layout=layout)
    return Edition(release, "made_up", path, digest, "first", None, True, 0)
