"""Plain tables with one header row: published columns found through the map, records with their places.

What readers of simple publications share. Oddities (two-row headers, side-by-side tables) stay in the reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest import column_map
from ingest.edition import Edition
from ingest.numbers import Reading, fault_of, read_number
from ingest.problems import InputError, Problem, column_letter
from ingest.sheets import Cell, Rows, cell_text, read_rows


@dataclass(frozen=True)
class Record:
    """One published row: its 1-based number and, by our name, each mapped cell with its 1-based column."""

    row: int
    cells: dict[str, Cell]
    columns: dict[str, int]

    def text(self, name: str) -> str:
        """The cell as text, outer white space removed; '' when blank."""
        return cell_text(self.cells[name])

    def given(self, name: str) -> str | None:
        """The cell as text, or None when blank."""
        return self.text(name) or None

    def remark(self, edition: Edition) -> Problem | None:
        """What is said of a row with one mapped cell alone: a remark under the table, or a row that lost the rest."""
        filled = [name for name in self.cells if self.text(name)]
        if len(filled) != 1:
            return None
        return Problem(
            file=edition.path.name,
            sheet=edition.release.layout.get("sheet"),
            row=self.row,
            column=self.columns[filled[0]],
            value=self.text(filled[0])[:80],
            what="the row has one cell alone, so it is no row of the table",
            remedy="nothing, where it is a remark; else complete the row",
        )

    def number(self, name: str, publication: str) -> Reading:
        """The cell as a number, a marker of the publication, or the fault that keeps it from being either."""
        return read_number(self.cells[name], publication)


def rows_of(edition: Edition) -> Rows:
    """Every row of the sheet or CSV file that the release's layout names. Raises InputError, see `read_rows`."""
    layout = edition.release.layout
    return read_rows(edition.path, layout.get("sheet"), layout.get("encoding", "utf-8-sig"))


def records(edition: Edition, rows: Rows, source: str) -> Iterator[Record]:
    """The rows under the header row, cells by our names; rows with nothing in them are passed over.

    The release's layout gives `map` (the layout in the column map, default `1`) and `header_row` (1-based,
    default 1). A map row without a name is a column we know and do not keep. Raises InputError for a
    published column the map does not know, or a named one that the file lacks.
    """
    layout = edition.release.layout
    layout_name, header_row = str(layout.get("map", "1")), layout.get("header_row", 1)
    headers = headers_in(edition, rows, header_row)
    named = named_columns(edition, headers, source, layout_name, header_row)
    last = max(named.values())
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        if not any(cell_text(cell) for cell in row):
            continue
        padded = row + [None] * (last - len(row))
        yield Record(number, {name: padded[position - 1] for name, position in named.items()}, named)


def headers_in(edition: Edition, rows: Rows, header_row: int) -> dict[int, str]:
    """The headers by 1-based position. Raises InputError for a file that ends before its header row."""
    if len(rows) < header_row:
        raise InputError(
            Problem(
                file=edition.path.name,
                sheet=edition.release.layout.get("sheet"),
                what=f"the file ends before its header row {header_row}",
                remedy="obtain a fresh copy, or correct header_row in ingest/sources.yml",
            )
        )
    return {n: cell_text(cell) for n, cell in enumerate(rows[header_row - 1], start=1) if cell_text(cell)}


def named_columns(
    edition: Edition, headers: dict[int, str], source: str, layout_name: str, header_row: int
) -> dict[str, int]:
    """Our names to 1-based positions, every name of the map's layout found once. Raises InputError."""
    place = {"file": edition.path.name, "sheet": edition.release.layout.get("sheet"), "row": header_row}
    found = column_map.match(source, layout_name, headers, learned=edition.release.learned, **place)
    named: dict[str, int] = {}
    for column in found:
        name = column.fields["name"]
        if name in named:
            raise InputError(
                Problem(
                    **place,
                    column=column.position,
                    value=column.header,
                    what=f"the column repeats column {column_letter(named[name])}, both mapped to {name}",
                    remedy=f"remove the repeat, or give positions in ingest/column_maps/{source}.csv",
                )
            )
        if name:
            named[name] = column.position
    known = {r["name"]: r["header"] for r in column_map.load(source) if r["layout"] == layout_name and r["name"]}
    missing = sorted(set(known) - set(named))
    if missing:
        raise InputError(
            [
                Problem(
                    **place,
                    column=known[name],
                    what="a column the map expects is not in the file",
                    remedy=f"correct the file, or the rows for layout {layout_name} in ingest/column_maps/{source}.csv",
                )
                for name in missing
            ]
        )
    return named


def fault_at(edition: Edition, record: Record, name: str, reading: Reading) -> Problem:
    """The reject for a cell of a record that could not be read."""
    return fault_of(
        reading,
        record.cells[name],
        file=edition.path.name,
        sheet=edition.release.layout.get("sheet"),
        row=record.row,
        column=record.columns[name],
    )


def place(edition: Edition, record: Record, column: str) -> dict:
    """Where a cell was published: the first four columns of every raw table."""
    return {
        "release_id": edition.release_id,
        "sheet": edition.release.layout.get("sheet", ""),
        "source_row": record.row,
        "source_column": record.columns[column],
    }
