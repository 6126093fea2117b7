"""Writing workbooks and CSV files whose bytes depend on their content alone.

Workbooks are zip archives stored without compression and with one fixed date: compression and clocks
differ between machines.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from ingest.problems import column_letter

Cell = str | int | Decimal | None

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write_csv(path: Path, rows: Iterable[Sequence[Cell]], encoding: str = "utf-8") -> None:
    """A CSV file with line feeds; `utf-8-sig` gives it a byte order mark."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[Cell]]]) -> None:
    """A workbook with these sheets. Numbers are numeric cells, texts inline strings; None and '' are left out."""
    names = list(sheets)
    ids = range(1, len(names) + 1)
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{i}" r:id="rId{i}"/>'
        for i, name in zip(ids, names, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in ids
    )
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for i in ids
    )
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{typed}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
    }
    for i, name in zip(ids, names, strict=True):
        parts[f"xl/worksheets/sheet{i}.xml"] = _sheet(sheets[name])
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    _write_archive(path, ((part, f"{declared}{body}".encode()) for part, body in parts.items()))


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    width = max((len(row) for row in rows), default=0)
    letters = [column_letter(position) for position in range(1, width + 1)]
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{letter}{number}", cell)
            for letter, cell in zip(letters, row, strict=False)
            if cell not in (None, "")
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def store_plainly(path: Path) -> None:
    """Write a workbook's archive again without compression and clock, so that its bytes are the same anywhere."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    _write_archive(path, parts)


def _write_archive(path: Path, parts: Iterable[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for part, body in parts:
            info = zipfile.ZipInfo(part, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, body)
