"""One unit as one coder read it: the cells of its questions, wherever they stand, and what they say."""

import re
from dataclasses import dataclass, replace

from rapidfuzz import process

from ingest.problems import Problem
from ingest.submitted.codings import codebook
from ingest.submitted.codings.coding_layout import NO, PAGE, QUOTATION, UNIT_CODE, UNIT_NAME, YES, Column
from ingest.submitted.codings.coding_rules import contradictions
from ingest.submitted.codings.unit_register import Register, shared_board

# A page, pages or a span of them, as people write it: 3, p. 3, pp. 3-4, iv.
_PAGES = re.compile(
    r"(?!\d{4}-\d\d-\d\d)((p|pp|page|pages)\b)?\.?\s*(\d{1,4}|[ivxlc]+)(\s*(-|–|to|,|and|&)\s*(\d{1,4}|[ivxlc]+))*",
    re.IGNORECASE,
)
ANSWERS = {"yes": YES, "y": YES, "true": YES, "1": YES, "no": NO, "n": NO, "false": NO, "0": NO}


@dataclass(frozen=True)
class Head:
    """What a sheet or a row of an export is: document type, wave, series and the coder's alias."""

    document_type: str
    wave: str
    series: str
    coder: str

    @property
    def is_adjudicated(self) -> bool:
        return self.coder == codebook.ADJUDICATED


@dataclass(frozen=True)
class Place:
    """A cell: 1-based row and column, and its text."""

    row: int
    column: int
    text: str


