"""Revenue Account (RA) budgets: one row an authority, one column a line of the form, £ thousand.

Source: MHCLG (earlier DCLG, DLUHC), “Revenue Account budget by local authority”. The release's layout may
hold `sheets` (each with `name`, `measure` and `columns`, the layouts of the column map, first one first),
`encoding` of a CSV file and `footnote_letters` printed inside names. Up to 2015-16 there are two or three
sheets of one layout; 2023-24 has no total rows.
"""

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.finance_lines import SheetLayout, read_sheet

# The raw tables this reader fills, besides `rejects`.
FILLS = ("finance_cells",)


def read(edition: Edition) -> Parsed:
    """Every published cell of a Revenue Account file as finance_cells, in £ thousand.

    Raises InputError for an unknown column, a missing sheet or total line, or a repeated authority.
    """
    common = dict(edition.release.layout)
    common.pop("required_lines", None)
    frames, rejects = [], []
    for sheet in common.pop("sheets", [{}]):
        layout = SheetLayout(**common, **sheet)
        frame, rejected = read_sheet(
            edition, layout, column_map_name="revenue_account", statement="budget", source="ra"
        )
        frames.append(frame)
        rejects.extend(rejected)
    return Parsed({"finance_cells": pd.concat(frames, ignore_index=True)}, rejects)
