"""Codings kept elsewhere: the export of a form, of REDCap, or a long table, read through its mapping file.

Google Forms      first column “Timestamp”, one row per reply, ticked answers in one cell
Microsoft Forms   “ID, Start time, Completion time, Email, Name”, then the questions; ticked answers end in “;”
REDCap            `record_id`, a column per field, `field___code` with 1 or 0 for each box to tick
long table        one row per unit, question and code
"""

import re
from collections.abc import Iterator

from ingest.problems import InputError, Problem
from ingest.sheets import Rows
from ingest.submitted.codings import codebook
from ingest.submitted.codings.coded_row import ANSWERS, CodedRow, Head, Place
from ingest.submitted.codings.coding_layout import NO, PAGE, QUOTATION, UNIT_CODE, UNIT_NAME, YES, Column, columns
from ingest.submitted.codings.coding_mapping import LONG, SUFFIX, Mapping, Question
from ingest.submitted.codings.coding_table import at
from ingest.submitted.codings.unit_register import BOARD, COUNCIL_CODE, Register
from ingest.submitted.service_maps.map_layout import folded

GOOGLE, MICROSOFT, REDCAP, LONG_TABLE = "Google Forms", "Microsoft Forms", "REDCap", "long table"
_MICROSOFT = {"id", "start time", "completion time"}
_LONG = ({"unit_code", "unit", "council", "council_code"}, {"question", "item", "item_code", "question_code"}, {"code"})
# What the makers of forms add to every reply; none of it is kept, names and addresses least of all.
_ADDED = {"timestamp", "id", "start time", "completion time", "email", "name", "last modified time", "email address"}
_ADDED |= {"language", "username", "score", "record_id", "redcap_event_name", "redcap_survey_identifier"}
_ADDED |= {"redcap_repeat_instrument", "redcap_repeat_instance", "redcap_data_access_group"}


def shape(rows: Rows) -> str | None:
    """Whose export the header row looks like, or None."""
    header = next(({folded(c) for c in row if folded(c)} for row in rows if any(folded(c) for c in row)), set())
    if header >= _MICROSOFT:
        return MICROSOFT
    if "timestamp" in header:
        return GOOGLE
    if "record_id" in header or any("___" in name or name.endswith("_complete") for name in header):
        return REDCAP
    return LONG_TABLE if all(header & names for names in _LONG) else None


def unmapped(file: str, sheet: str | None, rows: Rows, stem: str) -> Problem:
    """What is said of a table that is no coding sheet and has no mapping file."""
    found = shape(rows)
    header = [folded(c) for c in next((row for row in rows if any(folded(c) for c in row)), [])]
    looks = {
        None: f"this is no coding sheet: the first column has no cell “coding_sheet”; it is a table of {len(header)} "
        f"columns, beginning {', '.join(f'“{name[:40]}”' for name in header[:3])}",
        LONG_TABLE: "this looks like a long table of codes (one row per unit, question and code)",
    }.get(found, f"this looks like an export of {found}")
    if found is not None:
        looks += ", and no mapping file beside it says which column is which question"
    remedy = f"put {stem}{SUFFIX} beside it, with document_type, wave, coder, unit and the questions (docs/codings.md)"
    if found is None:
        remedy = (
            "start from `prevention template --foi` or `--strategies` and keep its first nine rows; for an export of "
            f"Google Forms, Microsoft Forms, REDCap or a long table {remedy}"
        )
    return Problem(file, looks, remedy, sheet, 1, 1)


