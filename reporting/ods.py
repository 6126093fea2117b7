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

from xlsxwriter.utility import xl_col_to_name

from reporting.sheets import HEADER_ROW, HEADING_COLUMNS, Book, Link, Sheet, across, lines_of, width

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
        ("config", "config"),
    )
)
SPACES += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
SPACES += ' xmlns:ooo="http://openoffice.org/2004/office"'
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
<style:style style:name="right" style:family="table-cell"><style:paragraph-properties fo:text-align="end"/></style:style>
<style:style style:name="title" style:family="table-cell"><style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style>
<style:style style:name="bold" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="wrap" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>
<style:style style:name="high" style:family="table-row"><style:table-row-properties style:use-optimal-row-height="true"/></style:style>
{own}</office:automatic-styles>"""  # noqa: E501
# A letter of a column's width, in centimetres.
LETTER_CM = 0.23
PAGE = """<style:page-layout style:name="p{n}"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin="1.5cm" style:scale-to-X="{n}" style:scale-to-Y="0"/></style:page-layout>"""  # noqa: E501


def write(book: Book, path: Path) -> None:
    """Write the book as .ods."""
    with zipfile.ZipFile(path, "w") as file:
        _part(file, "mimetype", [KIND], zipfile.ZIP_STORED)
        _part(file, "META-INF/manifest.xml", [_manifest()])
        _part(file, "meta.xml", [_meta(book)])
        _part(file, "styles.xml", [_pages(book)])
        _part(file, "settings.xml", [_settings(book)])
        _part(file, "content.xml", _content(book))


def _part(file: zipfile.ZipFile, name: str, texts: Any, packing: int = zipfile.ZIP_DEFLATED) -> None:
    about = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    about.compress_type = packing
    with file.open(about, "w", force_zip64=False) as part:
        waiting = iter(texts)
        while together := list(islice(waiting, ROWS_AT_ONCE)):
            part.write("".join(together).encode("utf-8"))


def _manifest() -> str:
    parts = ("content.xml", "meta.xml", "styles.xml", "settings.xml")
    entries = [("/", KIND), *((name, "text/xml") for name in parts)]
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


def _pages(book: Book) -> str:
    """The paper: A4 on its side, each sheet of the book over as many as can be read; and the language of the text."""
    counts = sorted({across(sheet) for sheet in book.sheets})
    language, _, country = book.language.partition("-")
    default = (
        '<style:default-style style:family="table-cell"><style:text-properties'
        f' fo:language={quoteattr(language)} fo:country={quoteattr(country)} fo:font-size="11pt"/>'
        "</style:default-style>"
    )
    masters = "".join(f'<style:master-page style:name="P{n}" style:page-layout-name="p{n}"/>' for n in counts)
    return (
        f'{HEAD}<office:document-styles {SPACES} office:version="1.3"><office:styles>{default}</office:styles>'
        f"<office:automatic-styles>{''.join(PAGE.format(n=n) for n in counts)}</office:automatic-styles>"
        f"<office:master-styles>{masters}</office:master-styles></office:document-styles>"
    )


def _settings(book: Book) -> str:
    """Headings and keys that stay while the rest is scrolled."""

    def items(kind: str, given: dict[str, int]) -> str:
        return "".join(
            f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
            for name, value in given.items()
        )

    down, right = HEADER_ROW + 1, 1
    frozen = items("short", {"HorizontalSplitMode": 2, "VerticalSplitMode": 2, "ActiveSplitRange": 3}) + items(
        "int",
        {
            "HorizontalSplitPosition": right,
            "VerticalSplitPosition": down,
            "PositionRight": right,
            "PositionBottom": down,
        },
    )
    tables = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(sheet.name)}>{frozen}</config:config-item-map-entry>"
        for sheet in book.sheets
        if sheet.columns
    )
    return (
        f'{HEAD}<office:document-settings {SPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1'
        f'</config:config-item><config:config-item-map-named config:name="Tables">{tables}'
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )


def _widths(sheet: Sheet) -> list[int]:
    return [width(place, c.shape) for place, c in enumerate(sheet.columns)] or list(sheet.widths)


def _own_styles(book: Book) -> str:
    """A style of each width of a column, and of each way a sheet is printed."""
    widths = sorted({letters for sheet in book.sheets for letters in _widths(sheet)})
    counts = sorted({across(sheet) for sheet in book.sheets})
    return "".join(
        f'<style:style style:name="w{letters}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{letters * LETTER_CM:.1f}cm"/></style:style>'
        for letters in widths
    ) + "".join(
        f'<style:style style:name="t{n}" style:family="table" style:master-page-name="P{n}">'
        '<style:table-properties table:display="true"/></style:style>'
        for n in counts
    )


def _opening(sheet: Sheet) -> str:
    """The sheet's first tag, and its columns; those that tell rows apart stand on each sheet of paper."""
    column = xl_col_to_name((len(sheet.columns) or 2) - 1)
    last = f"{column}{len(sheet.rows) + (HEADER_ROW + 1 if sheet.columns else 3)}"
    area = quoteattr(f"'{sheet.name}'.A1:'{sheet.name}'.{last}")
    columns = [f'<table:table-column table:style-name="w{letters}"/>' for letters in _widths(sheet)]
    if sheet.columns and across(sheet) > 1:
        heads = "".join(columns[:HEADING_COLUMNS])
        columns = [f"<table:table-header-columns>{heads}</table:table-header-columns>", *columns[HEADING_COLUMNS:]]
    return (
        f'<table:table table:name={quoteattr(sheet.name)} table:style-name="t{across(sheet)}"'
        f" table:print-ranges={area}>{''.join(columns)}"
    )


