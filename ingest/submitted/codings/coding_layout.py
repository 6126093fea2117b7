"""How a coding sheet is laid out, declared once for the template, the reader and the sample.

    A1:B6   what the sheet is: kind, document type, wave, series, coder, codebook version
    row 8   one column code per column, for the reader
    row 9   the same in words, for the coder
    row 10  the first unit

A question with one answer has one column. A question with themes has one column per theme, filled with yes
or no. Each question ends with a column for a quotation and one for its page.
"""

from dataclasses import dataclass

from ingest.submitted.codings import codebook
from ingest.submitted.codings.codebook import Code, Item

SHEET = "Coding"
FACTS = ("coding_sheet", "document_type", "wave", "series", "coder", "codebook_version")
HEADER_ROW = 8
FIRST_ROW = 10
UNIT_CODE, UNIT_NAME = "unit_code", "unit_name"
UNIT_LABEL = "Code of the unit"
QUOTATION, PAGE = "quotation", "page"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Column:
    """One column: its code, the words under it, and what it belongs to.

    `code` is set for the column of a theme, `evidence` for a quotation or page column; neither for the one
    answer of an item; and no `item` for the unit's own columns.
    """

    name: str
    label: str
    item: Item | None = None
    code: Code | None = None
    evidence: str | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be in the column; empty where text is free."""
        if self.item is None or self.evidence:
            return ()
        return (YES, NO) if self.code else tuple(code.code for code in self.item.codes)


def kind(document_type: str) -> str:
    """`foi` or `strategy`."""
    return "foi" if document_type == codebook.FOI else "strategy"


def columns(document_type: str, wave: str) -> list[Column]:
    """Every column of a sheet, in order."""
    named = f"Name of the {codebook.unit_kind(document_type)}"
    found = [Column(UNIT_CODE, UNIT_LABEL), Column(UNIT_NAME, named)]
    for item in codebook.items(document_type, wave):
        if item.is_themes:
            found += [Column(f"{item.item_code}:{code.code}", code.label, item, code) for code in item.codes]
        else:
            found.append(Column(item.item_code, item.label, item))
        if item.item_code != "response":
            found.append(Column(f"{item.item_code}:{QUOTATION}", "Evidence: quotation", item, evidence=QUOTATION))
            found.append(Column(f"{item.item_code}:{PAGE}", "Evidence: page", item, evidence=PAGE))
    return found


def facts(document_type: str, wave: str, series: str, coder: str) -> list[tuple[str, str]]:
    """The block at the top of a sheet."""
    values = (kind(document_type), document_type, wave, series, coder, codebook.version(document_type, wave))
    return list(zip(FACTS, values, strict=True))
