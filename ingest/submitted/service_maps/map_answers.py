"""What people wrote into a service map, cell by cell: found by header, checked by kind, kept with its place.

Nothing here knows the rules between cells; those are in `service_map.py`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.problems import Problem
from ingest.submitted.service_maps.answer_kinds import Fault, answer_of
from ingest.submitted.service_maps.map_layout import (
    COMPUTED_HEADERS,
    DETAIL_FIELDS,
    DETAILS,
    FIRST_HEADERS,
    QUESTIONS,
    SHEETS_READ,
    TARGET_FIELDS,
    TARGETS,
    Field,
    folded,
)
from ingest.submitted.service_maps.workbook import MAX_COLUMNS, MAX_ROWS, out_of_sight

_HEADER_SEARCH_ROWS = 20


@dataclass(frozen=True)
class Answer:
    """One cell that holds an answer: the value after checking its kind, and its place (1-based)."""

    value: str | Decimal | date | bool | None
    shown: str
    row: int
    column: int


@dataclass
class Row:
    """One filled-in row of a table, or the whole of a form: answers by our field name."""

    sheet: str
    number: int
    answers: dict[str, Answer] = field(default_factory=dict)

    def get(self, name: str):
        """The answer's value; None where nothing (or nothing valid) was filled in."""
        answer = self.answers.get(name)
        return answer.value if answer else None

    def column(self, name: str) -> int | None:
        """The column an answer is in; None where its cell is blank."""
        answer = self.answers.get(name)
        return answer.column if answer else None


