"""A ledger file as tables of texts, its rows numbered as a spreadsheet shows them: CSV, Excel or Parquet.

Everything is read column by column and, but for a workbook, block by block: a ledger of ten million rows takes no
more memory than one of half a million.
"""

from collections.abc import Iterator
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
from ingest.submitted.ledgers.table_settings import TableSettings
from ingest.submitted.service_maps.map_layout import folded

# A header whose names are broken over lines is on more lines than one.
_HEADER_LINES = 50
# One block: of CSV in bytes, which a single row may not exceed, and of Parquet in rows. Arrow reads 32 blocks of CSV
# ahead, whatever it is told about threads.
_BLOCK_BYTES = 4 * 1024 * 1024
_BLOCK_ROWS = 100_000


@dataclass(frozen=True)
class LedgerTable:
    """One block of a ledger: texts by our column name, the header's 1-based position of each, and the row number of
    every row.

    `torn` are rows with too few or too many cells, as (row number, text).
    """

    texts: dict[str, pa.Array | pa.ChunkedArray]
    positions: dict[str, int]
    rows: np.ndarray
    sheet: str
    torn: list[tuple[int, str]]


def blocks(path: Path, columns: TableSettings) -> Iterator[LedgerTable]:
    """The named columns of a ledger. Raises InputError when the file cannot be read or lacks a column."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet(path, columns)
    if suffix in (".xlsx", ".xls", ".ods"):
        return iter([_workbook(path, columns)])
    if suffix in (".csv", ".txt", ".tsv"):
        return _csv(path, columns)
    raise InputError(
        Problem(path.name, f"a ledger cannot be read from a {suffix or 'nameless'} file", "send CSV, Excel or Parquet")
    )


def _find(file: str, headers: list[str], columns: TableSettings, sheet: str | None, row: int | None) -> dict[str, int]:
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


def _csv(path: Path, columns: TableSettings) -> Iterator[LedgerTable]:
    torn: list[tuple[int, str]] = []

    def note(row: csv.InvalidRow) -> str:
        torn.append((row.number, row.text))
        return "skip"

    try:
        headers = _csv_headers(path, columns)
        found = _find(path.name, headers, columns, None, columns.header_row)
        positions = {name: place + 1 for name, place in found.items()}
        numbers = [str(place) for place in range(len(headers))]
        reader = csv.open_csv(
            path,
            # One thread: only then are torn rows reported with their number.
            read_options=csv.ReadOptions(
                use_threads=False,
                encoding=columns.encoding,
                skip_rows=columns.header_row,
                column_names=numbers,
                block_size=_BLOCK_BYTES,
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
        row = columns.header_row + 1
        for batch in reader:
            rows, row = _numbered(row, batch.num_rows, torn)
            here = [(number, text) for number, text in torn if number < row]
            del torn[: len(here)]
            texts = {name: _trimmed(batch.column(str(place))) for name, place in found.items()}
            yield LedgerTable(texts, positions, rows, "", _not_blank(here, columns))
    except (pa.ArrowInvalid, UnicodeError) as error:
        raise InputError(
            Problem(
                path.name,
                "the ledger cannot be read as CSV text",
                "check delimiter, header_row and encoding in the columns file (Excel's own CSV is often cp1252)",
                value=str(error).split("\n")[0][:120],
            )
        ) from error
    nothing = {name: pa.array([], pa.string()) for name in found}
    yield LedgerTable(nothing, positions, np.array([], dtype=np.int64), "", _not_blank(torn, columns))


def _numbered(first: int, count: int, torn: list[tuple[int, str]]) -> tuple[np.ndarray, int]:
    """Numbers of the next `count` rows that are whole, beginning at `first`, and the number that follows them."""
    skipped = {number for number, _ in torn}
    rows = np.arange(first, first + count + len(torn), dtype=np.int64)
    rows = rows[~np.isin(rows, list(skipped))][:count] if skipped else rows
    return rows, int(rows[-1]) + 1 if count else first


def _not_blank(torn: list[tuple[int, str]], columns: TableSettings) -> list[tuple[int, str]]:
    return [(number, text) for number, text in torn if text.strip(columns.delimiter + " \r\n")]


def _csv_headers(path: Path, columns: TableSettings) -> list[str]:
    encoding = "utf-8-sig" if columns.encoding == "utf-8" else columns.encoding
    with path.open(encoding=encoding, newline="") as stream:
        rows = text_rows(islice(stream, columns.header_row + _HEADER_LINES), path.name, columns.delimiter)
        return [cell_text(cell) for cell in rows[columns.header_row - 1]] if len(rows) >= columns.header_row else []


def _workbook(path: Path, columns: TableSettings) -> LedgerTable:
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


def _parquet(path: Path, columns: TableSettings) -> Iterator[LedgerTable]:
    try:
        names = pq.read_schema(path).names
        found = _find(path.name, names, columns, None, None)
        positions = {name: place + 1 for name, place in found.items()}
        row = 1
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BLOCK_ROWS, columns=[names[place] for place in found.values()]):
                texts = {
                    name: _trimmed(pc.fill_null(_as_text(batch.column(names[place])), ""))
                    for name, place in found.items()
                }
                rows = np.arange(row, row + batch.num_rows, dtype=np.int64)
                row += batch.num_rows
                yield LedgerTable(texts, positions, rows, "", [])
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            Problem(path.name, "the Parquet file cannot be read", "write it again", value=str(error)[:120])
        ) from error


def _as_text(column: pa.Array) -> pa.Array:
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


def _trimmed(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return pc.utf8_trim_whitespace(column)
