"""A source's file as sheets of rows, to be altered and written again as CSV, xlsx, ods or xls."""

import csv
import importlib
import importlib.util
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from ingest.sheets import Cell, Rows, open_workbook, read_rows

Book = dict[str, Rows]
# What writes the old format is no longer developed, nor is the format: it is a tool of these trials and nothing else.
XLS_WRITER = "xlwt"
CAN_WRITE_XLS = importlib.util.find_spec(XLS_WRITER) is not None
WRITTEN = (".csv", ".xlsx", ".ods", *((".xls",) if CAN_WRITE_XLS else ()))
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def read(path: Path, most_rows: int) -> Book:
    """The sheets of a file, each cut to its first rows; a CSV file is one sheet without a name."""
    if path.suffix == ".csv":
        return {"": read_rows(path)[:most_rows]}
    return {name: read_rows(path, name)[:most_rows] for name in open_workbook(path).sheet_names}


def write(book: Book, path: Path) -> None:
    """Write the sheets as what the path's ending says."""
    {".csv": _csv, ".xlsx": _xlsx, ".ods": _ods, ".xls": _xls}[path.suffix](book, path)


def _csv(book: Book, path: Path) -> None:
    (rows,) = book.values()
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def _xlsx(book: Book, path: Path) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options["default_date_format"] = "yyyy-mm-dd"
    with xlsxwriter.Workbook(path, options) as target:
        for name, rows in book.items():
            sheet = target.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell not in ("", None):
                        sheet.write(number, column, cell)


def _xls(book: Book, path: Path) -> None:
    target = importlib.import_module(XLS_WRITER).Workbook()
    for name, rows in book.items():
        sheet = target.add_sheet(name, cell_overwrite_ok=True)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell not in ("", None):
                    sheet.write(number, column, cell)
    target.save(str(path))


def _ods(book: Book, path: Path) -> None:
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in book.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        target.writestr("META-INF/manifest.xml", MANIFEST)
        target.writestr("content.xml", ODS.format(tables))


def _ods_cell(cell: Cell) -> str:
    if cell in ("", None):
        return "<table:table-cell/>"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    # What XML cannot hold no program can have written.
    text = escape("".join(c for c in str(cell) if c >= " " or c in "\t\n"))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
