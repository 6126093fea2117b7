"""A document behind the codes, read by page with people masked: a reply, a strategy or a plan.

Its name says whose it is: `foi_response_2017_E06000001.pdf`, `jhws_2017_hwb_E06000001.docx`; what follows the unit's
code after a space or a second underscore pair is free (`foi_response_2017_E06000001 part 2.pdf`).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.submitted.codings import codebook, document_text
from ingest.submitted.codings.personal_data import masked
from ingest.tables import DOCUMENT_PAGES

# The raw tables made of what this reader reads, besides `rejects`: quotations are looked up later.
FILLS = ("document_pages", "quotation_checks")

READS = codebook.PATHS
# Read together with the codebook workbooks in force.
READS_FOLDER = codebook.FOLDER
_NAME = re.compile(r"(foi_response|jhws|stp)_(\d{4})_([A-Za-z0-9_]+)")


@dataclass(frozen=True)
class Document:
    """Whose document it is, its pages with people masked, and what was masked."""

    document_type: str
    wave: str
    unit_code: str
    pages: tuple[str, ...]
    found: Counter


def read(edition: Edition, codebooks: Iterable[Path] = ()) -> Parsed:
    """One row per page. Raises InputError when the name says no unit or the text cannot be read."""
    with codebook.with_files(codebooks):
        document = parse(edition.path)
    rows = [
        {
            "release_id": edition.release_id,
            "document_type": document.document_type,
            "wave": document.wave,
            "unit_code": document.unit_code,
            "page": number,
            "page_text": text,
            "masked_names": document.found["name"],
            "masked_emails": document.found["email"],
            "masked_telephones": document.found["telephone"],
            "is_sample": edition.release.source.is_sample,
        }
        for number, text in enumerate(document.pages, start=1)
    ]
    return Parsed({"document_pages": pd.DataFrame(rows, columns=DOCUMENT_PAGES.schema.names)})


def parse(path: Path) -> Document:
    """A document by page with people masked. Raises InputError, see `read`."""
    named = _NAME.match(path.stem)
    if not named or named.group(2) not in codebook.waves(named.group(1)):
        what = "the name of the document does not say whose it is"
        remedy = "name it document type, wave and unit, such as foi_response_2017_E06000001.pdf"
        raise InputError(Problem(path.name, what, remedy))
    pages: list[str] = []
    found: Counter[str] = Counter()
    for text in document_text.pages(path):
        clean, hidden = masked(text)
        pages.append(clean)
        found += hidden
    document_type, wave, unit = named.groups()
    return Document(document_type, wave, unit, tuple(pages), found)


def is_document(path: Path) -> bool:
    """Whether a file is a document behind the codes: by its ending, text files by their name as well."""
    suffix = path.suffix.lower()
    return suffix in document_text.SUFFIXES and (suffix != ".txt" or bool(_NAME.match(path.stem)))
