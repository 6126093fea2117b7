"""Adult Social Care Finance Return totals: money by council, care type, age, support reason and setting.

Keys are numbers without names; `column_maps/nhs_asc_fr_keys.csv` decodes them (inferred from order and
sizes, not from the publisher's dictionary). Voluntary rows repeat the money of mandatory rows for 65 and
over; both are kept and marked, so that nobody adds them up unawares.
"""

import re

import pandas as pd

from ingest import column_map
from ingest.edition import Edition, Parsed
from ingest.numbers import refuse_if_many
from ingest.problems import InputError, Problem
from ingest.sheets import cell_text
from ingest.tables import ASC_FR_CELLS
from ingest.tabular import Record, place, records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("asc_fr_cells",)

SOURCE = "nhs_asc_fr"
KEYS = "nhs_asc_fr_keys"
KEY_COLUMNS = (
    "care_type", "age_band", "support_reason", "support_setting", "purpose", "carer_support_type", "data_type",
)  # fmt: skip
YEAR = re.compile(r"20[0-9]{2}")
MEASURES = (
    "total_expenditure", "total_income", "net_total_expenditure", "gross_total_expenditure",
    "net_current_expenditure", "gross_current_expenditure",
)  # fmt: skip


def read(edition: Edition) -> Parsed:
    """One row a council or region, combination of keys and money column, £ thousand.

    Raises InputError for an unknown or missing column or a key number that the key list does not know.
    """
    decode = {(r["header"], r["value"]): r["name"] for r in column_map.load(KEYS)}
    cells, rejects, unknown = [], [], {}
    for record in records(edition, rows_of(edition), SOURCE):
        keys = {}
        for name in KEY_COLUMNS:
            value = record.text(name)
            keys[name] = decode.get((name, value)) if value else ""
            if keys[name] is None:
                unknown.setdefault((name, value), record)
        year = record.text("year_ending")
        if not YEAR.fullmatch(year):
            rejects.append(_reject(edition, record, "year_ending", "no year of four digits"))
            continue
        for measure in MEASURES:
            reading = record.number(measure, SOURCE)
            if reading.number is None:
                rejects.append(_reject(edition, record, measure, reading.fault or "there is no amount"))
                continue
            cells.append(
                place(edition, record, measure)
                | keys
                | {
                    "financial_year": f"{int(year) - 1}-{year[-2:]}",
                    "cassr_code": record.given("cassr_code"),
                    "region_code": record.text("region_code"),
                    "measure": measure,
                    "value_text": record.text(measure),
                    "amount_thousand_gbp": reading.number,
                }
            )
    if unknown:
        raise InputError(
            [
                Problem(
                    file=edition.path.name,
                    row=record.row,
                    column=record.columns[name],
                    value=value,
                    what="a key number that the key list does not know",
                    remedy=f"add it to ingest/column_maps/{KEYS}.csv, with what it stands for",
                )
                for (name, value), record in unknown.items()
            ]
        )
    refuse_if_many(rejects, len(cells), edition.path.name)
    return Parsed({ASC_FR_CELLS.name: pd.DataFrame(cells, columns=ASC_FR_CELLS.schema.names)}, rejects)


def _reject(edition: Edition, record: Record, measure: str, what: str) -> Problem:
    return Problem(
        file=edition.path.name,
        row=record.row,
        column=record.columns[measure],
        value=cell_text(record.cells[measure]),
        what=what,
        remedy="correct the cell; the council counts as having no figure here",
    )
