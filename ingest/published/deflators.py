"""GDP deflators at market prices: financial years on the left, calendar years beside them on the same rows.

Only the financial-year table is kept. Forecast years carry a growth rate and no index; they are kept with
the growth alone, and the index is chained in the warehouse. Footnotes end the table.
"""

import re

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.sheets import cell_number, cell_text
from ingest.tables import DEFLATOR_ROWS
from ingest.tabular import named_columns, rows_of

SOURCE = "hmt_gdp_deflators"
YEAR = re.compile(r"(\d{4}-\d{2})(?: \(\d\),?)*")
BASE = re.compile(r"(\d{4}(?:-\d{2})?) = 100")


def read(edition: Edition) -> Parsed:
    """One row a financial year. Raises InputError for unknown columns, or when there is no base year."""
    layout = edition.release.layout
    rows, header_row = rows_of(edition), layout["header_row"]
    headers = {n: cell_text(cell) for n, cell in enumerate(rows[header_row - 1], start=1) if cell_text(cell)}
    plain = {n: BASE.sub("base year = 100", header) for n, header in headers.items()}
    named = named_columns(edition, plain, SOURCE, str(layout.get("map", "1")), header_row)
    base = BASE.fullmatch(headers[named["deflator_index"]])
    if base is None:
        raise InputError(
            _problem(edition, header_row, named["deflator_index"], headers, "the header names no base year")
        )
    kept, rejects = [], []
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        row = row + [None] * (max(named.values()) - len(row))
        year = YEAR.fullmatch(cell_text(row[named["financial_year"] - 1]))
        if year is None:
            break
        index, growth = (row[named[name] - 1] for name in ("deflator_index", "growth_percent"))
        is_forecast = cell_number(index) is None
        if is_forecast and cell_number(growth) is None:
            rejects.append(
                _problem(edition, number, named["deflator_index"], row, "neither an index nor a growth rate")
            )
            continue
        kept.append(
            {
                "release_id": edition.release_id,
                "sheet": layout.get("sheet", ""),
                "source_row": number,
                "source_column": named["growth_percent" if is_forecast else "deflator_index"],
                "financial_year": year.group(1),
                "deflator_index": cell_number(index),
                "growth_percent": cell_number(growth),
                "is_forecast": is_forecast,
                "base_year": base.group(1),
                "value_text": cell_text(growth if is_forecast else index),
            }
        )
    return Parsed({DEFLATOR_ROWS.name: pd.DataFrame(kept, columns=DEFLATOR_ROWS.schema.names)}, rejects)


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
