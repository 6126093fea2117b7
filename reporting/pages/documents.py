"""Documents behind the codes: the text of a reply, strategy or plan by page, and what was read from which passage."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from reporting import markup, words
from reporting.facts import Facts
from reporting.markup import Column, Table, figure, link
from reporting.warehouse import Row

PAGES, MART = "mart_document_pages", "mart_council_evidence"
SUMMARIES = {"foi_response": ("mart_foi_summary", "question_code", "foi")}
OTHER_SUMMARY = ("mart_strategy_summary", "field_code", "strategy")
# Where the report holds a document of this type, wave and unit.
Key = tuple[str, str, str]
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*")


@dataclass(frozen=True)
class Document:
    """The text of one unit's document, by page, people masked; `rows` are its pages in the mart, in order."""

    key: Key
    rows: tuple[Row, ...]

    @property
    def page(self) -> str:
        """Address of its page below `documents/`."""
        return "-".join(re.sub(r"[^A-Za-z0-9_]", "-", part) for part in self.key) + ".html"

    @property
    def files(self) -> list[str]:
        return list(dict.fromkeys(row["file"] for row in self.rows))

    def anchor(self, position: int) -> str:
        """Name of one of its pages: two files of one unit may both have a page 3."""
        row = self.rows[position]
        number = self.files.index(row["file"]) + 1
        return f"page-{row['page']}" if number == 1 else f"file-{number}-page-{row['page']}"

    def passage(self, quotation: str, page: str | None) -> str | None:
        """Anchor of the page the quotation is on, or None where it is on none."""
        for position, row in enumerate(self.rows):
            if page and page.strip().isdigit() and int(page) != row["page"]:
                continue
            if spans(row["page_text"], quotation):
                return self.anchor(position)
        return None


def documents(facts: Facts) -> dict[Key, Document]:
    """Every document that is held, by whose it is; read once."""
    if PAGES not in facts.rows:
        grouped: dict[Key, list[Row]] = {}
        for row in sorted(facts.warehouse.read(PAGES), key=lambda r: (r["file"], r["page"])):
            grouped.setdefault((row["document_type"], row["wave"], row["unit_code"]), []).append(row)
        facts.rows[PAGES] = {key: Document(key, tuple(rows)) for key, rows in sorted(grouped.items())}
    return facts.rows[PAGES]


def document_of(facts: Facts, row: Row) -> Document | None:
    """The document that a row of the evidence was read from, where it is held."""
    return documents(facts).get((row["document_type"], row["wave"], row["unit_code"]))


def quoted(facts: Facts, row: Row, root: str) -> Markup | str:
    """Quotation and page of a row of the evidence; a link to the passage where the document holds it."""
    text = ", page ".join(str(p) for p in (row.get("quotation"), row.get("page")) if p)
    document = document_of(facts, row)
    if document is None or not row.get("quotation"):
        return text
    anchor = document.passage(row["quotation"], row.get("page"))
    return link(f"{root}documents/{document.page}#{anchor}", text) if anchor else text


def links(facts: Facts, rows: list[Row], root: str) -> list[Markup]:
    """A link to every document that rows of the evidence were read from and that is held."""
    found = {document.key: document for row in rows if (document := document_of(facts, row))}
    return [
        link(f"{root}documents/{document.page}", f"{words.DOCUMENT_WORDS[key[0]]}, {key[1]}")
        for key, document in sorted(found.items())
    ]


def spans(text: str, quotation: str) -> list[tuple[int, int]]:
    """Where the parts of a quotation stand in a text, without regard to case, line ends and kinds of quotation mark.

    Empty where one part is missing. Parts are what `…` or `...` divides.
    """
    found = []
    for part in _ELLIPSIS.split(quotation):
        pieces = re.findall(r"[^\W_]+", part)
        if not pieces:
            continue
        fits = re.search(r"[\W_]+".join(re.escape(piece) for piece in pieces), text, re.IGNORECASE)
        if fits is None:
            return []
        found.append(fits.span())
    return sorted(found)


def context(facts: Facts, document: Document) -> dict:
    """Everything templates/document.html prints."""
    rows = _read_from(facts, document)
    kind, wave, unit = document.key
    name = next((row["unit_name"] for row in rows), unit)
    quotations = [row["quotation"] for row in rows if row.get("quotation")]
    codes = sorted({row["council_code"] for row in rows} & facts.councils.keys())
    return {
        "name_of": markup.name(name),
        "title": name,
        "kind": words.DOCUMENT_WORDS[kind],
        "wave": wave,
        "pages": [
            {
                "anchor": document.anchor(position),
                "number": row["page"],
                "file": row["file"] if len(document.files) > 1 else "",
                "text": marked(row["page_text"], quotations),
            }
            for position, row in enumerate(document.rows)
        ],
        "files": list(dict.fromkeys((row["file"], row["sha256"]) for row in document.rows)),
        "masked": _masked(document),
        "read": _table(facts, document, rows),
        "councils": [link(f"../councils/{facts.councils[c].page}", facts.councils[c].name) for c in codes],
    }


