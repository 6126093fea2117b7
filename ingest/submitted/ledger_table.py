"""A ledger file as a table of texts, its rows numbered as a spreadsheet shows them: CSV, Excel or Parquet.

Everything is read column by column, so that ten million rows take a minute or two.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from ingest.problems import InputError, Problem
from ingest.sheets import cell_text, open_workbook, text_rows
from ingest.submitted.ledger_columns import Columns
from ingest.submitted.map_layout import folded

# A header whose names are broken over lines stands on more lines than one.
_HEADER_LINES = 50


@dataclass(frozen=True)
class LedgerTable:
    """Texts by our column name, the header's 1-based position of each, and the row number of every row.

    `torn` are rows with too few or too many cells, as (row number, text).
    """

    texts: dict[str, pa.ChunkedArray]
    positions: dict[str, int]
    rows: np.ndarray
    sheet: str
    torn: list[tuple[int, str]]


def read(path: Path, columns: Columns) -> LedgerTable:
    """The named columns of a ledger. Raises InputError when the file cannot be read or lacks a column."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet(path, columns)
    if suffix in (".xlsx", ".xls", ".ods"):
        return _workbook(path, columns)
    if suffix in (".csv", ".txt", ".tsv"):
        return _csv(path, columns)
    raise InputError(
        Problem(path.name, f"a ledger cannot be read from a {suffix or 'nameless'} file", "send CSV, Excel or Parquet")
    )


def _find(file: str, headers: list[str], columns: Columns, sheet: str | None, row: int | None) -> dict[str, int]:
    """0-based position of every named column."""
    places: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        places.setdefault(folded(header), []).append(position)
    problems, found = [], {}
    for name, header in columns.columns.items():
        here = places.get(folded(header), [])
        if len(here) != 1:
            what = "there is no column of this header" if not here else f"{len(here)} columns have this header"
            problems.append(
                Problem(
                    file,
                    f"{what} (for {name}); the ledger has {', '.join(h for h in headers if h)[:300]}",
                    "correct the header in the columns file, or in the ledger",
                    sheet or None,
                    row,
                    header,
                )
            )
        else:
            found[name] = here[0]
    if problems:
        raise InputError(problems)
    return found


def _csv(path: Path, columns: Columns) -> LedgerTable:
    torn: list[tuple[int, str]] = []

    def note(row: csv.InvalidRow) -> str:
        torn.append((row.number, row.text))
        return "skip"

    try:
        headers = _csv_headers(path, columns)
        found = _find(path.name, headers, columns, None, columns.header_row)
        numbers = [str(place) for place in range(len(headers))]
        read = csv.read_csv(
            path,
            # One thread: only then are torn rows reported with their number.
            read_options=csv.ReadOptions(
                use_threads=False,
                encoding=columns.encoding,
                skip_rows=columns.header_row,
                column_names=numbers,
                block_size=32 * 1024 * 1024,
            ),
            parse_options=csv.ParseOptions(
                delimiter=columns.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(numbers, pa.string()),
                include_columns=sorted({str(place) for place in found.values()}),
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, UnicodeError) as error:
        raise InputError(
            Problem(
                path.name,
                "the ledger cannot be read as CSV text",
                "check delimiter, header_row and encoding in the columns file (Excel's own CSV is often cp1252)",
                value=str(error).split("\n")[0][:120],
            )
        ) from error
    first = columns.header_row + 1
    every = np.arange(first, first + read.num_rows + len(torn), dtype=np.int64)
    rows = np.setdiff1d(every, np.array([number for number, _ in torn], dtype=np.int64), assume_unique=True)
    return LedgerTable(
        {name: _trimmed(read.column(str(place))) for name, place in found.items()},
        {name: place + 1 for name, place in found.items()},
        rows,
        "",
        [(number, text) for number, text in torn if text.strip(columns.delimiter + " \r\n")],
    )


def _csv_headers(path: Path, columns: Columns) -> list[str]:
    encoding = "utf-8-sig" if columns.encoding == "utf-8" else columns.encoding
    with path.open(encoding=encoding, newline="") as stream:
        rows = text_rows(islice(stream, columns.header_row + _HEADER_LINES), path.name, columns.delimiter)
        return [cell_text(cell) for cell in rows[columns.header_row - 1]] if len(rows) >= columns.header_row else []


def _workbook(path: Path, columns: Columns) -> LedgerTable:
    workbook = open_workbook(path)
    sheet = columns.sheet or (workbook.sheet_names[0] if len(workbook.sheet_names) == 1 else None)
    if sheet not in workbook.sheet_names:
        raise InputError(
            Problem(
                path.name,
                f"the ledger's sheet is not named; the workbook has {', '.join(workbook.sheet_names)}",
                "write sheet: NAME in the columns file",
                columns.sheet,
            )
        )
    cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    if len(cells) < columns.header_row:
        cells = [*cells, *([[]] * columns.header_row)]
    headers = [cell_text(cell) for cell in cells[columns.header_row - 1]]
    found = _find(path.name, headers, columns, sheet, columns.header_row)
    body = cells[columns.header_row :]
    texts = {
        name: pa.chunked_array([pa.array([_shown(row[place]) for row in body], pa.string())])
        for name, place in found.items()
    }
    first = columns.header_row + 1
    rows = np.arange(first, first + len(body), dtype=np.int64)
    positions = {name: place + 1 for name, place in found.items()}
    return LedgerTable({name: _trimmed(text) for name, text in texts.items()}, positions, rows, sheet, [])


def _parquet(path: Path, columns: Columns) -> LedgerTable:
    try:
        names = pq.read_schema(path).names
        found = _find(path.name, names, columns, None, None)
        read = pq.read_table(path, columns=[names[place] for place in found.values()])
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            Problem(path.name, "the Parquet file cannot be read", "write it again", value=str(error)[:120])
        ) from error
    return LedgerTable(
        {name: _trimmed(pc.fill_null(_as_text(read.column(names[place])), "")) for name, place in found.items()},
        {name: place + 1 for name, place in found.items()},
        np.arange(1, read.num_rows + 1, dtype=np.int64),
        "",
        [],
    )


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        # What binary fractions add far behind the pence was never in the ledger.
        column = pc.round(column, 6)
    return column.cast(pa.string())


def _shown(cell) -> str:
    """A cell as its program shows it: fifteen digits, without what binary fractions add behind them."""
    if isinstance(cell, float) and not cell.is_integer():
        return format(Decimal(format(cell, ".15g")), "f")
    return cell_text(cell)


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(column)