class Pages:
    """The sheets of one map, read once. `problems` collects everything found so far."""

    def __init__(self, file: str, workbook: Workbook):
        self.file = file
        self.workbook = workbook
        self.problems: list[Problem] = []
        self.sheets = self._sheets()

    def report(self, sheet: str, what: str, remedy: str, row=None, column=None, value=None) -> None:
        """Note a problem and read on."""
        shown = None if value is None else str(value)[:120]
        self.problems.append(Problem(self.file, what, remedy, sheet, row, column, shown))

    def _sheets(self) -> dict[str, Worksheet]:
        there = {folded(name): name for name in self.workbook.sheetnames}
        missing = [name for name in SHEETS_READ if folded(name) not in there]
        if len(missing) == len(SHEETS_READ):
            self.problems.append(
                Problem(
                    self.file,
                    f"this workbook is blank or is no service map: it has none of the sheets {', '.join(SHEETS_READ)}",
                    "start from the template: prevention template --council CODE --year YYYY-YY --out FILE.xlsx",
                )
            )
            return {}
        for name in missing:
            self.problems.append(
                Problem(
                    self.file,
                    f"the sheet “{name}” is missing; the workbook has {', '.join(self.workbook.sheetnames)}",
                    f"give the sheet its name “{name}” back, or copy your answers into a fresh template",
                    name,
                )
            )
        found = {name: self.workbook[there[folded(name)]] for name in SHEETS_READ if name not in missing}
        readable = {}
        for name, sheet in found.items():
            unsafe = out_of_sight(self.file, sheet)
            self.problems.extend(unsafe)
            if sheet.max_row <= MAX_ROWS and sheet.max_column <= MAX_COLUMNS:
                readable[name] = sheet
        return readable

    def table(self, name: str, fields: tuple[Field, ...], given: str | None = None) -> list[Row]:
        """Every filled-in row of a table sheet. A row with nothing but its `given` field is not filled in."""
        sheet = self.sheets.get(name)
        columns = self._columns(name, sheet, fields) if sheet is not None else None
        if columns is None:
            return []
        header_row, by_field = columns
        rows = []
        for cells in sheet.iter_rows(min_row=header_row + 1, max_row=sheet.max_row):
            row = Row(name, cells[0].row)
            for item in fields:
                if item.name in by_field:
                    self._take(row, item, cells[by_field[item.name] - 1])
            if any(key != given for key in row.answers):
                self._ask_for_needed(row, fields, by_field)
                rows.append(row)
        return rows

    def _columns(self, name: str, sheet: Worksheet, fields: tuple[Field, ...]) -> tuple[int, dict[str, int]] | None:
        known = {folded(item.header): item.name for item in fields}
        computed = {folded(header) for header in COMPUTED_HEADERS[name]}
        best = None
        for cells in sheet.iter_rows(max_row=min(_HEADER_SEARCH_ROWS, sheet.max_row)):
            headers = {folded(cell.value): cell.column for cell in cells if isinstance(cell.value, str)}
            hits = len(headers.keys() & known.keys())
            if hits > (best[0] if best else 1):
                best = (hits, cells)
        if best is None:
            self.report(
                name,
                f"the header row (“{FIRST_HEADERS[name]}” and so on) is not there",
                "put the header row of the template back above your answers",
            )
            return None
        header_row, found, unknown = best[1][0].row, {}, []
        for cell in best[1]:
            text = folded(cell.value) if cell.value is not None else ""
            if text in known and known[text] in found:
                self.report(
                    name,
                    "this header is there twice",
                    "delete one of the columns",
                    header_row,
                    cell.column,
                    cell.value,
                )
            elif text in known:
                found[known[text]] = cell.column
            elif text and text not in computed:
                unknown.append(cell)
        for item in fields:
            if item.name not in found:
                self.report(
                    name,
                    f"the column “{item.header}” is missing",
                    "put the column back with its header as in the template; it may be left blank where allowed",
                    header_row,
                    item.header,
                )
        for cell in unknown:
            self.report(
                name,
                "the template has no column of this name, so nothing in it would be read",
                "give the column its template name back, or move your notes to the column Evidence",
                header_row,
                cell.column,
                cell.value,
            )
        return header_row, found

    def form(self, name: str, fields: tuple[Field, ...]) -> Row:
        """The answers of a sheet where labels are on the left and answers on their right."""
        form = Row(name, 1)
        sheet = self.sheets.get(name)
        if sheet is None:
            return form
        label_column = 2 if name == TARGETS else 1
        labels = {folded(item.header): item for item in fields}
        seen = {}
        for cells in sheet.iter_rows(max_row=sheet.max_row):
            if len(cells) <= label_column:
                break
            text = folded(cells[label_column - 1].value or "").rstrip(" *")
            if text in labels:
                item = labels[text]
                seen[item.name] = cells[label_column].row
                self._take(form, item, cells[label_column])
        for item in fields:
            if item.name not in seen:
                self.report(name, f"the row “{item.header}” is missing", "put the row back as in the template")
            elif item.is_needed and item.name not in form.answers and not self._was_reported(name, seen[item.name]):
                self.report(
                    name,
                    f"“{item.header}” is not filled in",
                    f"fill it in: {item.hint}",
                    seen[item.name],
                    label_column + 1,
                )
        return form

    def details(self) -> Row:
        """The sheet Details."""
        return self.form(DETAILS, DETAIL_FIELDS)

    def targets(self) -> Row:
        """The sheet Targets and questions."""
        questions = tuple(Field(text, code, "long_text") for code, text in QUESTIONS.items())
        return self.form(TARGETS, TARGET_FIELDS + questions)

    def _was_reported(self, sheet: str, row: int) -> bool:
        return any(problem.sheet == sheet and problem.row == row for problem in self.problems)

    def _ask_for_needed(self, row: Row, fields: tuple[Field, ...], by_field: dict[str, int]) -> None:
        for item in fields:
            if item.is_needed and item.name in by_field and item.name not in row.answers:
                self.report(
                    row.sheet,
                    f"“{item.header}” is blank in a row that is filled in",
                    f"fill it in ({item.hint[0].lower() + item.hint[1:]}), or clear the row",
                    row.number,
                    by_field[item.name],
                )

    def _take(self, row: Row, item: Field, cell: Cell) -> None:
        """Put the cell's answer in the row; report it when it is not of its kind, and keep its place taken."""
        raw = cell.value
        if raw is None or (isinstance(raw, str) and not raw.replace("\u00a0", " ").strip()):
            return
        shown = str(raw).replace("\u00a0", " ").strip()
        found = answer_of(item, cell, shown)
        if isinstance(found, Fault):
            self.report(row.sheet, found.what, found.remedy, cell.row, cell.column, shown)
            row.answers[item.name] = Answer(None, shown, cell.row, cell.column)
        else:
            row.answers[item.name] = Answer(found, shown, cell.row, cell.column)
