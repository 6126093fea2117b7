"""Adult Social Care Outcomes Framework open data: one long table a year, numerators and denominators included.

Councils, regions, council types and England are in one column and are told apart by level. A bracketed
marker is printed where a figure is withheld; it stays a marker. The year is in the release, not in the
file. From 2024-25 the table is a CSV file with other level names and no measure wording; its layout says so
(`map: 2024-25`). The same measures also come out as a workbook with a sheet a measure and many years, which is
known by its headers.
"""

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.numbers import refuse_if_many
from ingest.outcome_cells import cell_row, level_of
from ingest.outcome_tables import rows_of_table, tables_of
from ingest.tables import ASCOF_CELLS
from ingest.tabular import records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("ascof_cells",)

SOURCE = "ascof_open_data"


def read(edition: Edition) -> Parsed:
    """One row a geography, measure, breakdown and value kind; a withheld value is null with its marker.

    Raises InputError for an unknown or missing column an unknown geographical level, or too many
    cells that cannot be read.
    """
    year = edition.release.financial_year
    rows, faults = [], []
    tables = [] if edition.release.layout.get("sheet") else tables_of(edition)
    for table in tables:
        rows += rows_of_table(edition, table, faults)
    for record in () if tables else records(edition, rows_of(edition), SOURCE):
        rows.append(
            cell_row(edition, record, SOURCE, level_of(edition, record), faults)
            | {
                "financial_year": year,
                "framework_year": edition.release.layout.get("framework_year", year),
                "geography_code": record.text("geography_code"),
                "measure_code": record.text("measure_code"),
                "value_kind": record.text("value_kind").lower().replace(" ", "_"),
            }
        )
    refuse_if_many(faults, len(rows), edition.path.name)
    return Parsed({ASCOF_CELLS.name: pd.DataFrame(rows, columns=ASCOF_CELLS.schema.names)}, faults)
