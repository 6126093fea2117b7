"""Coding sheets to fill in: one per coder, for Freedom of Information answers or for strategies.

    Start        what to do, and how far the coding is: counted by the workbook itself
    Coding       one row per unit, the questions in words above the codes that the reader goes by
    One reply    every question of one unit under one another, to read on a screen
    Codebook     what each code means

`.csv` has the rows of Coding alone, for those who code elsewhere.
"""

import csv
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ingest.submitted.codings import codebook
from ingest.submitted.codings.coding_layout import FIRST_ROW, HEADER_ROW, QUOTATION, SHEET, Column, columns, facts

Units = list[tuple[str, str]]
START, REPLY = "Start", "One reply"
SPARE_ROWS = 200
WRITTEN = datetime(2026, 11, 1)
GUIDANCE = (
    "One sheet per coder. On the sheet Coding put your alias, never your name, behind “coder” (cell B5).",
    "One row per {unit}. Leave the whole row blank where you have not read it: blank is never taken for no.",
    "A question with one answer: pick one code. A question with themes: yes or no in every theme column.",
    "A question marked “may be left out” is read for a {unit} or left blank as a whole.",
    "A reply that says nothing to an open question: no under “answered”, and leave its themes blank.",
    "Give the words your reading rests on, and their page, in the evidence columns at the end of each question.",
    "Read blind: do not look at the other coder's sheet. Where two of you differ, `prevention disagreements` writes a "
    "sheet of those cells alone to decide.",
    "Reading some of the documents again later is a new series: raise the number behind “series” (B4), fill in those.",
    "The sheet “One reply” shows every answer for one {unit} under one another.",
    "Check it with `prevention check-map`; then put it into the folder “codings” of the landing folder, and refresh.",
)


def write_foi(path: Path, wave: str, units: Units) -> None:
    """A sheet for the replies of one wave, a row for each council given as (code, name).

    Raises ValueError for a wave the codebook does not know.
    """
    write(path, codebook.FOI, wave, units)


def write_strategies(path: Path, wave: str, document_type: str, units: Units) -> None:
    """A sheet for the strategies of one wave: `jhws` by board, `stp` by partnership, each as (code, name).

    Raises ValueError for a document type or a wave the codebook does not know.
    """
    if document_type not in codebook.STRATEGIES:
        raise ValueError(f"{document_type} is no strategy; choose one of {', '.join(codebook.STRATEGIES)}")
    write(path, document_type, wave, units)


def write(
    path: Path,
    document_type: str,
    wave: str,
    units: Units,
    coder: str = "",
    series: str = "1",
    readings: dict[str, dict[str, str]] | None = None,
) -> None:
    """A sheet, blank or with readings: unit code → column code → what the coder put there."""
    if wave not in codebook.waves(document_type):
        known = ", ".join(codebook.waves(document_type))
        raise ValueError(f"the codebook has no wave {wave} of {document_type}; it has {known}")
    found = columns(document_type, wave)
    head = facts(document_type, wave, series, coder)
    rows = [_row(found, code, name, (readings or {}).get(code, {})) for code, name in units]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".csv":
        _write_csv(path, head, found, rows)
    else:
        _Workbook(path, document_type, wave, found).write(head, rows)


def _row(found: list[Column], code: str, name: str, reading: dict[str, str]) -> list[str]:
    return [code, name, *(reading.get(column.name, "") for column in found[2:])]