class CodedRow:
    """One unit: its cells by column of the template, each with the meaning of that column.

    Columns of the template that the sheet does not have were never asked of the coder.
    """

    def __init__(self, file: str, sheet: str | None, head: Head, cells: dict[str, Place], columns: dict[str, Column]):
        self.file, self.sheet, self.head = file, sheet, head
        self.cells, self.columns = cells, {name: columns[name] for name in columns if name in cells}

    def text(self, name: str) -> str:
        """The text of a cell; '' where there is none."""
        return self.cells[name].text if name in self.cells else ""

    @property
    def is_read(self) -> bool:
        """Whether anything is coded: a row with nothing but its unit has not been read."""
        return any(self.text(name) for name in self.cells if name not in (UNIT_CODE, UNIT_NAME))

    def fault(self, name: str, what: str, remedy: str) -> Problem:
        """A problem at the cell of a column."""
        place = self.cells[name]
        return Problem(self.file, what, remedy, self.sheet, place.row, place.column, place.text or None)

    @property
    def key(self) -> tuple[str, str]:
        """Coder and unit, by its code or, where an export has none, by its name."""
        return self.head.coder, self.text(UNIT_CODE) or self.text(UNIT_NAME)

    def misplaced(
        self, seen: dict[tuple[str, str], int], register: Register | None, may_be_named: bool = False
    ) -> Problem | None:
        """Why the row belongs to no unit: no code, one that was there before, none of the wave's, another's name.

        Exports may name a unit in words; without a register nobody can say yet which one that is.
        """
        code, name = self.text(UNIT_CODE), self.text(UNIT_NAME)
        if not code and not (may_be_named and name and register is None):
            what = "the row has codes and no unit, so it cannot be placed"
            remedy = "write the code of the unit, as in the template"
            if name and may_be_named:
                what = f"no {codebook.unit_kind(self.head.document_type)} of the wave has this name"
                remedy = "write its name as in the register or its code, or list the name under units in the mapping"
                return replace(self.fault(UNIT_CODE, what, remedy), value=name)
            return self.fault(UNIT_CODE, what, remedy)
        if self.key in seen:
            what = f"this unit is on row {seen[self.key]} already; this row is not read"
            return self.fault(UNIT_CODE, what, "keep one row per unit on a coder's sheet")
        kind = (self.head.document_type, self.head.wave)
        found = shared_board(*kind, code) or (register and code and register.fault(*kind, code, name))
        return self.fault(UNIT_CODE, *found) if found else None

    def read(self) -> tuple[list[dict], list[Problem]]:
        """The records of the row and its faults, in the order of the columns."""
        values, faults = self._values()
        for name, what, remedy in contradictions(self.head.document_type, self.head.wave, values):
            faults.append(self.fault(name, what, remedy))
            values.pop(name)
        faults += self._pages_that_are_none()
        faults.sort(key=lambda fault: fault.column)
        return [self._record(name, value) for name, value in values.items()], faults

    def _values(self) -> tuple[dict[str, str], list[Problem]]:
        """Code or yes/no of every coded column that holds one the codebook knows."""
        values: dict[str, str] = {}
        faults = []
        for name, column in self.columns.items():
            if not column.choices:
                continue
            text = self.text(name)
            if not text:
                if self._is_needed(column):
                    faults.append(self.fault(name, "left blank, in a row that is coded", self._say(column)))
                continue
            value = self._value(column, text)
            if value is None:
                near = process.extractOne(text.lower(), column.choices, score_cutoff=60)
                hint = f"; nearest: {near[0]}" if near else ""
                faults.append(self.fault(name, self._unknown(column, text), self._say(column) + hint))
            else:
                values[name] = value
        return values, faults

    def _pages_that_are_none(self) -> list[Problem]:
        """A fault for each page that is none; the code and its quotation stay, without a page."""
        remedy = "write the number of the page, such as 3; where Excel made a date of 3-4, set the cell to Text first"
        pages = [name for name, column in self.columns.items() if column.evidence == PAGE and self.text(name)]
        return [self.fault(name, "this is no page", remedy) for name in pages if not _PAGES.fullmatch(self.text(name))]

    def _unknown(self, column: Column, text: str) -> str:
        for wave in codebook.waves(self.head.document_type):
            listed = codebook.items(self.head.document_type, wave)
            item = next((i for i in listed if i.item_code == column.item.item_code), None)
            if item and item.code(text) and not column.code:
                return f"this code belongs to wave {wave}, not to {self.head.wave}"
        return f"not in the codebook of {column.name}"

    @staticmethod
    def _say(column: Column) -> str:
        return f"write one of {', '.join(column.choices)}"

    @staticmethod
    def _value(column: Column, text: str) -> str | None:
        if column.code:
            return ANSWERS.get(text.lower())
        for code in column.item.codes:
            if text.lower() in (code.code, code.label.lower()):
                return code.code
        return None

    def _is_needed(self, column: Column) -> bool:
        """A blank is a fault once the row is coded: save where the reply is silent, or the item not coded at all.

        On an adjudicated sheet a blank says that there is nothing to decide.
        """
        if self.head.is_adjudicated or self.text("response").lower() == "none":
            return False
        if column.item.is_themes:
            status = f"{column.item.item_code}:answered"
            if status in self.columns and ANSWERS.get(self.text(status).lower()) == NO and column.name != status:
                return False
            own = [n for n, c in self.columns.items() if c.item == column.item and c.choices]
            return any(self.text(name) for name in own)
        if column.item.is_optional:
            return False
        return self.head.document_type == codebook.FOI or any(
            self.text(n) for n, c in self.columns.items() if c.choices and not c.code
        )

    def _record(self, name: str, value: str) -> dict:
        column = self.columns[name]
        item = column.item.item_code
        is_present = value == YES if column.code else True
        page = self.text(f"{item}:{PAGE}")
        return {
            "source_row": self.cells[name].row,
            "source_column": self.cells[name].column,
            "unit_code": self.text(UNIT_CODE),
            "unit_name": self.text(UNIT_NAME),
            "wave": self.head.wave,
            "series": self.head.series,
            "document_type": self.head.document_type,
            "coder": self.head.coder,
            "item_code": item,
            "code": column.code.code if column.code else value,
            "is_present": is_present,
            "quotation": (self.text(f"{item}:{QUOTATION}") or None) if is_present else None,
            "page": page if is_present and _PAGES.fullmatch(page) else None,
        }
