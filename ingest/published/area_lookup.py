"""Lower-tier to upper-tier areas, as the statistics office publishes them for one date."""

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.tables import AREA_LOOKUP_ROWS
from ingest.tabular import place, records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("area_lookup",)

SOURCE = "ons_area_lookup"


def read(edition: Edition) -> Parsed:
    """One row a lower-tier area; a row of one cell is rejected. Raises InputError for unknown or missing columns."""
    rows, rejects = [], []
    for record in records(edition, rows_of(edition), SOURCE):
        remark = record.remark(edition)
        if remark is not None:
            rejects.append(remark)
            continue
        names = ("lower_code", "lower_name", "upper_code", "upper_name")
        rows.append(place(edition, record, "lower_code") | {name: record.text(name) for name in names})
    return Parsed({AREA_LOOKUP_ROWS.name: pd.DataFrame(rows, columns=AREA_LOOKUP_ROWS.schema.names)}, rejects)