def _write_csv(path: Path, head: list[tuple[str, str]], found: list[Column], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows(head)
        writer.writerows([[]] * (HEADER_ROW - 1 - len(head)))
        writer.writerow([column.name for column in found])
        writer.writerow([column.label for column in found])
        writer.writerows([[_harmless(text) for text in row] for row in rows])


def _harmless(text: str) -> str:
    """A spreadsheet runs a CSV cell that begins like a formula; an apostrophe keeps it text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class _Workbook:
    def __init__(self, path: Path, document_type: str, wave: str, found: list[Column]):
        self.book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        # Same content, same bytes: the sample is written anew on every machine.
        self.book.set_properties({"title": f"Coding sheet, {document_type}, wave {wave}", "created": WRITTEN})
        self.document_type, self.wave, self.columns = document_type, wave, found
        add = self.book.add_format
        self.title = add({"bold": True, "font_size": 16, "font_color": "#12436D"})
        self.bold = add({"bold": True})
        self.wrap = add({"text_wrap": True, "valign": "top"})
        self.fact = add({"bg_color": "#EDEDED", "border": 1, "border_color": "#BFBFBF"})
        self.code = add({"font_size": 8, "font_color": "#FFFFFF", "bg_color": "#12436D"})
        self.words = add({"text_wrap": True, "valign": "top", "bg_color": "#EDEDED", "bottom": 1})
        # Questions take two shades in turn, so that it shows where one ends.
        self.questions = [add({"bold": True, "bg_color": shade, "left": 1}) for shade in ("#D7E3EE", "#E6F4F3")]

    def write(self, head: list[tuple[str, str]], rows: list[list[str]]) -> None:
        start = self.book.add_worksheet(START)
        coding = self.book.add_worksheet(SHEET)
        reply = self.book.add_worksheet(REPLY)
        last = FIRST_ROW - 1 + max(len(rows), SPARE_ROWS)
        self._start(start, last, len(rows))
        self._coding(coding, head, rows, last)
        self._reply(reply, last, rows[0][0] if rows else "")
        self._codebook()
        start.activate()
        self.book.close()

    def _area(self, position: int, last: int) -> str:
        letter = xl_col_to_name(position)
        return f"{SHEET}!${letter}${FIRST_ROW}:${letter}${last + 1}"

    def _start(self, sheet, last: int, units: int) -> None:
        sheet.set_column(0, 0, 60, self.wrap)
        sheet.set_column(1, 2, 16)
        sheet.hide_gridlines(2)
        kind = codebook.unit_kind(self.document_type)
        sheet.write_string(0, 0, f"Coding {self.document_type}, wave {self.wave}", self.title)
        for line, text in enumerate(GUIDANCE, start=2):
            sheet.write_string(line, 0, f"{line - 1}. {text.format(unit=kind)}")
        line = len(GUIDANCE) + 3
        sheet.write_row(line, 0, ("How far it is (counted as you fill in)", "Coded", "Without quotation"), self.bold)
        begun = next(position for position, column in enumerate(self.columns) if column.choices)
        sheet.write_string(line + 1, 0, f"Rows begun, of {units} listed")
        sheet.write_formula(line + 1, 1, f'=COUNTIF({self._area(begun, last)},"?*")')
        line += 2
        for item, first_column in self._items():
            answers = self._area(first_column, last)
            quoted = next((p for p, c in enumerate(self.columns) if c.item == item and c.evidence == QUOTATION), None)
            sheet.write_string(line, 0, _asked(item))
            sheet.write_formula(line, 1, f'=COUNTIF({answers},"?*")')
            if quoted is not None:
                sheet.write_formula(line, 2, f'=COUNTIFS({answers},"?*",{self._area(quoted, last)},"")')
            line += 1

    def _items(self):
        """Each question with the position of its first column."""
        placed: dict = {}
        for position, column in enumerate(self.columns):
            if column.item:
                placed.setdefault(column.item.item_code, (column.item, position))
        return list(placed.values())

    def _coding(self, sheet, head: list[tuple[str, str]], rows: list[list[str]], last: int) -> None:
        for index, (name, value) in enumerate(head):
            sheet.write_string(index, 0, name, self.fact)
            sheet.write_string(index, 1, value, self.fact)
        for number, (item, position) in enumerate(self._items()):
            sheet.write_string(HEADER_ROW - 2, position, _asked(item), self.questions[number % 2])
        for position, column in enumerate(self.columns):
            sheet.write_string(HEADER_ROW - 1, position, column.name, self.code)
            sheet.write_string(HEADER_ROW, position, column.label, self.words)
            sheet.set_column(position, position, 34 if column.evidence == QUOTATION or position == 1 else 16)
        sheet.set_row(HEADER_ROW, 75)
        sheet.freeze_panes(FIRST_ROW - 1, 2)
        lists = self._lists()
        for position, column in enumerate(self.columns):
            if column.choices:
                rule = {
                    "validate": "list",
                    "source": lists[column.choices],
                    "input_title": column.name[:32],
                    "input_message": column.label[:255],
                    "error_title": "Not in the codebook",
                    "error_message": "Pick a code from the list, or leave the cell blank.",
                }
                sheet.data_validation(FIRST_ROW - 1, position, last, position, rule)
        for index, row in enumerate(rows):
            for position, text in enumerate(row):
                if text:
                    sheet.write_string(FIRST_ROW - 1 + index, position, text)

    def _lists(self) -> dict[tuple[str, ...], str]:
        """One column per list of choices on a hidden sheet: a list in the cell itself may hold 255 characters only."""
        sheet = self.book.add_worksheet("Lists")
        sheet.hide()
        places: dict[tuple[str, ...], str] = {}
        for choices in dict.fromkeys(column.choices for column in self.columns if column.choices):
            position = len(places)
            sheet.write_column(0, position, choices)
            letter = xl_col_to_name(position)
            places[choices] = f"=Lists!${letter}$1:${letter}${len(choices)}"
        return places

    def _reply(self, sheet, last: int, first_unit: str) -> None:
        """The answers of the unit whose code is in B1, looked up: nothing is typed here."""
        sheet.set_column(0, 0, 46, self.wrap)
        sheet.set_column(1, 1, 60, self.wrap)
        sheet.set_column(2, 2, 30)
        sheet.write_string(0, 0, f"Code of the {codebook.unit_kind(self.document_type)} to show", self.bold)
        sheet.write_string(0, 1, first_unit, self.fact)
        units = self._area(0, last)
        sheet.data_validation(0, 1, 0, 1, {"validate": "list", "source": f"={units}", "ignore_blank": True})
        sheet.freeze_panes(1, 0)
        line = 1
        for position, column in enumerate(self.columns[1:], start=1):
            if column.item and (column.item, position) in self._items():
                sheet.write_string(line, 0, _asked(column.item), self.questions[0])
                sheet.write_blank(line, 1, None, self.questions[0])
                line += 1
            sheet.write_string(line, 0, column.label)
            found = f"INDEX({self._area(position, last)},MATCH($B$1,{units},0))"
            sheet.write_formula(line, 1, f'=IFERROR(IF({found}="","",{found}),"")', None, "")
            sheet.write_string(line, 2, column.name)
            line += 1

    def _codebook(self) -> None:
        sheet = self.book.add_worksheet("Codebook")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 2, 38, self.wrap)
        sheet.set_column(3, 3, 70, self.wrap)
        sheet.write_row(0, 0, ("Question or field", "Code", "Means", "In detail"), self.bold)
        line = 1
        for item in codebook.items(self.document_type, self.wave):
            for code in item.codes:
                for position, text in enumerate((item.item_code, code.code, code.label, code.meaning)):
                    sheet.write_string(line, position, text)
                line += 1


def _asked(item: codebook.Item) -> str:
    """The question in words, with its number where it has one: “2a. Have you developed …”."""
    number = item.item_code.split("_")[0].removeprefix("q")
    asked = f"{number}. {item.label}" if number[:1].isdigit() else item.label
    return f"{asked} (may be left out)" if item.is_optional else asked
