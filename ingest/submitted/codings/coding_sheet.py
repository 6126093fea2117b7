"""Filled-in codings, read back: one row per unit, item and code, and every fault named by its cell.

    coding sheet (template, or decisions on disagreements) ─┐
    export of a form, REDCap or a long table + mapping file ─┴─► CodedRow of each unit ─► records and faults

A faulty cell is left out and told; the rest of its row is kept. A row whose unit is in doubt is left out whole. A
sheet whose head is not understood is refused whole, because nothing on it could be placed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from rapidfuzz import process

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.sheets import cell_text
from ingest.submitted.codings import codebook, coding_decisions, coding_mapping
from ingest.submitted.codings.coded_row import CodedRow, Head, Place
from ingest.submitted.codings.coding_exports import Export, shape, unmapped
from ingest.submitted.codings.coding_layout import FACTS, SHEET, UNIT_CODE, UNIT_LABEL, Column, columns, kind
from ingest.submitted.codings.coding_table import TEXT_SUFFIXES, at, read_table
from ingest.submitted.codings.personal_data import masked
from ingest.submitted.codings.unit_register import Register
from ingest.submitted.ledgers.ledger_columns import COLUMNS_SUFFIX
from ingest.tables import CODINGS

# The raw tables made of what this reader reads, besides `rejects`: agreement and quotations are worked out later.
FILLS = ("coding_reliability", "codings", "quotation_checks")

# From so many questions that its wave did not ask, a sheet is taken for one of the wave that did.
QUESTIONS_OF_ANOTHER_WAVE = 3

READS = codebook.PATHS
# Read together with the codebook workbooks in force.
READS_FOLDER = codebook.FOLDER


@dataclass
class Reading:
    """What a file gives: one record per coded cell, and the faults found."""

    records: list[dict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def units(self) -> int:
        """Units of which at least one code is kept."""
        return len({record["unit_code"] or record["unit_name"] for record in self.records})

    @property
    def without_quotation(self) -> int:
        """Answers and themes found for which no words of the document are given; a status needs none."""
        rested_on = [r for r in self.records if r["is_present"] and r["item_code"] != "response"]
        return sum(1 for r in rested_on if not r["quotation"] and r["code"] not in ("answered", "not_answered"))


def read(edition: Edition, codebooks: Iterable[Path] = ()) -> Parsed:
    """The codings of one file. Raises InputError when its head cannot be understood."""
    with codebook.with_files(codebooks):
        return _read(edition)


def _read(edition: Edition) -> Parsed:
    reading = parse(edition.path)
    sheet = sheet_of(edition.path) or ""
    frame = pd.DataFrame(
        [
            {
                "release_id": edition.release_id,
                "sheet": sheet,
                "coding_kind": kind(record["document_type"]),
                "unit_kind": codebook.unit_kind(record["document_type"]),
                "is_adjudicated": record["coder"] == codebook.ADJUDICATED,
                "is_sample": edition.release.source.is_sample,
                **record,
                "quotation": masked(record["quotation"])[0] if record["quotation"] else None,
            }
            for record in reading.records
        ],
        columns=CODINGS.schema.names,
    )
    return Parsed({"codings": frame}, reading.problems)


def sheet_of(path: Path) -> str | None:
    """Name of the sheet that codings are read from; None for text files."""
    return None if path.suffix.lower() in TEXT_SUFFIXES else SHEET


def check(path: Path, register: Register | None = None) -> list[Problem]:
    """Every fault of a file, in order of its cells; an empty list says that it can be sent in."""
    try:
        return parse(path, register).problems
    except InputError as error:
        return error.problems


def is_coding_sheet(path: Path) -> bool:
    """Whether a file presents itself as codings: as a coding sheet, or as a text table that is no ledger."""
    ledgers = (found.name.removesuffix(COLUMNS_SUFFIX) for found in path.parent.glob(f"*{COLUMNS_SUFFIX}"))
    if any(path.stem.startswith(name) for name in ledgers):
        return False
    if path.suffix.lower() in TEXT_SUFFIXES or coding_mapping.beside(path):
        return True
    try:
        _, rows = read_table(path, SHEET, FACTS[0])
    except InputError:
        return False
    return any(at(row, 0) == FACTS[0] for row in rows[:3]) or shape(rows) is not None


def parse(path: Path, register: Register | None = None) -> Reading:
    """Records and faults of a file. With a register, units are compared with it as well.

    Raises InputError when the head of the file cannot be understood.
    """
    mapped = coding_mapping.beside(path)
    if mapped:
        mapping = coding_mapping.load(mapped)
        sheet, rows = read_table(path, mapping.sheet)
        export = Export(path.name, sheet, rows, mapping, register)
        return _gathered(export.coded_rows(), export.problems, register, may_be_named=True)
    sheet, rows = read_table(path, SHEET, FACTS[0])
    given = {at(row, 0): (number, at(row, 1)) for number, row in enumerate(rows[:20], start=1) if at(row, 0)}
    if FACTS[0] not in given:
        raise InputError(unmapped(path.name, sheet, rows, path.stem))
    head, header_row = _head(path.name, sheet, given)
    header = rows[header_row - 1]
    body = [(n, row) for n, row in enumerate(rows[header_row:], start=header_row + 1) if any(map(cell_text, row))]
    if coding_decisions.is_decisions(header):
        found, problems = coding_decisions.coded_rows(path.name, sheet, head, header_row, header, body)
        return _gathered(found, problems, register)
    placed, problems = _columns(path.name, sheet, head, header_row, header)
    return _gathered(_template_rows(path.name, sheet, head, placed, body), problems, register)


def _gathered(
    rows: Iterable[CodedRow], problems: list[Problem], register: Register | None, may_be_named: bool = False
) -> Reading:
    """The records of rows whose unit is not in doubt, and all faults. `problems` may grow while rows are given."""
    reading = Reading()
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if not row.is_read:
            continue
        doubt = row.misplaced(seen, register, may_be_named)
        if doubt:
            reading.problems.append(doubt)
            continue
        seen[row.key] = row.cells[UNIT_CODE].row
        records, faults = row.read()
        reading.records += records
        reading.problems += faults
    reading.problems = [*problems, *reading.problems]
    return reading


def _template_rows(
    file: str, sheet: str | None, head: Head, placed: dict[str, tuple[int, Column]], body: list[tuple[int, list]]
) -> Iterator[CodedRow]:
    named = {name: column for name, (_, column) in placed.items()}
    labels = {place: column.label for place, column in placed.values() if column.item}
    for number, row in body:
        # The row of words under the codes, whatever became of its first cell.
        is_words = at(row, 0) == UNIT_LABEL or sum(at(row, p - 1) == label for p, label in labels.items()) > 1
        if not is_words:
            cells = {name: Place(number, place, at(row, place - 1)) for name, (place, _) in placed.items()}
            yield CodedRow(file, sheet, head, cells, named)


def _head(file: str, sheet: str | None, given: dict[str, tuple[int, str]]) -> tuple[Head, int]:
    """The facts at the top and the number of the header row. Raises InputError with every fact that is wrong."""
    header_row = given.get(UNIT_CODE, (0, ""))[0]
    if not header_row:
        what = f"the coding sheet has no header row: no cell “{UNIT_CODE}” in its first column"
        raise InputError(Problem(file, what, "keep the first nine rows of the template", sheet, 1, 1))
    value = {name: given.get(name, (0, ""))[1] for name in FACTS}
    problems = list(_wrong_facts(file, sheet, given, value))
    if problems:
        raise InputError(problems)
    return Head(value["document_type"], value["wave"], value["series"], value["coder"].lower()), header_row


def _wrong_facts(file: str, sheet: str | None, given: dict, value: dict[str, str]) -> Iterator[Problem]:
    def wrong(name: str, what: str, remedy: str) -> Problem:
        return Problem(file, what, remedy, sheet, given.get(name, (1, ""))[0], 2, value[name] or None)

    document_type = value["document_type"]
    if document_type not in (codebook.FOI, *codebook.STRATEGIES):
        yield wrong("document_type", "the document type is not known", "write foi_response, jhws or stp")
    else:
        if value["coding_sheet"] != kind(document_type):
            remedy = f"write {kind(document_type)}, or correct the document type"
            yield wrong("coding_sheet", f"the kind of sheet does not go with {document_type}", remedy)
        if value["wave"] not in codebook.waves(document_type):
            remedy = f"write one of {', '.join(codebook.waves(document_type))}"
            yield wrong("wave", f"the codebook has no such wave of {document_type}", remedy)
        elif value["codebook_version"] not in codebook.versions_read(document_type, value["wave"]):
            in_force = codebook.versions_read(document_type, value["wave"])
            remedy = f"fetch a new template; sheets of version {' or '.join(in_force)} are read"
            yield wrong("codebook_version", "the sheet was made from another version of the codebook", remedy)
    if not value["coder"]:
        yield wrong("coder", "nobody is named as coder", "write your alias, or “adjudicated” for the agreed codes")
    if not value["series"].isdigit():
        yield wrong("series", "the series is not a whole number", "write 1, or the next number for a new coding")


def _columns(
    file: str, sheet: str | None, head: Head, header_row: int, header: list
) -> tuple[dict[str, tuple[int, Column]], list[Problem]]:
    """Position and meaning of every known column, 1-based, and a problem for each unknown or missing one."""
    known = {column.name: column for column in columns(head.document_type, head.wave)}
    _refuse_another_wave(file, sheet, head, header, known)
    placed: dict[str, tuple[int, Column]] = {}
    problems = []
    for position, cell in enumerate(header, start=1):
        name = cell_text(cell)
        if not name:
            continue
        if name not in known or name in placed:
            near = process.extractOne(name, known.keys())
            what = "the column is there twice" if name in placed else _unknown_column(head, name)
            near_text = f"; the nearest is {near[0]}" if near and name not in placed else ""
            remedy = "give the column its code from the template, or delete it" + near_text
            problems.append(Problem(file, what, remedy, sheet, header_row, position, name))
        else:
            placed[name] = (position, known[name])
    begun = {column.item.item_code for _, column in placed.values() if column.choices and column.item}
    for name, column in known.items():
        is_left_out = column.item is not None and column.item.is_optional and column.item.item_code not in begun
        if not column.evidence and name not in placed and not is_left_out:
            what = f"the column {name} is missing, so nothing of it is read"
            remedy = f"add it from the template, under the heading {name}; merged cells hold one heading"
            problems.append(Problem(file, what, remedy, sheet, header_row))
    return placed, problems


def _refuse_another_wave(file: str, sheet: str | None, head: Head, header: list, known: dict[str, Column]) -> None:
    """Raises InputError where the sheet asks questions that only another wave asked: it is a sheet of that wave."""
    given = {cell_text(cell) for cell in header}
    for wave in codebook.waves(head.document_type):
        other = [c for c in columns(head.document_type, wave) if c.name in given and c.name not in known]
        asked = list(dict.fromkeys(c.item.item_code for c in other if c.choices and c.item))
        if len(asked) >= QUESTIONS_OF_ANOTHER_WAVE:
            what = f"the sheet asks {', '.join(asked)}, as wave {wave} did and wave {head.wave} did not"
            remedy = f"write {wave} behind wave, or take the sheet of wave {head.wave} from the template"
            raise InputError(Problem(file, what, remedy, sheet, FACTS.index("wave") + 1, 2, head.wave))


def _unknown_column(head: Head, name: str) -> str:
    for wave in codebook.waves(head.document_type):
        if any(column.name == name for column in columns(head.document_type, wave)):
            return f"wave {head.wave} did not ask this; wave {wave} did"
    return "the codebook knows no such column"
