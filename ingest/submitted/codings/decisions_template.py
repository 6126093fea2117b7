"""A workbook for deciding where coders differ: only the cells that differ, with what each coder read and where."""

from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from ingest.submitted.codings import codebook
from ingest.submitted.codings.coding_decisions import COLUMN, DECISION
from ingest.submitted.codings.coding_layout import (
    FIRST_ROW,
    HEADER_ROW,
    PAGE,
    QUOTATION,
    SHEET,
    UNIT_CODE,
    UNIT_LABEL,
    UNIT_NAME,
    columns,
    facts,
)

GUIDANCE = (
    "Each row on the sheet Coding is one cell that the coders read differently. Nothing else needs a decision.",
    "Pick a code under “decision”. Leave it blank where you cannot decide: the cell stays undecided and counts for "
    "no code.",
    "Rows are sorted by unit, so that each document is opened once. Sort and filter whole rows as you like.",
    "Put the words that decided it, and their page, behind the decision.",
    "Check with `prevention check-map`, put the file into the folder “codings” of the landing folder, and refresh.",
)


@dataclass(frozen=True)
class Reading:
    """What one coder put into a cell, and the words it rests on."""

    coder: str
    code: str
    quotation: str = ""
    page: str = ""


@dataclass(frozen=True)
class Difference:
    """One cell on which coders differ: unit, column of the coding sheet, and every reading."""

    unit_code: str
    unit_name: str
    column: str
    readings: tuple[Reading, ...]


def write(path: Path, document_type: str, wave: str, series: str, differences: list[Difference]) -> None:
    """A sheet of decisions for one document type, wave and series. Raises ValueError for a wave that is not known."""
    if wave not in codebook.waves(document_type):
        raise ValueError(f"the codebook has no wave {wave} of {document_type}")
    known = {column.name: column for column in columns(document_type, wave)}
    order = {name: number for number, name in enumerate(known)}
    rows = sorted(differences, key=lambda d: (d.unit_code, order[d.column]))
    most = max((len(d.readings) for d in rows), default=2)
    header = [(UNIT_CODE, UNIT_LABEL, 13), (UNIT_NAME, f"Name of the {codebook.unit_kind(document_type)}", 24)]
    header += [(COLUMN, "Column of the coding sheet", 22), ("question", "Question", 40), ("theme", "Theme", 30)]
    for number in range(1, most + 1):
        header += [(f"reading_{number}", f"Coder {number}: code", 20)]
        header += [(f"{QUOTATION}_{number}", "Words it rests on", 36), (f"{PAGE}_{number}", "Page", 7)]
    header += [(DECISION, "Your decision", 20), (f"decided_{QUOTATION}", "Words that decide it", 36)]
    header += [(f"decided_{PAGE}", "Page", 7), ("note", "Why", 30)]
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    decide = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF3D6", "border": 1})
    place = [name for name, _, _ in header].index(DECISION)
    last = FIRST_ROW - 2 + len(rows)
    start = book.add_worksheet("Start")
    start.set_column(0, 0, 80, wrap)
    start.write_string(0, 0, f"Decide {len(rows)} cells: {document_type}, wave {wave}, series {series}", bold)
    for line, text in enumerate(GUIDANCE, start=2):
        start.write_string(line, 0, f"{line - 1}. {text}")
    letter = xlsxwriter.utility.xl_col_to_name(place)
    start.write_string(len(GUIDANCE) + 3, 0, f"Cells decided, of {len(rows)}", bold)
    start.write_formula(
        len(GUIDANCE) + 3, 1, f'=COUNTIF({SHEET}!${letter}${FIRST_ROW}:${letter}${max(last + 1, FIRST_ROW)},"?*")'
    )
    sheet = book.add_worksheet(SHEET)
    for index, pair in enumerate(facts(document_type, wave, series, codebook.ADJUDICATED)):
        sheet.write_row(index, 0, pair)
    for position, (name, words, width) in enumerate(header):
        sheet.write_string(HEADER_ROW - 1, position, name, bold)
        sheet.write_string(HEADER_ROW, position, words, wrap)
        sheet.set_column(position, position, width)
    sheet.freeze_panes(FIRST_ROW - 1, 2)
    for number, difference in enumerate(rows, start=FIRST_ROW - 1):
        column = known[difference.column]
        theme = column.code.label if column.code else ""
        cells = [difference.unit_code, difference.unit_name, difference.column, column.item.label, theme]
        for reading in difference.readings:
            cells += [f"{reading.coder}: {reading.code}", reading.quotation, reading.page]
        for position, text in enumerate(cells):
            if text:
                sheet.write_string(number, position, text, wrap)
        sheet.write_blank(number, place, None, decide)
        sheet.data_validation(number, place, number, place, {"validate": "list", "source": list(column.choices)})
    if rows:
        sheet.autofilter(HEADER_ROW, 0, last, len(header) - 1)
    start.activate()
    book.close()
