"""Coding sheets to fill in: one per coder, for Freedom of Information answers or for strategies.

`.xlsx` has drop-downs and a page of guidance; `.csv` has the same rows for those who code elsewhere.
"""

import csv
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ingest.submitted import codebook
from ingest.submitted.coding_layout import FIRST_ROW, HEADER_ROW, SHEET, Column, columns, facts

Units = list[tuple[str, str]]
SPARE_ROWS = 200
WRITTEN = datetime(2026, 11, 1)
GUIDANCE = (
    "One sheet per coder. Put your alias, never your name, behind “coder”; keep the other grey cells as they are.",
    "One row per {unit}. Leave the whole row blank where you have not read it: blank is never taken for no.",
    "A question with one answer: pick one code. A question with themes: yes or no in every theme column.",
    "A reply that says nothing to an open question: no under “answered”, and leave its themes blank.",
    "Give the words your reading rests on, and their page, in the evidence columns at the end of each question.",
    "Read blind: do not look at the other coder's sheet. The agreed codes go on a third sheet, coder “adjudicated”.",
    "Reading the same documents again later is a new series: raise the number behind “series”.",
    "Save, put the file into the folder “codings” of the landing folder, and refresh.",
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
        _write_workbook(path, document_type, wave, head, found, rows)


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


def _write_workbook(
    path: Path, document_type: str, wave: str, head: list[tuple[str, str]], found: list[Column], rows: list[list[str]]
) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    # Same content, same bytes: the sample is written anew on every machine.
    book.set_properties({"title": f"Coding sheet, {document_type}, wave {wave}", "created": WRITTEN})
    fact = book.add_format({"bg_color": "#EDEDED", "border": 1, "border_color": "#BFBFBF"})
    code = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#12436D"})
    words = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#EDEDED", "bottom": 1})
    sheet = book.add_worksheet(SHEET)
    for index, (name, value) in enumerate(head):
        sheet.write_string(index, 0, name, fact)
        sheet.write_string(index, 1, value, fact)
    for position, column in enumerate(found):
        sheet.write_string(HEADER_ROW - 1, position, column.name, code)
        sheet.write_string(HEADER_ROW, position, column.label, words)
        sheet.set_column(position, position, 34 if column.evidence == "quotation" or position == 1 else 16)
    sheet.set_row(HEADER_ROW, 75)
    sheet.freeze_panes(FIRST_ROW - 1, 2)
    lists = _write_lists(book, found)
    last = FIRST_ROW - 1 + max(len(rows), SPARE_ROWS)
    for position, column in enumerate(found):
        if column.choices:
            sheet.data_validation(
                FIRST_ROW - 1,
                position,
                last,
                position,
                {
                    "validate": "list",
                    "source": lists[column.choices],
                    "error_title": "Not in the codebook",
                    "error_message": "Pick a code from the list, or leave the cell blank.",
                },
            )
    for index, row in enumerate(rows):
        for position, text in enumerate(row):
            if text:
                sheet.write_string(FIRST_ROW - 1 + index, position, text)
    _write_guidance(book, document_type, wave)
    book.close()


def _write_lists(book: xlsxwriter.Workbook, found: list[Column]) -> dict[tuple[str, ...], str]:
    """One column per list of choices on a hidden sheet: a list in the cell itself may hold 255 characters only."""
    sheet = book.add_worksheet("Lists")
    sheet.hide()
    places: dict[tuple[str, ...], str] = {}
    for choices in dict.fromkeys(column.choices for column in found if column.choices):
        position = len(places)
        sheet.write_column(0, position, choices)
        letter = xl_col_to_name(position)
        places[choices] = f"=Lists!${letter}$1:${letter}${len(choices)}"
    return places


def _write_guidance(book: xlsxwriter.Workbook, document_type: str, wave: str) -> None:
    sheet = book.add_worksheet("Codebook")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 38, wrap)
    sheet.set_column(3, 3, 70, wrap)
    line = 0
    for text in GUIDANCE:
        sheet.write_string(line, 0, text.format(unit=codebook.unit_kind(document_type)))
        line += 1
    sheet.write_row(line + 1, 0, ("Question or field", "Code", "Means", "In detail"), bold)
    line += 2
    for item in codebook.items(document_type, wave):
        for code in item.codes:
            cells = (item.item_code, code.code, code.label, code.meaning)
            for position, text in enumerate(cells):
                sheet.write_string(line, position, text)
            line += 1
