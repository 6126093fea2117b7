"""Registry of local authorities, past and present, and its two lookups (codes and name spellings).

The registry's table and the lookups are files of one publication; the layout's `kind` says which one a
release is. Lookups carry the misspellings the registry knows; they are kept as they are.
"""

import re

import pandas as pd

from ingest.edition import Edition, Parsed
from ingest.problems import InputError, Problem
from ingest.tables import NAME_VARIANT_ROWS, REGISTER_ROWS
from ingest.tabular import Record, place, records, rows_of

# The raw tables this reader fills, besides `rejects`.
FILLS = ("council_name_variants", "council_register")

SOURCE = "council_registry"
_CODE = re.compile(r"[A-Z]\d{8}")


def read(edition: Edition) -> Parsed:
    """One row an authority (`council_register`), or one row a spelling or code (`council_name_variants`).

    Rows without a key, authorities of one cell and codes that are none are rejected. Raises InputError for unknown or
    missing columns.
    """
    kind = edition.release.layout.get("kind")
    if kind not in ("registry", "gss", "name"):
        raise InputError(
            Problem(
                file=edition.path.name,
                what=f"the layout's kind is {kind!r}",
                remedy="set `kind` to registry, gss or name in ingest/sources.yml",
            )
        )
    rows, rejects = [], []
    key = "registry_code" if kind == "registry" else "variant"
    for record in records(edition, rows_of(edition), SOURCE):
        # A spelling that belongs to no authority of the registry is there with one cell, rightly.
        remark = record.remark(edition) if kind == "registry" else None
        if remark is not None:
            rejects.append(remark)
        elif record.given(key) is None:
            rejects.append(
                Problem(
                    file=edition.path.name,
                    row=record.row,
                    column=record.columns[key],
                    what="the row has no code or name to be known by",
                    remedy="nothing, where the registry knows none; else give the row one",
                )
            )
        elif kind == "gss" and not _CODE.fullmatch(record.text(key)):
            rejects.append(
                Problem(
                    file=edition.path.name,
                    row=record.row,
                    column=record.columns[key],
                    value=record.text(key)[:80],
                    what="this is no code of the national statistician, a letter and eight digits",
                    remedy="nothing, where it is a remark; else put the code right",
                )
            )
        elif kind == "registry":
            rows.append(_authority(edition, record))
        else:
            rows.append(
                place(edition, record, key)
                | {"variant": record.text(key), "variant_kind": kind, "registry_code": record.text("registry_code")}
            )
    table = REGISTER_ROWS if kind == "registry" else NAME_VARIANT_ROWS
    return Parsed({table.name: pd.DataFrame(rows, columns=table.schema.names)}, rejects)


def _authority(edition: Edition, record: Record) -> dict:
    kept = [name for name, _, _ in REGISTER_ROWS.columns if name in record.cells]
    return (
        place(edition, record, "council_code")
        | {name: record.given(name) for name in kept}
        | {"is_current": record.text("is_current").lower() == "true"}
    )
