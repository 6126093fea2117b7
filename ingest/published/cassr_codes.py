"""Codes of councils with adult social care duties: CASSR code beside ONS code, type and region.

Region and England rows are among the councils: they have no council type and are kept out, for they
are no councils; nothing else is left out.
"""

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.tables import CASSR_ROWS
from ingest.tabular import place, records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("cassr_codes",)

SOURCE = "ascof_council_codes"


def read(edition: Edition) -> Parsed:
    """One row a council. Raises InputError for unknown or missing columns."""
    rows = [
        place(edition, record, "council_code")
        | {name: record.text(name) for name in ("cassr_code", "council_code", "council_name", "council_type", "region")}
        for record in records(edition, rows_of(edition), SOURCE)
        if record.given("council_type")
    ]
    return Parsed({CASSR_ROWS.name: pd.DataFrame(rows, columns=CASSR_ROWS.schema.names)})