class Export:
    """The rows of an export with its mapping: one `CodedRow` for each unit and coder, and the faults on the way."""

    def __init__(self, file: str, sheet: str | None, rows: Rows, mapping: Mapping, register: Register | None):
        self.file, self.sheet, self.mapping, self.register = file, sheet, mapping, register
        self.columns: dict[str, Column] = {c.name: c for c in columns(mapping.document_type, mapping.wave)}
        self.items = {item.item_code: item for item in codebook.items(mapping.document_type, mapping.wave)}
        first = next((n for n, row in enumerate(rows, start=1) if any(folded(c) for c in row)), 1)
        self.header_row = mapping.header_row or first
        self.rows = rows
        self.problems: list[Problem] = []
        self.positions = self._positions(rows[self.header_row - 1] if len(rows) >= self.header_row else [])

    def _problem(self, what: str, remedy: str, row: int, column: int | str | None, value: str | None = None) -> None:
        self.problems.append(Problem(self.file, what, remedy, self.sheet, row, column, value))

    def _positions(self, header: list) -> dict[str, int]:
        """1-based position of every column named by the mapping. Raises InputError when the unit or coder has none."""
        places: dict[str, int] = {}
        for position, cell in enumerate(header, start=1):
            if folded(cell):
                places.setdefault(folded(cell), position)
        m = self.mapping
        needed = [m.unit, *filter(None, (m.coder_column, m.unit_name))]
        needed += [m.long_columns["question"], m.long_columns["code"]] if m.shape == LONG else []
        missing = [name for name in needed if folded(name) not in places]
        if missing:
            has = ", ".join(f"“{at([cell], 0)}”" for cell in header if folded(cell))[:300]
            remedy = f"correct the name in the mapping file or in the export, which has {has}"
            what = "the mapping file names a column that the export does not have"
            raise InputError([Problem(self.file, what, remedy, self.sheet, self.header_row, n) for n in missing])
        known = {folded(name) for name in needed} | set(m.ignore) | _ADDED | set(m.questions)
        known |= {folded(name) for name in m.long_columns.values()} if m.shape == LONG else set()
        for name, position in places.items():
            if name not in known and not name.endswith("_complete"):
                remedy = "give it to a question in the mapping file, or list it under ignore"
                shown = at(header, position - 1)
                self._problem("the mapping file says nothing of this column", remedy, self.header_row, position, shown)
        for name in m.questions:
            if name not in places and m.shape != LONG:
                what = "the mapping file names a question that the export does not have"
                self._problem(what, "correct the name in the mapping file, or delete it there", self.header_row, name)
        return places

    def coded_rows(self) -> Iterator[CodedRow]:
        """Every unit of every coder. Give back all of them before looking at `problems`."""
        numbered = list(enumerate(self.rows[self.header_row :], start=self.header_row + 1))
        filled = [(number, row) for number, row in numbered if any(folded(cell) for cell in row)]
        yield from self._long(filled) if self.mapping.shape == LONG else self._wide(filled)

    def _cell(self, row: list, number: int, name: str) -> Place:
        position = self.positions.get(folded(name), 0)
        return Place(number, position, at(row, position - 1) if position else "")

    def _head(self, row: list, number: int) -> Head | None:
        m = self.mapping
        coder = m.coder or self._cell(row, number, m.coder_column).text.lower()
        if not coder:
            position = self.positions[folded(m.coder_column)]
            remedy = "write the coder's alias; the row is left out until then"
            self._problem("nobody is named as coder of this row", remedy, number, position)
            return None
        return Head(m.document_type, m.wave, m.series, coder)

    def _unit(self, row: list, number: int) -> dict[str, Place]:
        """Cells of the unit's code and name; the code is blank where only a name is given and nobody knows whose."""
        m = self.mapping
        place = self._cell(row, number, m.unit)
        given = m.units.get(folded(place.text), place.text)
        name = self._cell(row, number, m.unit_name).text if m.unit_name else ""
        if not (COUNCIL_CODE.fullmatch(given.removeprefix(BOARD)) or "_" in given):
            name, code = place.text, self.register and self.register.code_of(m.document_type, m.wave, given)
            given = code or ""
        return {
            UNIT_CODE: Place(number, place.column, given),
            UNIT_NAME: Place(number, place.column, name),
        }

    def _wide(self, rows: list[tuple[int, list]]) -> Iterator[CodedRow]:
        for number, row in rows:
            head = self._head(row, number)
            if head is None:
                continue
            cells = self._unit(row, number)
            for name, question in self.mapping.questions.items():
                if name in self.positions:
                    cells |= self._answers(question, self._cell(row, number, name))
            yield CodedRow(self.file, self.sheet, head, cells, self.columns)

    def _answers(self, question: Question, place: Place) -> dict[str, Place]:
        """Cells by column of the template that one cell of the export fills."""
        item, text = question.item, place.text
        if question.evidence:
            return {f"{item}:{question.evidence}": place}
        if question.theme:
            code = self._code(question, text)
            answer = ANSWERS.get(code.lower(), code)
            return {f"{item}:{question.theme}": Place(place.row, place.column, answer)}
        if question.separator is None:
            return {item: Place(place.row, place.column, self._code(question, text))}
        return self._ticked(question, place)

    def _code(self, question: Question, text: str) -> str:
        return question.values.get(folded(text)) or self.mapping.values.get(folded(text)) or text

    def _ticked(self, question: Question, place: Place) -> dict[str, Place]:
        """Yes for each theme ticked, no for each other one on offer; nothing where the cell is blank."""
        item = self.items[question.item]
        words = {folded(code.label): code.code for code in item.codes} | {code.code: code.code for code in item.codes}
        words |= self.mapping.values | question.values
        ticked, unknown = _split(place.text, question.separator, words)
        for word in unknown:
            remedy = f"give it a code of {item.item_code} under values in the mapping file"
            self._problem("an answer that no code is given for", remedy, place.row, place.column, word)
        if not ticked:
            return {}
        offered = set(question.values.values()) or {code.code for code in item.codes}
        chosen = {words[folded(word)] for word in ticked}
        chosen |= {code.parent for code in item.codes if code.code in chosen and code.parent}
        if item.code("answered"):
            chosen |= {"answered"}
        return {
            f"{item.item_code}:{code.code}": Place(place.row, place.column, YES if code.code in chosen else NO)
            for code in item.codes
            if code.code in offered | chosen
        }

    def _long(self, rows: list[tuple[int, list]]) -> Iterator[CodedRow]:
        named = self.mapping.long_columns
        found: dict[tuple[str, str], tuple[Head, dict[str, Place]]] = {}
        for number, row in rows:
            head = self._head(row, number)
            if head is None:
                continue
            unit = self._unit(row, number)
            key = (head.coder, unit[UNIT_CODE].text or unit[UNIT_NAME].text)
            cells = found.setdefault(key, (head, unit))[1]
            question, code = self._cell(row, number, named["question"]), self._cell(row, number, named["code"])
            given = self.mapping.questions.get(folded(question.text), Question(question.text.split(":")[0]))
            theme = given.theme or question.text.partition(":")[2]
            item = self.items.get(given.item)
            if item is None:
                remedy = "write a question of the codebook, such as q2a, or name it under questions in the mapping file"
                self._problem("the codebook has no such question", remedy, number, question.column, question.text)
                continue
            cells |= self._listed(item, given, theme, code, cells)
            for evidence in (QUOTATION, PAGE):
                place = self._cell(row, number, named[evidence])
                if place.text:
                    cells.setdefault(f"{item.item_code}:{evidence}", place)
        for head, cells in found.values():
            if self.mapping.is_unlisted_no:
                cells |= self._unlisted(cells)
            yield CodedRow(self.file, self.sheet, head, cells, self.columns)

    def _listed(self, item, question: Question, theme: str, place: Place, cells: dict) -> dict[str, Place]:
        code = self._code(question, place.text)
        if not item.is_themes:
            name, answer = item.item_code, code
        elif theme:
            name, answer = f"{item.item_code}:{theme}", code
        else:
            name, answer = f"{item.item_code}:{code}", YES
        if name not in self.columns:
            remedy = f"write one of {', '.join(code.code for code in item.codes)}"
            self._problem(f"{item.item_code} has no such theme", remedy, place.row, place.column, place.text)
            return {}
        if name in cells and cells[name].text != answer:
            remedy = "keep one row per unit, question and coder"
            what = f"row {cells[name].row} gives another answer to the same question; this row is not read"
            self._problem(what, remedy, place.row, place.column, place.text)
            return {}
        return {name: Place(place.row, place.column, answer)}

    def _unlisted(self, cells: dict[str, Place]) -> dict[str, Place]:
        """No for every theme that is not listed, of the questions of which one is."""
        listed = {name.split(":")[0]: place for name, place in cells.items() if ":" in name}
        return {
            f"{item}:{code.code}": Place(place.row, place.column, YES if code.code == "answered" else NO)
            for item, place in listed.items()
            if self.items[item].is_themes
            for code in self.items[item].codes
            if f"{item}:{code.code}" not in cells
        }


def _split(text: str, separator: str, words: dict[str, str]) -> tuple[list[str], list[str]]:
    """Known and unknown answers of a cell of ticked boxes; an answer may hold the separator itself."""
    known, unknown = [], []
    rest = text
    by_length = sorted(words, key=len, reverse=True)
    while rest.strip(separator + " "):
        rest = rest.strip(separator + " ") if separator.strip() else rest.strip()
        fit = next(
            (w for w in by_length if re.match(re.escape(w) + rf"\s*({re.escape(separator.strip())}|$)", folded(rest))),
            None,
        )
        if fit is None:
            word, _, rest = rest.partition(separator)
            unknown.append(word.strip())
            continue
        known.append(fit)
        rest = " ".join(rest.split())[len(fit) :]
    return known, unknown
