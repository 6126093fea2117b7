"""GDP deflators at market prices: financial years on the left, calendar years beside them on the same rows.

Of the calendar years only the growth is kept, beside that of the financial year, to be compared with it. Forecast
years carry a growth rate and no index; they are kept with the growth alone, and the index is chained in the
warehouse. Footnotes end the table.
"""

import re

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.numbers import is_number, read_number
from ingest.problems import InputError, Problem
from ingest.sheets import cell_text
from ingest.tables import DEFLATOR_ROWS
from ingest.tabular import headers_in, named_columns, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("deflators",)

SOURCE = "hmt_gdp_deflators"
YEAR = re.compile(r"(\d{4}-\d{2})(?: \(\d\),?)*")
BASE = re.compile(r"(\d{4}(?:-\d{2})?) = 100")


def read(edition: Edition) -> Parsed:
    """One row a financial year. Raises InputError for unknown columns, or when there is no base year."""
    layout = edition.release.layout
    rows, header_row = rows_of(edition), layout["header_row"]
    headers = headers_in(edition, rows, header_row)
    plain = {n: BASE.sub("base year = 100", header) for n, header in headers.items()}
    named = named_columns(edition, plain, SOURCE, str(layout.get("map", "1")), header_row)
    base = BASE.fullmatch(headers[named["deflator_index"]])
    if base is None:
        raise InputError(
            _problem(edition, header_row, named["deflator_index"], headers, "the header names no base year")
        )
    calendar = _calendar_growth(headers, named["growth_percent"])
    kept, rejects = [], []
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        row = row + [None] * (max(*named.values(), calendar or 0) - len(row))
        year = YEAR.fullmatch(cell_text(row[named["financial_year"] - 1]))
        if year is None:
            _table_ends_at(edition, rows, number, named)
            break
        index, growth = (read_number(row[named[name] - 1], SOURCE) for name in ("deflator_index", "growth_percent"))
        is_forecast = index.number is None
        fault = index.fault or growth.fault or (is_forecast and growth.number is None and "no index and no growth rate")
        if fault:
            column = named["growth_percent" if growth.fault and not index.fault else "deflator_index"]
            rejects.append(_problem(edition, number, column, row, fault))
            continue
        kept.append(
            {
                "release_id": edition.release_id,
                "sheet": layout.get("sheet", ""),
                "source_row": number,
                "source_column": named["growth_percent" if is_forecast else "deflator_index"],
                "financial_year": year.group(1),
                "deflator_index": index.number,
                "growth_percent": growth.number,
                "calendar_growth_percent": read_number(row[calendar - 1], SOURCE).number if calendar else None,
                "is_forecast": is_forecast,
                "base_year": base.group(1),
                "value_text": cell_text(row[named["growth_percent" if is_forecast else "deflator_index"] - 1]),
            }
        )
    return Parsed({DEFLATOR_ROWS.name: pd.DataFrame(kept, columns=DEFLATOR_ROWS.schema.names)}, rejects)


def _calendar_growth(headers: dict[int, str], growth: int) -> int | None:
    """The column to the right with the same header as the growth of financial years; none where there is none."""
    return next((n for n, header in sorted(headers.items()) if n > growth and header == headers[growth]), None)


def _table_ends_at(edition: Edition, rows: list, first: int, named: dict[str, int]) -> None:
    """Raise InputError when years with figures follow a row without one: its year is mistyped, the table goes on."""
    column, index = named["financial_year"], named["deflator_index"]
    for number, row in enumerate(rows[first:], start=first + 1):
        if len(row) >= max(column, index) and YEAR.fullmatch(cell_text(row[column - 1])) and is_number(row[index - 1]):
            what = f"no financial year, and the table goes on to row {number}"
            cells = rows[first - 1] + [None] * column
            raise InputError(_problem(edition, first, column, cells, what))


def _problem(edition: Edition, row: int, column: int, cells, what: str) -> Problem:
    value = cells[column] if isinstance(cells, dict) else cells[column - 1]
    return Problem(
        file=edition.path.name,
        row=row,
        column=column,
        value=cell_text(value),
        what=what,
        remedy="obtain a fresh copy, or correct header_row in ingest/sources.yml",
    )
