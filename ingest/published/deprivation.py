"""Indices of Deprivation, upper-tier summaries: one sheet a domain, the domain's name before each header.

The layout's `sheets` gives our code for the domain of each sheet; every other sheet is a note.
"""

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.numbers import read_number, refuse_if_many
from ingest.problems import Problem
from ingest.sheets import cell_text, read_rows
from ingest.tables import DEPRIVATION_CELLS
from ingest.tabular import named_columns

# The raw tables this reader fills, besides `rejects`.
FILLS = ("deprivation_cells",)

SOURCE = "mhclg_indices_of_deprivation"


def read(edition: Edition) -> Parsed:
    """One row a council, domain and measure. Raises InputError for an unknown or missing column or sheet."""
    cells, rejects = [], []
    for sheet, domain in edition.release.layout["sheets"].items():
        rows = read_rows(edition.path, sheet)
        headers = {n: cell_text(cell) for n, cell in enumerate(rows[0], start=1) if cell_text(cell)}
        plain = {n: header.split(" - ", 1)[-1] for n, header in headers.items()}
        extra = edition.release.layout.get("extra", {}).get(sheet, "domain")
        named = named_columns(edition, plain, SOURCE, extra, 1)
        code_column, name_column = named.pop("council_code"), named.pop("council_name")
        for number, row in enumerate(rows[1:], start=2):
            code = cell_text(row[code_column - 1])
            for measure, position in named.items():
                value = read_number(row[position - 1], SOURCE).number
                if not code or value is None:
                    rejects.append(
                        Problem(
                            file=edition.path.name,
                            sheet=sheet,
                            row=number,
                            column=position,
                            value=cell_text(row[position - 1]),
                            what="no council code, or no number",
                            remedy="correct the row",
                        )
                    )
                    continue
                header = " ".join(headers[position].split())
                name = cell_text(row[name_column - 1])
                place = (edition.release_id, sheet, number, position)
                cells.append((*place, code, name, domain, measure, header, cell_text(row[position - 1]), value))
    refuse_if_many(rejects, len(cells), edition.path.name)
    return Parsed({DEPRIVATION_CELLS.name: pd.DataFrame(cells, columns=DEPRIVATION_CELLS.schema.names)}, rejects)
