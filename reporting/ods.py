"""The same workbook as OpenDocument spreadsheet (.ods), the format in which official statistics are published.

Written part by part into the archive: a library that holds the whole document in memory takes minutes for these
tables. The same book gives the same bytes.
"""

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reporting.sheets import HEADER_ROW, Book, Sheet, lines_of

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
)
SPACES += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
# What XML cannot hold.
UNSAYABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# Rows handed to the compressor in one piece.
ROWS_AT_ONCE = 500
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
STYLES = """<office:automatic-styles>
<number:number-style style:name="n2"><number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:number-style style:name="n1"><number:number number:decimal-places="1" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:percentage-style style:name="p1"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<style:style style:name="pounds" style:family="table-cell" style:data-style-name="n2"/>
<style:style style:name="rate" style:family="table-cell" style:data-style-name="n1"/>
<style:style style:name="share" style:family="table-cell" style:data-style-name="p1"/>
<style:style style:name="number" style:family="table-cell"/>
<style:style style:name="text" style:family="table-cell"/>
<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
</office:automatic-styles>"""  # noqa: E501


def write(book: Book, path: Path) -> None:
    """Write the book as .ods."""
    with zipfile.ZipFile(path, "w") as file:
        _part(file, "mimetype", [KIND], zipfile.ZIP_STORED)
        _part(file, "META-INF/manifest.xml", [_manifest()])
        _part(file, "meta.xml", [_meta(book)])
        _part(file, "content.xml", _content(book))


def _part(file: zipfile.ZipFile, name: str, texts: Any, packing: int = zipfile.ZIP_DEFLATED) -> None:
    about = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    about.compress_type = packing
    with file.open(about, "w", force_zip64=False) as part:
        waiting = iter(texts)
        while together := list(islice(waiting, ROWS_AT_ONCE)):
            part.write("".join(together).encode("utf-8"))


def _manifest() -> str:
    entries = [("/", KIND), ("content.xml", "text/xml"), ("meta.xml", "text/xml")]
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>' for name, kind in entries
    )
    return f'{HEAD}<manifest:manifest {SPACES} manifest:version="1.3">{listed}</manifest:manifest>'


def _meta(book: Book) -> str:
    said = [
        f"<dc:title>{escape(book.title)}</dc:title>",
        f"<dc:creator>{escape(book.author)}</dc:creator>",
        f"<meta:initial-creator>{escape(book.author)}</meta:initial-creator>",
        f"<dc:description>{escape(book.comments)}</dc:description>",
        f"<dc:language>{escape(book.language)}</dc:language>",
        f"<meta:creation-date>{book.created:%Y-%m-%dT%H:%M:%S}</meta:creation-date>",
    ]
    body = "".join(said)
    whole = f"<office:meta>{body}</office:meta>"
    return f'{HEAD}<office:document-meta {SPACES} office:version="1.3">{whole}</office:document-meta>'


def _content(book: Book) -> Iterator[str]:
    yield f'{HEAD}<office:document-content {SPACES} office:version="1.3">{STYLES}<office:body><office:spreadsheet>'
    said: dict[tuple[str, str], str] = {}
    for sheet in book.sheets:
        yield f"<table:table table:name={quoteattr(sheet.name)}>"
        shapes = [column.shape for column in sheet.columns]
        for position, line in enumerate(lines_of(sheet)):
            is_data = bool(sheet.columns) and position > HEADER_ROW
            cells = "".join(
                _cell(value, shapes[place] if is_data else "text" if position else "bold", said)
                for place, value in enumerate(line)
            )
            yield f"<table:table-row>{cells}</table:table-row>"
        yield "</table:table>"
    yield f"<table:database-ranges>{''.join(_range(p, s) for p, s in enumerate(book.sheets) if s.columns)}"
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _range(position: int, sheet: Sheet) -> str:
    """The sheet's table as a named range with buttons to filter it."""
    last = f"{_letters(len(sheet.columns))}{HEADER_ROW + 1 + len(sheet.rows)}"
    address = quoteattr(f"'{sheet.name}'.A{HEADER_ROW + 1}:'{sheet.name}'.{last}")
    return (
        f'<table:database-range table:name="table_{position}" table:target-range-address={address}'
        ' table:display-filter-buttons="true"/>'
    )


def _letters(position: int) -> str:
    letters = ""
    while position > 0:
        position, remainder = divmod(position - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def _cell(value: Any, shape: str, said: dict[tuple[str, str], str]) -> str:
    """One cell. `said` keeps those with text: the same few names and words fill most of a book."""
    if isinstance(value, str):
        if (value, shape) not in said:
            said[value, shape] = _text(value, shape)
        return said[value, shape]
    style = f' table:style-name="{shape}"'
    if isinstance(value, bool):
        word = "true" if value else "false"
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{word}"/>'
    if isinstance(value, int | float | Decimal):
        kind = "percentage" if shape == "share" else "float"
        exact = f"{value:f}" if isinstance(value, Decimal) else repr(value)
        return f'<table:table-cell{style} office:value-type="{kind}" office:value="{exact}"/>'
    return _text(str(value), shape)


def _text(value: str, shape: str) -> str:
    kept = escape(UNSAYABLE.sub("", value))
    return f'<table:table-cell table:style-name="{shape}" office:value-type="string"><text:p>{kept}</text:p></table:table-cell>'  # noqa: E501
