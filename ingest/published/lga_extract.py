"""Admission rates from a Local Government Association service: a second opinion on the published ones.

Some councils only. `NA` is printed where the association withheld an implausible value. The file names its one
measure in words; the layout's `measure_codes` gives its framework code from each year on.
"""

import re

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.numbers import refuse_if_many
from ingest.outcome_cells import cell_row
from ingest.problems import Problem
from ingest.tables import ASCOF_CELLS
from ingest.tabular import records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("ascof_cells",)

SOURCE = "lga_admissions_extract"
ENGLAND = "E92000001"
PERIOD = re.compile(r"(\d{4})/(\d{2})")


def read(edition: Edition) -> Parsed:
    """One row a council (or England) and year. Rows whose period is no financial year are rejected."""
    codes = edition.release.layout["measure_codes"]
    rows, rejects, faults = [], [], []
    for record in records(edition, rows_of(edition), SOURCE):
        period = PERIOD.fullmatch(record.text("period"))
        year = "-".join(period.groups()) if period else ""
        starts = [start for start in codes if start <= year]
        if not starts:
            rejects.append(
                Problem(
                    file=edition.path.name,
                    row=record.row,
                    column=record.columns["period"],
                    value=record.text("period"),
                    what="not a financial year, or one before the measure began",
                    remedy="write it as 2014/15, or extend measure_codes in ingest/sources.yml",
                )
            )
            continue
        level = "england" if record.text("ons_code") == ENGLAND else "council"
        rows.append(
            cell_row(edition, record, "lga_extract", level, faults)
            | {
                "financial_year": year,
                "framework_year": year,
                "geography_code": record.text("ons_code"),
                "measure_code": codes[max(starts)],
                "breakdown": "Total",
                "value_kind": "outcome",
            }
        )
    refuse_if_many(faults, len(rows), edition.path.name)
    return Parsed({ASCOF_CELLS.name: pd.DataFrame(rows, columns=ASCOF_CELLS.schema.names)}, rejects + faults)