def _content(book: Book) -> Iterator[str]:
    styles = STYLES.format(own=_own_styles(book))
    yield f'{HEAD}<office:document-content {SPACES} office:version="1.3">{styles}<office:body><office:spreadsheet>'
    said: dict[tuple[str, str], str] = {}
    for sheet in book.sheets:
        yield _opening(sheet)
        shapes = [column.shape for column in sheet.columns]
        for position, line in enumerate(lines_of(sheet)):
            if shapes and position > HEADER_ROW:
                row = "".join(_cell(value, shapes[place], said) for place, value in enumerate(line))
                yield f"<table:table-row>{row}</table:table-row>"
                continue
            is_head = bool(shapes) and position == HEADER_ROW
            row = "".join(_cell(value, _shape_above(sheet, position, place), said) for place, value in enumerate(line))
            row = f'<table:table-row table:style-name="high">{row}</table:table-row>'
            yield f"<table:table-header-rows>{row}</table:table-header-rows>" if is_head else row
        yield "</table:table>"
    yield f"<table:database-ranges>{''.join(_range(p, s) for p, s in enumerate(book.sheets) if s.columns)}"
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _shape_above(sheet: Sheet, position: int, place: int) -> str:
    """How a cell looks that is none of a table's figures: the lines above a table, its headings, or a page of lines."""
    if position == 0:
        return "title"
    if sheet.columns:
        return "bold" if position == HEADER_ROW else "text"
    return "wrap" if place else "bold"


def _range(position: int, sheet: Sheet) -> str:
    """The sheet's table as a named range with buttons to filter it."""
    last = f"{xl_col_to_name(len(sheet.columns) - 1)}{HEADER_ROW + 1 + len(sheet.rows)}"
    address = quoteattr(f"'{sheet.name}'.A{HEADER_ROW + 1}:'{sheet.name}'.{last}")
    return (
        f'<table:database-range table:name="table_{position}" table:target-range-address={address}'
        ' table:display-filter-buttons="true"/>'
    )


def _cell(value: Any, shape: str, said: dict[tuple[str, str], str]) -> str:
    """One cell. `said` keeps those with text: the same few names and words fill most of a book."""
    if isinstance(value, Link):
        place = quoteattr(f"#'{value}'.A1")
        inside = f'<text:a xlink:type="simple" xlink:href={place}>{escape(value)}</text:a>'
        return _paragraph(inside, shape)
    if isinstance(value, str):
        # A marker in a column of numbers stands where the numbers do.
        shape = "right" if shape in ("pounds", "rate", "share", "number") else shape
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
    return _paragraph(escape(UNSAYABLE.sub("", value)), shape)


def _paragraph(inside: str, shape: str) -> str:
    return f'<table:table-cell table:style-name="{shape}" office:value-type="string"><text:p>{inside}</text:p></table:table-cell>'  # noqa: E501