def marked(text: str, quotations: list[str]) -> Markup:
    """The text with every passage that is quoted marked."""
    passages = sorted({span for quotation in quotations for span in spans(text, quotation)})
    parts, end = [], 0
    for start, stop in passages:
        if start >= end:
            parts += [escape(text[end:start]), Markup("<mark>{}</mark>").format(text[start:stop])]
            end = stop
    return Markup("").join([*parts, escape(text[end:])])


def _read_from(facts: Facts, document: Document) -> list[Row]:
    """What was read from the document, one row for each code whatever the number of councils it speaks for."""
    seen: dict[tuple, Row] = {}
    for row in facts.warehouse.read(MART):
        if (row["document_type"], row["wave"], row["unit_code"]) == document.key:
            seen.setdefault((row["item_order"] or 0, row["item_code"], row["code_order"] or 0, row["code"]), row)
    return [seen[place] for place in sorted(seen)]


def _masked(document: Document) -> str:
    """What was masked, in words; the counts are those of a file and stand on each of its rows."""
    files = {row["file"]: row for row in document.rows}.values()
    kinds = (("masked_names", "name"), ("masked_emails", "e-mail address"), ("masked_telephones", "telephone number"))
    counts = [(sum(row[column] for row in files), noun) for column, noun in kinds]
    said = [
        words.plural(count, noun, "e-mail addresses" if noun == "e-mail address" else None)
        for count, noun in counts
        if count
    ]
    return words.listed(said)


def _table(facts: Facts, document: Document, rows: list[Row]) -> Table | None:
    """Each code with the passage it rests on and the national percentage it is one of."""
    if not rows:
        return None
    kind, wave, _ = document.key
    mart, item, identifier = SUMMARIES.get(kind, OTHER_SUMMARY)
    national = {
        (r[item], r["code"]): r
        for r in facts.warehouse.read(mart)
        if r["wave"] == wave and r.get("is_latest_series", True) and r.get("document_type", kind) == kind
    }
    columns = facts.warehouse.columns(mart)
    key = [k for k in ("series", "wave", "document_type", item, "code", "base_name", "unit_kind") if k in columns]
    table = Table(
        "What was read from it, and the national figure each code is part of",
        [
            Column("Question"),
            Column("Answer"),
            Column("Settled by"),
            Column("Passage"),
            Column("Units with this code", True),
            Column("Of", True),
            Column("%", True),
        ],
        csv_name=f"{document.page.removesuffix('.html')}.csv",
        has_groups=True,
    )
    for row in rows:
        total = national.get((row["item_code"], row["code"]))
        counts: list = (
            [
                figure(total, mart, key, "numerator", words.number),
                figure(total, mart, key, "denominator", words.number),
                figure(total, mart, key, "percent", lambda v: words.number(v, 1)),
            ]
            if total
            else ["", "", ""]
        )
        anchor = document.passage(row["quotation"], row.get("page")) if row.get("quotation") else None
        passage = link(f"#{anchor}", row["quotation"]) if anchor else row.get("quotation") or ""
        question = link(f"../evidence.html#{identifier}", row["item_label"])
        table.rows.append([question, row["code_label"], words.humanise(row["basis_words"]), passage, *counts])
    return table


def held(facts: Facts, root: str, units: set[str] | None = None) -> Table | None:
    """The documents of a publication, or of some of its units, each with a link to its text."""
    found = [d for d in documents(facts).values() if units is None or d.key[2] in units]
    if not found:
        return None
    names = {(r["document_type"], r["wave"], r["unit_code"]): r["unit_name"] for r in facts.warehouse.read(MART)}
    table = Table(
        "Documents whose text is held",
        [Column("Of"), Column("Document"), Column("Wave"), Column("Pages", True), Column("File")],
        csv_name="documents.csv",
        is_sortable=True,
    )
    for document in found:
        address = link(f"{root}documents/{document.page}", names.get(document.key, document.key[2]))
        kind, wave, _ = document.key
        files = words.listed(document.files)
        table.rows.append([address, words.DOCUMENT_WORDS[kind], wave, words.number(len(document.rows)), files])
    return table
