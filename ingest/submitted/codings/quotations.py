"""Whether the words a code rests on are in the document, on the page that is given for them.

Quotation and page are compared without case, line breaks, hyphenation and kinds of quotation mark; `…` or `...`
stands for words left out. What is not there is refused, with the nearest passage.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz

from ingest.edition import Edition, Receipt
from ingest.problems import Problem
from ingest.submitted.codings import served
from ingest.submitted.codings.document import Document
from ingest.submitted.codings.personal_data import masked
from ingest.tables import QUOTATION_CHECKS, to_arrow

ON_PAGE, ON_OTHER_PAGE, NOT_FOUND = "on_page", "on_other_page", "not_found"
# Document type, wave and unit.
Key = tuple[str, str, str]
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*")


@dataclass(frozen=True)
class Judgement:
    """What was found of one quotation: status, the page it is on, and the nearest passage where it is on none."""

    status: str
    page: int | None = None
    nearest: str = ""
    nearest_page: int | None = None


def folded(text: str) -> str:
    """Text as it is compared."""
    text = re.sub(r"(\w)[-\u00ad\u2010]\s*\n\s*(\w)", r"\1\2", text)
    text = re.sub(r"[“”„\"‘’'`´]", "", text).replace("–", "-").replace("—", "-").replace("\u00ad", "")
    return " ".join(text.split()).casefold()


def judged(quotation: str, page: str | None, pages: Iterable[str]) -> Judgement:
    """Where a quotation is among pages of a document."""
    texts = [folded(text) for text in pages]
    parts = [folded(part) for part in _ELLIPSIS.split(masked(quotation)[0]) if folded(part)]
    given = int(page) if page and page.strip().isdigit() else None
    held = [number for number, text in enumerate(texts, start=1) if all(part in text for part in parts)]
    if given in held or (given is None and held):
        return Judgement(ON_PAGE, given or held[0])
    if held:
        return Judgement(ON_OTHER_PAGE, held[0])
    return _nearest(" ".join(parts), texts)


def _nearest(words: str, texts: list[str]) -> Judgement:
    best: tuple[float, str, int | None] = (0.0, "", None)
    for number, text in enumerate(texts, start=1):
        found = fuzz.partial_ratio_alignment(words, text) if text else None
        if found and found.score > best[0]:
            best = (found.score, text[found.dest_start : found.dest_end], number)
    return Judgement(NOT_FOUND, None, best[1][:200], best[2])


def problem(document_file: str, judgement: Judgement, page: str | None) -> tuple[str, str] | None:
    """(what is wrong, what to do) with a quotation, or None where it is on its page."""
    if judgement.status == ON_PAGE:
        return None
    if judgement.status == ON_OTHER_PAGE:
        what = f"the quotation is not on page {page} of {document_file}"
        return what, f"write page {judgement.page}, where it is found"
    near = f"; the nearest is “{judgement.nearest}” on page {judgement.nearest_page}" if judgement.nearest else ""
    return f"the quotation is not in {document_file}", f"quote the document word for word{near}"


def faults(
    records: list[dict], documents: dict[Key, tuple[str, Document]], sheet: str | None, file: str
) -> list[Problem]:
    """A problem for each quotation of a sheet that its document does not hold, once for each question."""
    found, seen = [], set()
    for record in records:
        key = (record["document_type"], record["wave"], record["unit_code"])
        cell = (record["source_row"], record["item_code"])
        if not record["quotation"] or key not in documents or cell in seen:
            continue
        seen.add(cell)
        name, document = documents[key]
        wrong = problem(name, judged(record["quotation"], record["page"], document.pages), record["page"])
        if wrong:
            where = f"{record['item_code']}:quotation"
            found.append(Problem(file, *wrong, sheet, record["source_row"], where, record["quotation"]))
    return found


def table(codings: pa.Table, pages: pa.Table) -> pa.Table:
    """Rows of `quotation_checks`: every quotation of the codings whose document is held, and what was found of it."""
    rows = []
    if codings.num_rows and pages.num_rows:
        texts = {
            key: list(group.sort_values("page")["page_text"])
            for key, group in pages.to_pandas().groupby(["document_type", "wave", "unit_code"])
        }
        quoted = codings.to_pandas()
        quoted = quoted[quoted["quotation"].notna()]
        cells = ["release_id", "source_row", "document_type", "wave", "unit_code", "item_code", "quotation", "page"]
        for row in quoted[cells].drop_duplicates().to_dict("records"):
            held = texts.get((row["document_type"], row["wave"], row["unit_code"]))
            if held is None:
                continue
            page = row["page"] if isinstance(row["page"], str) else None
            judgement = judged(row["quotation"], page, held)
            rows.append(
                {name: row[name] for name in cells[:6]}
                | {
                    "status": judgement.status,
                    "found_page": judgement.page,
                    "nearest": judgement.nearest,
                    "nearest_page": judgement.nearest_page,
                }
            )
    return to_arrow(QUOTATION_CHECKS, pd.DataFrame(rows, columns=QUOTATION_CHECKS.schema.names))


def of_served(taken: list[tuple[Edition, Receipt]], raw: Path) -> pa.Table:
    """`table` for the editions of a refresh: the last of each coding sheet and of each document."""
    return table(served.rows_of("codings", taken, raw), served.rows_of("document_pages", taken, raw))
