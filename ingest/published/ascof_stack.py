"""Outcomes of several framework years in one file, stacked by a third party from the published ones.

Outcomes only, no numerators. What a publisher withheld is missing here and not marked. Level names, region
names and measure wording drift between years and are kept as they stand; measures are known by code and
year. The last year leaves breakdown and value kind blank: `Total` and `outcome`, as its rates show.
"""

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.numbers import refuse_if_many
from ingest.outcome_cells import cell_row, level_of
from ingest.tables import ASCOF_CELLS
from ingest.tabular import records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("ascof_cells",)

SOURCE = "ascof_stack"


def read(edition: Edition) -> Parsed:
    """One row a geography, year and measure.

    Raises InputError for an unknown or missing column or level, or too many cells that cannot be read.
    """
    rows, faults = [], []
    for record in records(edition, rows_of(edition), SOURCE):
        year = record.text("financial_year")
        rows.append(
            cell_row(edition, record, SOURCE, level_of(edition, record), faults)
            | {
                "financial_year": year,
                "framework_year": year,
                "geography_code": record.text("ons_code"),
                "measure_code": record.text("measure_code"),
                "value_kind": record.text("value_kind").lower() or "outcome",
            }
        )
    refuse_if_many(faults, len(rows), edition.path.name)
    return Parsed({ASCOF_CELLS.name: pd.DataFrame(rows, columns=ASCOF_CELLS.schema.names)}, faults)
