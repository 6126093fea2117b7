"""A workbook as .xlsx: each sheet one marked-up table, set up to be printed and to be read aloud."""

from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager

from reporting.sheets import HEADER_ROW, HEADING_COLUMNS, NAME_ROW, Book, Link, Sheet, across, unique, width

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMATS = {
    "title": {"bold": True, "font_size": 14},
    "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "name": {"font_color": "#4C4F54", "font_size": 9},
    "wrap": {"text_wrap": True, "valign": "top"},
    "bold": {"bold": True, "valign": "top"},
    "link": {"font_color": "#12436D", "underline": 1, "valign": "top"},
    "text": {},
    "pounds": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "rate": {"num_format": "#,##0.0"},
    "number": {"num_format": "General"},
    "right": {"align": "right"},
}
# Points of a line of text, and how many more letters of running text a width holds than digits.
LINE_HEIGHT, SET_CLOSER = 15, 1.05
# How much more room a bold heading takes that breaks between words.
HEADER_SPARE = 1.3


class _Core(Core):
    """The properties of the file with its language, which the library has no name for."""

    def _write_dc_description(self) -> None:
        super()._write_dc_description()
        self._xml_data_element("dc:language", self.properties["language"])


class _Packager(Packager):
    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class _Workbook(xlsxwriter.Workbook):
    def _get_packager(self) -> Packager:
        return _Packager()


def write(book: Book, path: Path) -> None:
    """Write the book. The same book gives the same bytes."""
    with _Workbook(str(path), OPTIONS) as file:
        file.set_properties(
            {
                "title": book.title,
                "author": book.author,
                "comments": book.comments,
                "created": book.created,
                "language": book.language,
            }
        )
        file.set_custom_property("Language", book.language)
        formats = {name: file.add_format(given) for name, given in FORMATS.items()}
        for position, sheet in enumerate(book.sheets):
            page = file.add_worksheet(sheet.name)
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            page.write_string(0, 0, sheet.title, formats["title"])
            if sheet.columns:
                _table(page, sheet, position, formats)
            else:
                _lines(page, sheet, formats)


def _lines(page, sheet: Sheet, formats: dict) -> None:
    for column, letters in enumerate(sheet.widths):
        page.set_column(column, column, letters)
    for offset, (label, text) in enumerate(sheet.rows, 2):
        if isinstance(label, Link):
            page.write_url(offset, 0, f"internal:'{label}'!A1", formats["link"], str(label))
        else:
            page.write_string(offset, 0, label, formats["bold"])
        page.write_string(offset, 1, text, formats["wrap"])
        # Not every program makes a row as high as its wrapped text.
        page.set_row(offset, LINE_HEIGHT * max(1, ceil(len(text) / (sheet.widths[1] * SET_CLOSER))))
    page.print_area(0, 0, len(sheet.rows) + 1, 1)


def _table(page, sheet: Sheet, position: int, formats: dict) -> None:
    page.write_string(1, 0, sheet.about)
    page.write_string(2, 0, sheet.note)
    last = HEADER_ROW + len(sheet.rows)
    for place, column in enumerate(sheet.columns):
        page.write_string(NAME_ROW, place, column.name, formats["name"])
        page.set_column(place, place, width(place, column.shape))
    page.add_table(
        HEADER_ROW,
        0,
        last,
        len(sheet.columns) - 1,
        {
            "name": f"table_{position}",
            "style": None,
            "columns": [{"header": text, "header_format": formats["header"]} for text in unique(sheet)],
        },
    )
    longest = max(
        len(text) / width(n, c.shape) for n, (text, c) in enumerate(zip(unique(sheet), sheet.columns, strict=True))
    )
    page.set_row(HEADER_ROW, LINE_HEIGHT * ceil(HEADER_SPARE * longest))
    shapes = [_formats_of(column.shape, formats) for column in sheet.columns]
    for offset, row in enumerate(sheet.rows, HEADER_ROW + 1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(offset, place, value, shapes[place][0])
            elif isinstance(value, bool):
                page.write_boolean(offset, place, value)
            else:
                page.write_number(offset, place, value, shapes[place][1])
    page.freeze_panes(HEADER_ROW + 1, 1)
    page.repeat_rows(HEADER_ROW)
    page.fit_to_pages(across(sheet), 0)
    if across(sheet) > 1:
        page.repeat_columns(0, HEADING_COLUMNS - 1)
    page.print_area(0, 0, last, len(sheet.columns) - 1)


def _formats_of(shape: str, formats: dict) -> tuple[Any, Any]:
    """How a column of the shape shows words, and how numbers."""
    return (formats["text"], formats["number"]) if shape == "text" else (formats["right"], formats[shape])
